"""The local list: a page is stored whole with its cursor or not at all, and withdrawals leave nothing."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from portal_kit.errors import KitError
from portal_kit.store import LocalList

SHA = "ab" * 32


def line(entry: str, state: str = "active", **values: str) -> dict[str, Any]:
    hashes = [
        {"type": kind, "variant": "", "value": value, "max_distance": 31 if kind == "pdq" else 0}
        for kind, value in values.items()
    ]
    return {"entry": entry, "state": state, "verification": "agency_verified", "hashes": hashes}


@pytest.fixture
def local(tmp_path: Path) -> LocalList:
    return LocalList(tmp_path / "reviewed.list")


def test_holds_what_was_published(local: LocalList) -> None:
    local.apply([line("a", sha256=SHA, pdq="0f" * 32), line("b", md5="cd" * 16)], after="", cursor="1")
    assert (list(local.entries()), len(local), local.about("cursor")) == (["a", "b"], 2, "1")
    assert local.exact("sha256", SHA) == ["a"]
    assert local.exact("md5", SHA) == []
    (pdq,) = local.fingerprints("pdq")
    assert tuple(pdq) == ("a", "pdq", "", "0f" * 32, 31)
    assert local.verification("a") == "agency_verified"


def test_a_withdrawal_leaves_no_fingerprint_in_the_file(local: LocalList) -> None:
    local.apply([line("a", sha256=SHA)], after="", cursor="1")
    local.apply([line("a", "withdrawn")], after="1", cursor="2")
    assert (list(local.entries()), local.exact("sha256", SHA), local.verification("a")) == ([], [], "")
    local.close()
    assert SHA.encode() not in local.path.read_bytes()


def test_the_last_line_of_an_entry_wins(local: LocalList) -> None:
    local.apply(
        [line("a", sha256=SHA), line("a", "withdrawn"), line("a", md5="cd" * 16)], after="", cursor="1"
    )
    assert (local.exact("sha256", SHA), local.exact("md5", "cd" * 16)) == ([], ["a"])


def test_a_page_that_breaks_off_changes_nothing(local: LocalList) -> None:
    local.apply([line("a", sha256=SHA)], after="", cursor="1")
    with pytest.raises(KeyError):
        local.apply([line("a", "withdrawn"), {"entry": "b", "state": "active"}], after="1", cursor="2")
    assert (list(local.entries()), local.about("cursor")) == (["a"], "1")


def test_a_page_of_an_overtaken_sync_is_refused(local: LocalList) -> None:
    local.apply([line("a", sha256=SHA)], after="", cursor="1")
    with LocalList(local.path) as other:
        other.apply([line("a", "withdrawn")], after="1", cursor="2")
    with pytest.raises(KitError, match="Another sync"):
        local.apply([line("a", sha256=SHA)], after="1", cursor="2")
    assert list(local.entries()) == []


def test_what_a_restart_left_behind_goes_only_when_the_new_list_is_here(local: LocalList) -> None:
    local.apply([line("a", sha256=SHA), line("b", sha256="cd" * 32)], after="", cursor="1")
    local.begin_again()
    local.apply([line("b", sha256="cd" * 32)], after="", cursor="n1")
    assert list(local.entries()) == ["a", "b"]
    local.finish()
    assert list(local.entries()) == ["b"]


def test_only_its_owner_reads_the_file(local: LocalList) -> None:
    assert stat.S_IMODE(local.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["text", "table", "format"])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other"
    if content == "text":
        path.write_text("no list, but long enough to be read as one" * 100)
    else:
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
            if content == "format":
                db.execute("INSERT INTO about VALUES ('format', '0')")
    with pytest.raises(KitError, match=r"Delete it|delete this one"):
        LocalList(path)
