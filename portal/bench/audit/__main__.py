"""python -m portal.bench.audit load | verify N | search N: one benchmark on a PORTAL_HOME of its own."""

from __future__ import annotations

import json
import sys
from importlib import import_module

import django

MEASURES = {"load": "writing", "verify": "growing", "search": "searching"}


def main(what: str, entries: int) -> None:
    django.setup()
    measure = import_module(f"portal.bench.audit.{MEASURES[what]}").measure
    with import_module("portal.bench.database").ready():
        sys.stdout.write(json.dumps(measure(entries)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int((*sys.argv, "0")[2]))
