"""Secrets, socket folders and addresses of a home."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.embedded import home as homes


@pytest.fixture
def _no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in homes.SECRETS:
        # Set first, so that monkeypatch takes away what load_secrets sets.
        for variable in (name, f"{name}_FILE"):
            monkeypatch.setenv(variable, "")
            monkeypatch.delenv(variable)


@pytest.mark.usefixtures("_no_secrets")
def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    homes.load_secrets(tmp_path)
    first = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    homes.load_secrets(tmp_path)

    assert first.keys() == homes.SECRETS.keys()
    assert first == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert len(set(first.values())) == len(first)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert os.environ["SECRET_KEY_FILE"] == str(tmp_path / "secrets" / "SECRET_KEY")


@pytest.mark.usefixtures("_no_secrets")
def test_a_secret_that_is_given_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODE_PEPPER", "given")

    homes.load_secrets(tmp_path)

    assert not (tmp_path / "secrets" / "CODE_PEPPER").exists()
    assert "CODE_PEPPER_FILE" not in os.environ


def test_sockets_are_in_the_home() -> None:
    assert homes.socket_dir(Path("/srv/portal")) == Path("/srv/portal/run")


def test_a_long_home_has_its_sockets_in_a_short_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/var/tmp")
    long = Path("/srv") / ("x" * 100)

    folder = homes.socket_dir(long)

    assert folder.parent == Path("/var/tmp")
    assert folder == homes.socket_dir(long)
    assert folder != homes.socket_dir(long / "other")
    assert len(f"{folder}/.s.PGSQL.5432.lock") <= 107


def test_a_long_temporary_folder_is_not_used_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/" + "y" * 100)

    assert homes.socket_dir(Path("/srv") / ("x" * 100)).parent == Path("/tmp")


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_REDIS_DB", "3")
    monkeypatch.setenv("PORTAL_DATABASE", "other")
    home = Path("/srv/portal")

    assert homes.redis_url(home) == "unix:///srv/portal/run/redis.sock?db=3"
    assert (
        homes.broker_url(homes.redis_url(home)) == "redis+socket:///srv/portal/run/redis.sock?virtual_host=3"
    )
    assert homes.databases(home)["default"]["USER"] == "portal_app"
    assert homes.databases(home)["owner"]["USER"] == "portal_owner"
    assert {config["NAME"] for config in homes.databases(home).values()} == {"other"}
