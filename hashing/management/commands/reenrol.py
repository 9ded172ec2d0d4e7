"""manage.py reenrol: gives all held pictures, or a list's, the newest version of the regional fingerprint."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing.enrolment import upgrades
from hashing.enrolment.upgrades import Progress
from hashing.management import found
from portal.core.context import Context

LOOK_AGAIN = 1.0
WIDTH = 40


class Command(BaseCommand):
    help = (
        "Makes the newest version of the regional fingerprint of pictures that are held. Workers do it; this "
        "shows how far they are. Ended, it loses nothing: run it again to see on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--list", metavar="NAME", help="only what is on this list, or proposed for it")
        parser.add_argument("--no-wait", action="store_true", help="don't wait until it is done")

    def handle(self, *args: Any, **options: Any) -> None:
        only = found.the_list(options["list"]) if options["list"] else None
        added = upgrades.owe(Context.system("command"), only=only)
        self.stdout.write(f"{added} pictures to fingerprint anew.")
        if not options["no_wait"]:
            self._wait()

    def _wait(self) -> None:
        """Until nothing is owed. Raises CommandError where something failed."""
        now = upgrades.progress()
        while now.owed:
            self._show(now, end="\r" if self.stderr.isatty() else "\n")
            time.sleep(LOOK_AGAIN)
            now = upgrades.progress()
        if now.total:
            self._show(now, end="\n")
        if now.failed:
            raise CommandError(f"{now.failed} could not be fingerprinted. Run this again to try once more.")

    def _show(self, now: Progress, *, end: str) -> None:
        filled = WIDTH * now.ended // now.total
        bar = "#" * filled + "." * (WIDTH - filled)
        self.stderr.write(f"[{bar}] {now.ended} of {now.total}", ending=end)
