"""`manage.py audit …`: check the log, prove something of it, take a part of it out, and let others sign
it."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.audit import (
    Verb,
    exporting,
    guards,
    keys,
    memory,
    page,
    proofs,
    publishing,
    record,
    restoring,
    sealer,
    verification,
)
from portal.audit.findings import Broken
from portal.audit.heads import Head, Kept
from portal.audit.models import Checkpoint
from portal.audit.notes import BadNote, open_note
from portal.core.context import Context
from portal.core.errors import DomainError

_EVERY = 5.0
_HELP = {
    "verify": "exit 0 if the log holds, else the first broken entry and 1",
    "prove": "print the proof that an entry is in the log, or that the log grew from a checkpoint",
    "export": "write tiles, checkpoints and entries into a folder, for the standalone verifier",
    "checkpoint": "print the newest signed checkpoint; keep it elsewhere",
    "publish": "publish the newest checkpoint now",
    "key": "print the public key that checks the checkpoints",
    "restored": "after a backup was restored on purpose: put it on record, and let this machine seal again",
    "seal": "seal what waits now",
    "page": "print docs/audit.md",
    "witness": "let somebody co-sign published checkpoints, or no more",
    "cosign": "keep the witnesses' signatures under a note (a file)",
}


class Command(BaseCommand):
    help = "Check the audit log, prove something of it, take a part of it out, and let others sign it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        parts = {name: actions.add_parser(name, help=text) for name, text in _HELP.items()}
        against = "a checkpoint that was kept elsewhere"
        patience = "how long entries may wait for the sealer"
        parts["verify"].add_argument("--against", type=Path, metavar="FILE", help=against)
        parts["verify"].add_argument("--patience", type=int, default=60, metavar="SECONDS", help=patience)
        parts["verify"].add_argument(
            "--wrong-clock",
            action="append",
            type=_places,
            default=[],
            metavar="FIRST-LAST",
            help="places of entries that a machine whose clock was known to be wrong wrote; may be repeated",
        )
        what = parts["prove"].add_mutually_exclusive_group(required=True)
        what.add_argument("entry", nargs="?", type=UUID, metavar="ID", help="an entry's id")
        what.add_argument("--since", type=Path, metavar="FILE", help=against)
        parts["export"].add_argument("folder", type=Path)
        parts["export"].add_argument(
            "--since", default="0", metavar="PLACE|DATE", help="leave out what is before"
        )
        which = parts["witness"].add_mutually_exclusive_group(required=True)
        which.add_argument("--add", metavar="KEY", help="a verifier key: name+id+base64")
        which.add_argument("--end", metavar="NAME")
        parts["cosign"].add_argument("note", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except DomainError as error:
            raise CommandError(error.message) from error

    def _verify(self, options: dict[str, Any]) -> None:
        kept = [Kept(_kept(options["against"]))] if options["against"] else []
        kept += [*self._remembered()]
        start = time.monotonic()
        try:
            held = verification.verify(
                patience=timedelta(seconds=options["patience"]),
                kept=kept,
                wrong_clock=options["wrong_clock"],
                progress=self._progress(start),
            )
        except Broken as error:
            self.stdout.write(f"broken: {error}")
            raise SystemExit(1) from error
        if wrong := guards.faults():
            self.stdout.write("".join(f"broken: {what}\n" for what in wrong), ending="")
            raise SystemExit(1)
        rate = held.entries / max(time.monotonic() - start, 1e-6)
        excused = f", the times of {held.excused} not looked at" if held.excused else ""
        self.stdout.write(
            f"holds: {held.entries} entries under {held.checkpoints} checkpoints, {held.waiting} waiting for"
            f" the sealer{excused} ({rate:.0f} entries per second)"
        )

    def _remembered(self) -> Iterator[Kept]:
        """What this machine signed last: read before the log is, which only goes on."""
        try:
            if kept := memory.recall():
                yield kept
        except BadNote as error:
            raise CommandError(f"{settings.SEALED_DIR}: {error}", returncode=2) from error
        except OSError as error:
            self.stderr.write(f"not held to what this machine signed last: {error}")

    def _progress(self, start: float) -> verification.Progress:
        shown = start

        def show(entries: int) -> None:
            nonlocal shown
            if (now := time.monotonic()) - shown >= _EVERY:
                shown = now
                self.stderr.write(f"{entries} entries, {entries / (now - start):.0f} per second")

        return show

    def _prove(self, options: dict[str, Any]) -> None:
        found: object
        if options["since"]:
            kept = options["since"].read_text(encoding="utf-8")
            found = proofs.of_growth(_kept(options["since"]), old_note=kept)
        else:
            found = proofs.of_entry(options["entry"])
        self.stdout.write(json.dumps(found, ensure_ascii=False))

    def _export(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]

        def write(name: str, content: bytes) -> None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

        since = _place(options["since"])
        size = exporting.export(write, since=since)
        with transaction.atomic():
            ctx = Context.system("audit.export")
            record(ctx, Verb.AUDIT_EXPORTED, restoring.LOG, since=since, size=size)
        self.stdout.write(
            f"{size} entries; check them with deploy/kit/audit_verifier.py export {folder} --key KEY"
        )

    def _checkpoint(self, options: dict[str, Any]) -> None:
        newest = Checkpoint.objects.order_by("-size").first()
        if newest is None:
            raise CommandError("Nothing has been sealed yet.")
        self.stdout.write(newest.note, ending="")

    def _publish(self, options: dict[str, Any]) -> None:
        published = publishing.publish(Context.system("audit.publish"), at_once=True)
        self.stdout.write(f"{published.pk} entries" if published else "nothing new to publish")

    def _key(self, options: dict[str, Any]) -> None:
        self.stdout.write(keys.signer().verifier.text)

    def _seal(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{sealer.seal_waiting()} entries sealed")

    def _restored(self, options: dict[str, Any]) -> None:
        size = restoring.restored(Context.system("audit.restored"))
        self.stdout.write(f"the log goes on from {size} entries, and says that it was restored")

    def _page(self, options: dict[str, Any]) -> None:
        self.stdout.write(page.render(), ending="")

    def _witness(self, options: dict[str, Any]) -> None:
        ctx = Context.system("audit.witness")
        if options["add"]:
            name = publishing.add_witness(ctx, key=options["add"]).name
        else:
            name = publishing.end_witness(ctx, name=options["end"]).name
        self.stdout.write(name)

    def _cosign(self, options: dict[str, Any]) -> None:
        note = options["note"].read_text(encoding="utf-8")
        self.stdout.write(f"{len(publishing.cosign(Context.system('audit.cosign'), note=note))} new")


def _kept(path: Path) -> Head:
    try:
        return Head.parse(open_note(path.read_text(encoding="utf-8"), keys.trusted()).text)
    except (OSError, UnicodeDecodeError, BadNote) as error:
        raise CommandError(f"{path}: {error}", returncode=2) from error


def _places(text: str) -> range:
    """FIRST-LAST, both included."""
    first, _dash, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        raise ArgumentTypeError(f"{text!r} is not two places such as 120-480")
    return range(int(first), int(last) + 1)


def _place(text: str) -> int:
    """A place in the tree, or the first one sealed since a date."""
    if text.isdecimal():
        return int(text)
    try:
        return exporting.since_time(datetime.fromisoformat(text).replace(tzinfo=UTC))
    except ValueError as error:
        raise CommandError(f"--since takes a place or a date such as 2030-01-31, not {text!r}.") from error
