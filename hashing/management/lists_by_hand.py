"""What `manage.py partner` does about lists: make or change one, and fill the sandbox."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hashing import sandbox
from hashing.lists import services
from hashing.lists.models import List
from hashing.lists.states import Rule
from hashing.management.found import content
from hashing.management.partners_by_hand import Action, Actions
from portal.core.context import Context
from portal.core.errors import Invalid


def describe(actions: Actions) -> None:
    made = actions.add_parser("list", help="make a list, or change one")
    made.add_argument("slug")
    made.add_argument("--rule", choices=Rule.values, help="who decides what goes on it; for a new list")
    made.add_argument("--name", help="as the desk and partners see it")
    made.add_argument("--region", action="append", metavar="CODE", help="where it is meant for (ISO 3166)")
    made.add_argument(
        "--distance", action="append", type=_distance, metavar="KIND=BITS", help="recommended for a match"
    )
    filled = actions.add_parser("sandbox", help="put harmless pictures into the sandbox")
    filled.add_argument("files", nargs="+", type=Path, metavar="FILE")


def _distance(words: str) -> tuple[str, int]:
    kind, _equals, bits = words.partition("=")
    if not bits.isdecimal():
        raise argparse.ArgumentTypeError("write it as in pdq=31")
    return kind, int(bits)


def _list(ctx: Context, options: dict[str, Any]) -> str:
    slug = options["slug"]
    distances = dict(options["distance"]) if options["distance"] else None
    there = List.objects.filter(slug=slug).first()
    if there is not None:
        if options["rule"] and options["rule"] != there.rule:
            raise Invalid("A list's rule never changes: make another list.", code="rule_is_fixed")
        services.change_list(
            ctx, hash_list=there, name=options["name"], regions=options["region"], distances=distances
        )
        return f"The list {slug} is as you want it."
    if not options["rule"]:
        raise Invalid("Give a new list its --rule.", code="rule_needed")
    services.create_list(
        ctx,
        slug=slug,
        name=options["name"] or slug.replace("-", " ").capitalize(),
        rule=Rule(options["rule"]),
        regions=options["region"] or (),
        distances=distances,
    )
    return f"The list {slug} is made. `manage.py partner entitle` lets partners pull it."


def _sandbox(ctx: Context, options: dict[str, Any]) -> str:
    for path in options["files"]:
        sandbox.put_in_sandbox(ctx, content(path))
    return f"{len(options['files'])} in the sandbox, on the feed within seconds. The pictures are destroyed."


ACTIONS: dict[str, Action] = {"list": _list, "sandbox": _sandbox}
