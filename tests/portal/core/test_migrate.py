"""`migrate` works as the role that owns the tables."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command, load_command_class

Manage = Callable[..., subprocess.CompletedProcess[str]]


def test_it_defaults_to_the_owner() -> None:
    parser = load_command_class("portal.core", "migrate").create_parser("manage.py", "migrate")

    assert parser.parse_args([]).database == "owner"


def test_nothing_is_left_to_migrate(committed_db: None, manage: Manage) -> None:
    done = manage("migrate", "--check")

    assert done.returncode == 0, done.stderr


def test_the_portals_own_role_may_not(committed_db: None, manage: Manage) -> None:
    done = manage("migrate", "contenttypes", "zero", "--database", "default")

    assert done.returncode != 0
    assert "must be owner" in done.stderr or "permission denied" in done.stderr


def test_without_the_owners_address_it_says_what_is_missing() -> None:
    command = load_command_class("portal.core", "migrate")
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        call_command(command, database="nobody")
