"""manage.py bench [NAME…]: runs benchmarks; with --all it writes bench.json."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.bench import registry


class Command(BaseCommand):
    help = "Runs benchmarks. Results are ratios to a peer or a limit in the same run."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME")
        parser.add_argument("--all", action="store_true", help="every benchmark; writes bench.json")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--bank", type=Path, help="a folder of photographs instead of the samples")
        parser.add_argument("--other", type=Path, help="a folder of unrelated photographs (copies)")
        parser.add_argument(
            "--sample", type=int, default=1, help="only every n-th picture of the bank (copies)"
        )
        parser.add_argument("--processes", type=int, default=1)
        parser.add_argument("--entries", type=int, default=100_000, help="length of the log (audit_*)")

    def handle(self, *args: object, names: list[str], **options: Any) -> None:
        options_given = registry.Options(
            options["bank"], options["other"], options["sample"], options["processes"], options["entries"]
        )
        chosen = [_find(name) for name in names] if names else registry.every()
        if not names and not options["all"]:
            self.stdout.writelines(f"{one.name}: {one.about}\n" for one in chosen)
            return
        results: dict[str, registry.Result] = {}
        for one in chosen:
            results[one.name] = one.run(options_given)
            if not options["json"]:
                self.stdout.write(f"{one.name}: {one.about}")
                self.stdout.writelines(f"  {key}: {value}\n" for key, value in results[one.name].items())
        if options["json"]:
            self.stdout.write(json.dumps(results))
        if options["all"]:
            file = Path(settings.BASE_DIR) / "bench.json"
            file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _find(name: str) -> registry.Benchmark:
    found = registry.find(name)
    if found is None:
        known = ", ".join(one.name for one in registry.every())
        raise CommandError(f"There is no benchmark {name}. There are: {known}.")
    return found
