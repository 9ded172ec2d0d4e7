"""`manage.py list_key`: the public key of list signatures, for changing over to another."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hashing.lists import signing


class Command(BaseCommand):
    help = "Prints the public key of LIST_SIGNING_KEY, or of another one given on standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stdin", action="store_true", help="read the other key from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(signing.unpadded(_other() if options["stdin"] else signing.public()))


def _other() -> bytes:
    try:
        seed = base64.b64decode(input().strip(), validate=True)[:32]
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    except (binascii.Error, ValueError, EOFError) as error:
        raise CommandError("Give the base64 form of at least 32 random bytes.") from error
