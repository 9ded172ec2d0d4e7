"""`manage.py harmless add FOLDER`, `list`, `remove ID`: pictures that may never be listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing.lists import services
from hashing.lists.models import Harmless
from hashing.matching.folders import pictures
from portal.core.context import Context
from portal.core.errors import Conflict, DomainError
from portal.vault import decode, refusals
from portal.vault.formats import MAX_BYTES


class Command(BaseCommand):
    help = "Keeps fingerprints of harmless pictures, so that nothing is listed that would match them."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        add = actions.add_parser("add", help="every picture below a folder; the pictures aren't kept")
        add.add_argument("folder", type=Path)
        actions.add_parser("list", help="what is in the set")
        actions.add_parser("remove", help="take one out").add_argument("id", type=UUID)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(Context.system("command"), options)

    def _add(self, ctx: Context, options: dict[str, Any]) -> None:
        if not options["folder"].is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        for path in pictures(options["folder"]):
            self.stdout.write(f"{path.name}: {_added(ctx, path)}")

    def _list(self, ctx: Context, options: dict[str, Any]) -> None:
        for row in Harmless.objects.order_by("added_at", "pk"):
            self.stdout.write(f"{row.pk} {row.added_at:%Y-%m-%d} sha256 {row.sha256}")

    def _remove(self, ctx: Context, options: dict[str, Any]) -> None:
        try:
            services.remove_harmless(ctx, harmless_id=options["id"])
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write("It is out of the set.")


def _added(ctx: Context, path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        return refusals.sentence("too_big")
    data = path.read_bytes()
    try:
        row, quarantined = services.add_harmless(ctx, data=data, image=decode.decode(data).image)
    except decode.Refused as refused:
        return refusals.sentence(refused.code)
    except Conflict as there:
        return there.message
    listed = f"; {quarantined} listed entries match it and are in quarantine now" if quarantined else ""
    return f"added as {row.pk}{listed}"
