"""`manage.py audit verify` checks the whole log; `checkpoint` and `key` print what to keep elsewhere."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.audit import keys, sealer, verification
from portal.audit.findings import Broken
from portal.audit.heads import Head
from portal.audit.models import Checkpoint
from portal.audit.notes import BadNote, open_note

_EVERY = 5.0


class Command(BaseCommand):
    help = "Check the audit log (verify), print its newest checkpoint or its public key, or seal what waits."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser(
            "verify", help="exit 0 if the log holds, else the first broken entry and 1"
        )
        verify.add_argument(
            "--against", type=Path, metavar="FILE", help="a checkpoint that was kept elsewhere"
        )
        verify.add_argument(
            "--patience",
            type=int,
            default=60,
            metavar="SECONDS",
            help="how long entries may wait for the sealer",
        )
        actions.add_parser("checkpoint", help="print the newest signed checkpoint; keep it elsewhere")
        actions.add_parser("key", help="print the public key that checks the checkpoints")
        actions.add_parser("seal", help="seal what waits now")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        against = _kept(options["against"]) if options["against"] else None
        start = time.monotonic()
        patience = timedelta(seconds=options["patience"])
        try:
            held = verification.verify(against=against, patience=patience, progress=self._progress(start))
        except Broken as error:
            self.stdout.write(f"broken: {error}")
            raise SystemExit(1) from error
        rate = held.entries / max(time.monotonic() - start, 1e-6)
        self.stdout.write(
            f"holds: {held.entries} entries under {held.checkpoints} checkpoints, {held.waiting} waiting for"
            f" the sealer ({rate:.0f} entries per second)"
        )

    def _progress(self, start: float) -> verification.Progress:
        shown = start

        def show(entries: int) -> None:
            nonlocal shown
            if (now := time.monotonic()) - shown >= _EVERY:
                shown = now
                self.stderr.write(f"{entries} entries, {entries / (now - start):.0f} per second")

        return show

    def _checkpoint(self, options: dict[str, Any]) -> None:
        newest = Checkpoint.objects.order_by("-size").first()
        if newest is None:
            raise CommandError("Nothing has been sealed yet.")
        self.stdout.write(newest.note, ending="")

    def _key(self, options: dict[str, Any]) -> None:
        self.stdout.write(keys.signer().verifier.text)

    def _seal(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{sealer.seal_waiting()} entries sealed")


def _kept(path: Path) -> Head:
    try:
        return Head.parse(open_note(path.read_text(encoding="utf-8"), keys.trusted()).text)
    except (OSError, UnicodeDecodeError, BadNote) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error
