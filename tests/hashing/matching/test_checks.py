"""`check --deploy` refuses an index on an ordinary disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks.registry import registry
from pytest_django import Settings

from hashing.matching import checks
from portal.core import memory

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /dev/shm tmpfs rw 0 0
/dev/sdb1 /dev/shm/disk ext4 rw 0 0
tmpfs /run/user\\0401000 tmpfs rw 0 0
"""
SWAPS = "Filename Type Size Used Priority\n"


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "mounts").write_text(MOUNTS)
    (tmp_path / "swaps").write_text(SWAPS)
    monkeypatch.setattr(memory, "_MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(memory, "_SWAPS", tmp_path / "swaps")
    return tmp_path


def ids() -> list[str | None]:
    return [message.id for message in checks.index_is_in_memory(None)]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/dev/shm/portal-1", []),
        ("/run/user 1000/portal-1", []),
        ("/var/lib/portal", ["hashing.E001"]),
        ("/dev/shm/disk/portal", ["hashing.E001"]),
        ("/dev/shmoo", ["hashing.E001"]),
    ],
)
def test_only_memory_will_do(settings: Settings, path: str, wanted: list[str]) -> None:
    settings.INDEX_DIR = Path(path)
    assert ids() == wanted


def test_it_is_one_of_the_checks_of_a_deployment() -> None:
    assert checks.index_is_in_memory in registry.get_checks(include_deployment_checks=True)
    assert checks.index_is_in_memory not in registry.get_checks()


def test_unless_the_operator_says_that_the_volume_is_encrypted(settings: Settings) -> None:
    settings.INDEX_DIR, settings.INDEX_ENCRYPTED_VOLUME = Path("/var/lib/portal"), True
    assert ids() == []


def test_memory_that_may_be_swapped_is_warned_of(settings: Settings, machine: Path) -> None:
    settings.INDEX_DIR = Path("/dev/shm/portal-1")
    (machine / "swaps").write_text(SWAPS + "/dev/zram0 partition 1 0 100\n")
    assert ids() == []
    (machine / "swaps").write_text(SWAPS + "/dev/sda2 partition 1 0 -2\n")
    assert ids() == ["hashing.W001"]
    (machine / "swaps").unlink()
    assert ids() == []


def test_the_default_is_in_memory_and_one_per_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert memory.folder("a").parent == Path("/dev/shm")
    assert memory.folder("a") == memory.folder("a") != memory.folder("b")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    assert memory.folder("a").parent == Path("/run/user/7")
