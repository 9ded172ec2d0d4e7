"""manage.py bench_long_lists FEW WHOLE MANY DELTA: what `bench feed` runs in a home of its own."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.bench import long_lists


class Command(BaseCommand):
    help = "Loads long lists and measures them, in a PORTAL_HOME to be thrown away. Use `bench feed`."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in long_lists.Sizes._fields:
            parser.add_argument(name, type=int)

    def handle(self, *args: object, **options: Any) -> None:
        sizes = long_lists.Sizes(*(options[name] for name in long_lists.Sizes._fields))
        self.stdout.write(json.dumps(long_lists.measure(sizes)))
