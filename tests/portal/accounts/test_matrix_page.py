"""docs/permissions.md is what the code says."""

from __future__ import annotations

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from portal.accounts import matrix_page
from portal.accounts.roles import Perm


def test_the_committed_page_is_the_printed_one() -> None:
    printed = StringIO()
    call_command("permissions", stdout=printed)
    committed = (settings.BASE_DIR / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert printed.getvalue() == committed, "run: manage.py permissions > docs/permissions.md"


def test_every_permission_has_its_line() -> None:
    lines = matrix_page.render().splitlines()
    assert [perm for perm in Perm if sum(f"| `{perm}` |" in line for line in lines) != 1] == []
    assert "| `picture.reveal` | own teams | own teams |  |  |" in lines
    assert "| `staff.manage` |  |  |  | yes |" in lines
