"""`manage.py partner add NAME`, `key NAME --wire WIRE [--list LIST]`, `revoke PREFIX`: who may pull."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model, QuerySet

from hashing.lists import services
from hashing.lists.models import List, Partner
from hashing.lists.states import Scope, Wire
from portal.core.context import Context
from portal.core.errors import DomainError

M = TypeVar("M", bound=Model)


class Command(BaseCommand):
    help = "Adds a partner, entitled to the reviewed lists; issues and revokes its keys."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("add", help="a new partner").add_argument("name")
        key = actions.add_parser("key", help="print a fresh key; its secret is shown this once")
        key.add_argument("name")
        key.add_argument("--wire", choices=Wire.values, default=Wire.NATIVE.value)
        key.add_argument("--list", dest="slug", help="the list that it serves (not for the native API)")
        key.add_argument("--network", action="append", default=[], metavar="CIDR", help="where it works")
        key.add_argument("--scope", action="append", choices=Scope.values, help="what it may do; all if none")
        key.add_argument(
            "--certificate", default="", metavar="SHA256", help="the client certificate it needs"
        )
        key.add_argument("--days", type=int, help="how long it lives; without end if not given")
        actions.add_parser("revoke", help="end a key at once").add_argument("prefix")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(getattr(self, f"_{options['action']}")(Context.system("command"), options))
        except DomainError as error:
            raise CommandError(error.message) from error

    def _add(self, ctx: Context, options: dict[str, Any]) -> str:
        partner = services.add_partner(ctx, name=options["name"])
        return f"{partner.name} may pull every reviewed list. `manage.py partner key` issues a key."

    def _key(self, ctx: Context, options: dict[str, Any]) -> str:
        issued = services.issue_key(
            ctx,
            partner=_found(Partner.objects.filter(name=options["name"]), "partner", options["name"]),
            wire=Wire(options["wire"]),
            hash_list=_list(options["slug"]) if options["slug"] else None,
            networks=options["network"],
            scopes=[Scope(scope) for scope in options["scope"] or Scope.values],
            certificate=options["certificate"],
            expires_at=ctx.at + timedelta(days=options["days"]) if options["days"] else None,
        )
        return f"prefix {issued.prefix}\nsecret {issued.secret}"

    def _revoke(self, ctx: Context, options: dict[str, Any]) -> str:
        return f"Key {services.revoke_key(ctx, prefix=options['prefix']).prefix} is revoked."


def _list(slug: str) -> List:
    return _found(List.objects.filter(slug=slug), "list", slug)


def _found(rows: QuerySet[M], kind: str, name: str) -> M:
    row = rows.first()
    if row is None:
        raise CommandError(f"There is no {kind} {name!r}.")
    return row
