"""manage.py background make --fonts DIR --pictures DIR: the fingerprints that no listed one may match."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
from django.core.management.base import BaseCommand, CommandError

from hashing.fingerprints.background import file, making
from hashing.fingerprints.regional import table


class Command(BaseCommand):
    help = "Makes, or describes, the background of harmless pictures. It keeps fingerprints, no pictures."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        make = actions.add_parser("make", help="draw screens and captions, and fingerprint them")
        make.add_argument("--fonts", nargs="+", required=True, metavar="DIR", type=Path)
        make.add_argument("--pictures", nargs="*", default=[], metavar="DIR", type=Path)
        make.add_argument("--out", type=Path, default=table.DATA / f"background-v{file.VERSION}.bin")
        actions.add_parser("show", help="what the shipped background holds")

    def handle(self, *args: object, action: str, **options: Any) -> None:
        if action == "show":
            self._show(file.current())
        else:
            self._make(**options)

    def _make(self, *, fonts: list[Path], pictures: list[Path], out: Path, **options: Any) -> None:
        files = making.fonts_in(fonts)
        if not files:
            raise CommandError("There is no font file below these folders.")
        cv2.setNumThreads(1)
        made = making.make(files, making.pictures_in(pictures), table.current(), self.stderr.write)
        file.save(made, out)
        self.stdout.write(f"{out}: {out.stat().st_size} bytes")
        self._show(made)

    def _show(self, own: file.Background) -> None:
        kinds = Counter(name.partition("/")[0] for name in own.names)
        self.stdout.writelines(f"{kind}: {count}\n" for kind, count in sorted(kinds.items()))
        self.stdout.write(f"codes: {sum(map(len, own.pictures))}")
