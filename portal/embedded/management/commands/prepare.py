"""`manage.py prepare`: keys, tables, pages and sample agency of the embedded set-up; repeating it is safe."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.crypto import keyring
from portal.embedded import sample


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "DATABASE_URL is set: the sample agency is made in the embedded database only."
            )
        _make_keyring(settings.KEYRING_DIR)
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        sample.make(settings.PORTAL_HOME, settings.BASE_URL)


def _make_keyring(folder: Path) -> None:
    """It gets its name when it is whole, so one that was cut short begins anew."""
    if folder.exists():
        return
    fresh = folder.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    keyring.create(fresh)
    fresh.rename(folder)
