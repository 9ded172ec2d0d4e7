"""What the graph says about recording."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache

from tests.portal.audit.walking import attributes
from tests.portal.audit.walking.source import RECORD, Function, functions

CONTEXT = "portal.core.context.Context"


@cache
def reaching(*targets: str) -> frozenset[str]:
    """Functions that refer to one of these, or to a function that does, and so on."""
    found = set(targets)
    grown = True
    while grown:
        more = {name for name, one in functions().items() if one.refers & found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


@cache
def callers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, one in functions().items():
        for target in one.refers:
            if target in functions():
                found[target].add(name)
    return found


def writers() -> list[Function]:
    return [one for one in functions().values() if one.writes]


@cache
def openers() -> frozenset[str]:
    """portal.crypto's functions that turn ciphertext into what it hides."""
    inside = {name: one for name, one in functions().items() if name.startswith("portal.crypto.")}
    found = {name for name, one in inside.items() if "decrypt" in one.calls_methods}
    grown = True
    while grown:
        more = {name for name, one in inside.items() if one.refers & found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


def readers() -> list[Function]:
    """Functions outside portal.crypto that open something sealed, by a call or by reading an attribute."""
    return [
        one
        for name, one in functions().items()
        if name in attributes.readers() or (one.refers & openers() and not name.startswith("portal.crypto."))
    ]


def uncovered(found: Iterable[Function]) -> list[str]:
    """Those for which neither they themselves nor everybody who calls them records."""
    return [one.where for one in found if not _is_covered(one.name, frozenset())]


def _is_covered(name: str, below: frozenset[str]) -> bool:
    if functions()[name].exempt or (name in reaching(RECORD) and not is_door(name)):
        return True
    above = callers().get(name, set()) - below - {name}
    # A task, a command or a page does several things: that one of them is recorded says nothing of another.
    if not above or any(map(is_door, above)):
        return False
    if _is_private(name):
        return all(_is_covered(one, below | {name}) for one in above)
    # A service of its own: only who records in the same breath answers for it.
    return all(_answers(one, below | {name}) for one in above)


def _answers(name: str, below: frozenset[str]) -> bool:
    """Whether a function records, itself or by a private one beside it; or all who call a private one do."""
    one = functions()[name]
    helpers = {other for other in one.refers & functions().keys() if _is_private(other)}
    own = {other for other in helpers if functions()[other].path == one.path}
    if one.exempt or RECORD in one.refers or any(RECORD in functions()[other].refers for other in own):
        return True
    above = callers().get(name, set()) - below - {name}
    return _is_private(name) and bool(above) and all(_answers(other, below | {name}) for other in above)


def _is_private(name: str) -> bool:
    return name.rpartition(".")[2].startswith("_")


def is_door(name: str) -> bool:
    """Where work comes in: Celery's tasks, commands, and everything that takes a request."""
    one = functions()[name]
    parts = one.path.removesuffix(".py").split("/")
    arguments = one.node.args.args if isinstance(one.node, ast.FunctionDef) else []
    asked = any(argument.arg == "request" for argument in arguments)
    return parts[-1] == "tasks" or "management" in parts or asked


def record_calls() -> Iterable[tuple[str, ast.Call]]:
    """(where, call) of each call of `record`."""
    for one in functions().values():
        if RECORD in one.refers:
            yield from ((one.where, call) for call in _calls(one.node, lambda name: name == "record"))


def _calls(node: ast.AST, wanted: Callable[[str], bool]) -> Iterable[ast.Call]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            function = inner.func
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if wanted(name):
                yield inner
