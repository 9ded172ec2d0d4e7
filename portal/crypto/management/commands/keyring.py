"""`manage.py keyring init`: make the keyring's files, once. `add NAME`: a new version of one key."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.crypto import keyring


class Command(BaseCommand):
    help = "Make the keyring (init), or add a new version of the desk, worker or field key (add NAME)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("init", help="make a fresh keyring; refuses when there is one")
        add = actions.add_parser("add", help="add a key version; old versions still open")
        add.add_argument("name", choices=["desk", "worker", "field"])

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.KEYRING_DIR)
        if options["action"] == "add":
            version = keyring.Keyring(folder).add_version(options["name"])
            self.stdout.write(f"{options['name']} key, version {version}, is now in use in {folder}.")
            return
        try:
            keyring.create(folder)
        except FileExistsError as error:
            raise CommandError(f"{error}: nothing was changed.") from error
        self.stdout.write(f"New keyring in {folder}. Back it up apart from the database, without epochs/.")
