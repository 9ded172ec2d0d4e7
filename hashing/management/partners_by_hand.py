"""What `manage.py partner` does about partners: add, agree, entitle, key, revoke, leave, certify."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from hashing.lists import services
from hashing.lists.states import Scope, Wire
from hashing.management.found import digest, the_list, the_partner
from portal.core.context import Context

Action = Callable[[Context, dict[str, Any]], str]


class Actions(Protocol):
    def add_parser(self, name: str, *, help: str) -> ArgumentParser: ...  # noqa: A002 (argparse's name)


def describe(actions: Actions) -> None:
    add = actions.add_parser("add", help="a new partner, entitled to nothing yet")
    add.add_argument("name")
    add.add_argument("--contact", default="", metavar="EMAIL", help="a role's address, for leaving")
    agree = actions.add_parser("agree", help="put its signed agreement on record")
    agree.add_argument("--version", dest="terms", required=True, help="of the agreement's text")
    agree.add_argument("--signed-on", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    certify = actions.add_parser("certify", help="put the certificate of deletion of one that left on record")
    for paper in (agree, certify):
        paper.add_argument("name")
        paper.add_argument("--document", type=Path, required=True, help="the signed file; its digest is kept")
        paper.add_argument("--signed-by", required=True, metavar="WHO")
    entitle = actions.add_parser("entitle", help="let it pull a list, or change what of it")
    entitle.add_argument("--asked-for", action="store_true", help="it asked for a list that isn't reviewed")
    entitle.add_argument("--regional", action="store_true", help="with regional codes, masked for it alone")
    entitle.add_argument("--looks", action="store_true", help="a look-up tells it where a person should look")
    for each in (entitle, actions.add_parser("disentitle", help="end that, with the keys for it")):
        each.add_argument("name")
        each.add_argument("slug", metavar="LIST")
    actions.add_parser("off-board", help="it leaves: all keys end").add_argument("name")
    _describe_keys(actions)


def _describe_keys(actions: Actions) -> None:
    key = actions.add_parser("key", help="print a fresh key; its secret is shown this once")
    key.add_argument("name")
    key.add_argument("--wire", choices=Wire.values, default=Wire.NATIVE.value)
    key.add_argument("--list", dest="slug", help="the list that it serves (not for the native API)")
    key.add_argument("--network", action="append", default=[], metavar="CIDR", help="where it works")
    key.add_argument("--scope", action="append", choices=Scope.values, help="what it may do; all if none")
    key.add_argument("--certificate", default="", metavar="SHA256", help="the client certificate it needs")
    key.add_argument("--days", type=int, help="how long it lives; without end if not given")
    actions.add_parser("revoke", help="end a key at once").add_argument("prefix")


def _add(ctx: Context, options: dict[str, Any]) -> str:
    partner = services.add_partner(ctx, name=options["name"], contact=options["contact"])
    return f"{partner.name} is added. `manage.py partner agree` records its agreement and entitles it."


def _agree(ctx: Context, options: dict[str, Any]) -> str:
    partner = the_partner(options["name"])
    services.agree(
        ctx,
        partner=partner,
        version=options["terms"],
        document=_paper(options),
        signed_on=options["signed_on"] or ctx.at.date(),
    )
    slugs = ", ".join(partner.entitlements.order_by("list__slug").values_list("list__slug", flat=True))
    return f"{partner.name} may pull: {slugs}. `manage.py partner key` issues a key."


def _entitle(ctx: Context, options: dict[str, Any]) -> str:
    partner, hash_list = the_partner(options["name"]), the_list(options["slug"])
    extent = {name: options[name] for name in ("asked_for", "regional", "looks")}
    given = services.entitle(ctx, partner=partner, hash_list=hash_list, **extent)
    more = ", with its regional codes" if given.regional else ""
    return f"{partner.name} may pull {hash_list.slug}{more}.{' It is told of looks.' if given.looks else ''}"


def _disentitle(ctx: Context, options: dict[str, Any]) -> str:
    partner, hash_list = the_partner(options["name"]), the_list(options["slug"])
    services.withdraw_entitlement(ctx, partner=partner, hash_list=hash_list)
    return f"{partner.name} may not pull {hash_list.slug} any more."


def _off_board(ctx: Context, options: dict[str, Any]) -> str:
    made = services.off_board(ctx, partner=the_partner(options["name"]))
    asked = "It was asked by mail" if made.mailed else "Ask it yourself: there is no address on record"
    return f"All keys of {options['name']} are revoked. {asked} to delete everything and to certify that."


def _certify(ctx: Context, options: dict[str, Any]) -> str:
    partner = the_partner(options["name"])
    services.certify_deletion(ctx, partner=partner, document=_paper(options))
    return f"The certificate of {partner.name} is on record."


def _key(ctx: Context, options: dict[str, Any]) -> str:
    issued = services.issue_key(
        ctx,
        partner=the_partner(options["name"]),
        wire=Wire(options["wire"]),
        hash_list=the_list(options["slug"]) if options["slug"] else None,
        networks=options["network"],
        scopes=[Scope(scope) for scope in options["scope"] or Scope.values],
        certificate=options["certificate"],
        expires_at=ctx.at + timedelta(days=options["days"]) if options["days"] else None,
    )
    return f"prefix {issued.prefix}\nsecret {issued.secret}"


def _revoke(ctx: Context, options: dict[str, Any]) -> str:
    return f"Key {services.revoke_key(ctx, prefix=options['prefix']).prefix} is revoked."


def _paper(options: dict[str, Any]) -> services.Document:
    return services.Document(sha256=digest(options["document"]), signed_by=options["signed_by"])


ACTIONS: dict[str, Action] = {
    "add": _add,
    "agree": _agree,
    "entitle": _entitle,
    "disentitle": _disentitle,
    "off-board": _off_board,
    "certify": _certify,
    "key": _key,
    "revoke": _revoke,
}
