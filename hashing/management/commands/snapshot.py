"""`manage.py snapshot [LIST]`: build whole lists as files now, without waiting for the hour."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing.lists import services
from hashing.lists.models import List
from portal.core.context import Context


class Command(BaseCommand):
    help = "Builds a file of a whole list as it stands, or of every list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", metavar="LIST")

    def handle(self, *args: Any, **options: Any) -> None:
        found = (
            List.objects.filter(slug=options["slug"]) if options["slug"] else List.objects.filter(head__gt=0)
        )
        if options["slug"] and not found:
            raise CommandError(f"There is no list {options['slug']!r}.")
        for each in found:
            made = services.build_snapshot(Context.system("command"), hash_list=each)
            state = f"{made.entries} entries, {made.size} bytes" if made else "there is one of this position"
            self.stdout.write(f"{each.slug} at {each.head}: {state}")
