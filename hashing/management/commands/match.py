"""manage.py match --bank DIR --queries DIR --out FILE: looks a folder up in another. Needs no secret,
database or broker, and keeps the bank's fingerprints in memory only."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hashing.matching import folders


class Command(BaseCommand):
    help = "Matches every picture under one folder against those under another: a JSON line per query."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bank", required=True, type=Path, help="the pictures to be found")
        parser.add_argument("--queries", required=True, type=Path, help="the pictures to look up")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--processes", type=int, default=0, help="as many as there are processors, if 0")

    def handle(
        self, *args: object, bank: Path, queries: Path, out: Path, processes: int, **options: object
    ) -> None:
        # Before the work, which takes hours for a large bank, and not after it.
        for folder in (bank, queries, out.parent):
            if not folder.is_dir():
                raise CommandError(f"{folder} is not a folder.")
        if processes < 0:
            raise CommandError("Say how many processes: 1 or more, or 0 for as many as there are processors.")
        with (
            folders.Bank(bank, processes, self._progress) as listed,
            out.open("w", encoding="utf-8") as lines,
        ):
            for path, error in listed.refused:
                self.stderr.write(f"{path}: {error}")
            for line in listed.look_up(queries):
                lines.write(json.dumps(line) + "\n")
        self.stdout.write(f"{out}: {listed.summary()}")

    def _progress(self, what: str, done: int, total: int) -> Any:
        self.stderr.write(f"{what} {done} of {total}")
