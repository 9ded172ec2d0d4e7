"""The log as a page to read: docs/audit.md is this, and a test compares them."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from enum import Enum
from importlib import import_module
from itertools import groupby

from portal.audit import exemptions, journey, sight
from portal.audit.commitments import Commitment
from portal.audit.verbs import Verb

_PACKAGES = ("portal", "hashing", "cases")
_LEFT_OUT = ("portal.bench", "portal.demo", "portal.embedded", "migrations", "management", "settings", "wsgi")

_INTRODUCTION = """\
# The audit log

This page is what `manage.py audit page` prints from `portal/audit/`; a test fails when they differ.

Every entry holds a *verb*, who acted (`staff`, `person`, `partner` or `system`, with an id and for staff the
role), the *subject* by kind and id, the time, an id shared by all entries of one action, a random nonce, and
the payload below. There is no personal data in it and no fingerprint: text that could identify somebody goes
in as a *commitment* (HMAC-SHA256 under a random salt), and the salt is destroyed with the case. How the log
is sealed and what that proves is in [the decision](decisions/audit-log.md).

## Verbs
Auditors see every entry; *also* says who else sees those that concern them.
"""
_JOURNEY = """\

## What the main job writes
A report with two pictures that is reviewed, listed, pulled by a partner and taken back, as `make demo` runs
it. The demo compares the log with this, line by line, and fails when they differ. First what people and
partners do, step by step (what finds nothing new is left out), then what the worker, the outbox and the
publisher do meanwhile.
"""
_EXEMPTIONS = """\

## What is not recorded, and why
A test walks every function that writes rows or opens something sealed, and demands an entry from it or
from all who call it. These are the only ones that are let off.
"""


def render() -> str:
    """The page as Markdown."""
    for package in _PACKAGES:
        _import_all(package)
    parts = [
        _INTRODUCTION,
        *map(_group, _groups()),
        _JOURNEY,
        *map(_step, journey.STEPS),
        _alongside(),
        _EXEMPTIONS,
        "\n",
    ]
    rows = sorted(exemptions.reasons.items())
    return "".join([*parts, _table(["function", "why"], ([f"`{name}`", why] for name, why in rows))])


def _import_all(package: str) -> None:
    """Exemptions are known once the functions that they mark are."""
    for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not any(part in module.name for part in _LEFT_OUT):
            import_module(module.name)


def _groups() -> list[list[Verb]]:
    return [list(verbs) for _kind, verbs in groupby(sorted(Verb), key=lambda verb: verb.split(".")[0])]


def _group(verbs: list[Verb]) -> str:
    rows = ([f"`{verb}`", _payload(verb), ", ".join(sight.readers(verb))] for verb in verbs)
    return f"\n### {verbs[0].split('.')[0]}\n" + _table(["verb", "payload", "also"], rows)


def _payload(verb: Verb) -> str:
    return ", ".join(f"{key}: {_type(kind)}" for key, kind in verb.payload.items())


def _type(kind: type) -> str:
    words = {str: "short identifier", int: "number", bool: "yes or no", Commitment: "commitment"}
    return words.get(kind, "short identifier" if issubclass(kind, Enum) else kind.__name__.lower())


def _step(step: journey.Step) -> str:
    lines = [f"{number}. `{verb}`\n" for number, verb in enumerate(step.verbs, 1)]
    return "".join([f"\n### {step.title}\n", *lines])


def _alongside() -> str:
    rows = ([kind, " → ".join(f"`{verb}`" for verb in verbs)] for kind, verbs in journey.ALONGSIDE.items())
    return "\n### Meanwhile\n" + _table(["each", "in this order"], rows)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
