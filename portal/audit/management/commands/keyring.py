"""`manage.py keyring init`: make the keyring's files, once. `add NAME`: a new version of one key.
`reencrypt`: move what encrypted fields hold to the newest field key."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.audit import Subject, Verb, record, rotation
from portal.core.context import Context
from portal.crypto import keyring


class Command(BaseCommand):
    help = "Make the keyring (init), add a version of a key (add NAME), or use the newest one (reencrypt)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("init", help="make a fresh keyring; refuses when there is one")
        add = actions.add_parser("add", help="add a key version; old versions still open")
        actions.add_parser("reencrypt", help="rewrite encrypted fields that still use an older field key")
        add.add_argument("name", choices=["desk", "worker", "field"])

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.KEYRING_DIR)
        if options["action"] == "reencrypt":
            for table, rows in rotation.reencrypt_all(Context.system("keyring")).items():
                self.stdout.write(f"{table}: {rows} rows rewritten")
            return
        if options["action"] == "add":
            with transaction.atomic():
                version = keyring.Keyring(folder).add_version(options["name"])
                key = Subject("key", options["name"])
                record(Context.system("keyring"), Verb.KEY_ADDED, key, version=version)
            self.stdout.write(f"{options['name']} key, version {version}, is now in use in {folder}.")
            return
        try:
            keyring.create(folder)
        except FileExistsError as error:
            raise CommandError(f"{error}: nothing was changed.") from error
        self.stdout.write(f"New keyring in {folder}. Back it up apart from the database, without epochs/.")
