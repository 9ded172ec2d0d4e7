"""`manage.py statements verify [--against FILE]`: do the signed statements of the lists still hold?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing.lists import services
from hashing.lists.signing import BadStatement
from hashing.management.found import content
from portal.core.context import Context


class Command(BaseCommand):
    help = "Signs what the lists held at the end of past days, and checks what was signed."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("make", help="sign the days that are over (beat does it too)")
        verify = actions.add_parser("verify", help="work everything out anew; exit 1 if a statement fails")
        verify.add_argument("--against", type=Path, metavar="FILE", help="statements kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "make":
            self.stdout.write(f"{services.state_days(Context.system('command'))} statements made.")
            return
        count, broken = services.verify_statements()
        if options["against"]:
            kept, more = self._kept(options["against"])
            count, broken = count + kept, broken + more
        if broken:
            raise CommandError("\n".join(f"{each.slug}, {each.day}: {each.why}." for each in broken))
        self.stdout.write(f"{count} statements hold.")

    def _kept(self, path: Path) -> tuple[int, list[services.Broken]]:
        lines = [line for line in content(path).decode(errors="replace").splitlines() if line.strip()]
        try:
            return services.verify_kept(lines)
        except BadStatement as error:
            raise CommandError(f"{path}: {error}.") from error
