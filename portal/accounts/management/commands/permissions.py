"""`manage.py permissions > docs/permissions.md`"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts import matrix_page


class Command(BaseCommand):
    help = "Prints the permission matrix as Markdown."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(matrix_page.render(), ending="")
