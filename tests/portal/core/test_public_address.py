"""With a database of one's own, a start without https settings is refused with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.core import public_address

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.mark.parametrize(
    "address",
    [
        "http://portal.example",
        "portal.example",
        "https://",
        "https://portal.example/path",
        "https://a@portal.example",
    ],
)
def test_only_a_plain_https_address_will_do(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("BASE_URL", address)

    with pytest.raises(ImproperlyConfigured, match="https:// address"):
        public_address.base_url()


def test_the_host_of_the_address_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASE_URL", "https://portal.example:8443/")
    monkeypatch.setenv("ALLOWED_HOSTS", "10.0.0.7, inside.example")

    address = public_address.base_url()

    assert address == "https://portal.example:8443"
    assert public_address.allowed_hosts(address) == ["10.0.0.7", "inside.example", "portal.example"]


@pytest.mark.parametrize("hosts", ["*", ".example", "portal.example,*"])
def test_no_wildcard_is_allowed(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)

    with pytest.raises(ImproperlyConfigured, match="wildcard"):
        public_address.allowed_hosts("https://portal.example")


def _start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings with a database of one's own."""
    production = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgres://app@db/portal",
        "REDIS_URL": "redis://broker/0",
        **dict.fromkeys(
            ["SECRET_KEY", "CODE_PEPPER", "BLIND_INDEX_KEY", "CHECKPOINT_KEY", "LIST_SIGNING_KEY"], "x" * 50
        ),
    }
    script = (
        "from portal import settings as s; print(s.BASE_URL, s.SESSION_COOKIE_NAME, s.SECURE_HSTS_SECONDS)"
    )
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, cwd=ROOT, env=production | environment, capture_output=True, text=True, check=False
    )


def test_a_start_over_https_is_strict() -> None:
    """Nor does it need the address of the role that owns the tables: only `migrate` does."""
    done = _start(BASE_URL="https://portal.example")

    assert done.stdout == "https://portal.example __Host-desk 63072000\n"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "Set BASE_URL, or BASE_URL_FILE"),
        ({"BASE_URL": "http://portal.example"}, "Set BASE_URL to the portal's https:// address"),
        ({"BASE_URL": "https://portal.example", "SECRET_KEY": ""}, "Set SECRET_KEY, or SECRET_KEY_FILE"),
    ],
)
def test_a_start_that_lacks_something_is_refused(environment: dict[str, str], sentence: str) -> None:
    done = _start(**environment)

    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_sample_agency_is_refused_too() -> None:
    command = [sys.executable, "-m", "portal.embedded"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "postgres://db/x"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout.startswith("DATABASE_URL is set")
