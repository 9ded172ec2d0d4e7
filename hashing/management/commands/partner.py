"""`manage.py partner …`: who may pull what, on which agreement, with which keys; and the lists themselves."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing.management import lists_by_hand, partners_by_hand
from portal.core.context import Context
from portal.core.errors import DomainError


class Command(BaseCommand):
    help = "Adds a partner, records its agreement, entitles it, issues and revokes keys; keeps the lists."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        partners_by_hand.describe(actions)
        lists_by_hand.describe(actions)

    def handle(self, *args: Any, **options: Any) -> None:
        action = (partners_by_hand.ACTIONS | lists_by_hand.ACTIONS)[options["action"]]
        try:
            self.stdout.write(action(Context.system("command"), options))
        except DomainError as error:
            raise CommandError(error.message) from error
