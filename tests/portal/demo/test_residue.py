"""The search for plaintext finds what is there: in a file, in a table, in Redis."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
import redis
from django.db import connection

from portal.agency.models import Team
from portal.demo import photographs, residue
from portal.embedded import home as homes


@pytest.fixture
def database(portal_home: Path) -> str:
    name = connection.settings_dict["NAME"]
    return f"host={homes.socket_dir(portal_home)} dbname={name} user=portal_owner"


@pytest.fixture
def word() -> str:
    return f"needle-{secrets.token_hex(12)}"


def found(word: str, folder: Path, database: str, redis_url: str, *skip: Path) -> list[str]:
    hits = residue.search([word.encode()], folder=folder, database=database, redis_url=redis_url, skip=skip)
    return [hit.place for hit in hits]


def test_nothing_where_nothing_is(
    committed_db: None, tmp_path: Path, database: str, redis_url: str, word: str
) -> None:
    assert found(word, tmp_path, database, redis_url) == []


def test_a_file_at_any_depth(
    committed_db: None, tmp_path: Path, database: str, redis_url: str, word: str
) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "log").write_text(f"before {word} after")
    assert found(word, tmp_path, database, redis_url) == ["file deep/er/log"]
    assert found(word, tmp_path, database, redis_url, tmp_path / "deep") == []


def test_a_row_of_a_table(
    committed_db: None, tmp_path: Path, database: str, redis_url: str, word: str
) -> None:
    Team.objects.create(name=word)
    assert found(word, tmp_path, database, redis_url) == ["table agency_team"]


def test_a_key_and_a_value_in_redis(
    committed_db: None, tmp_path: Path, database: str, redis_url: str, word: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set(f"x:{word}", 1)
        client.rpush("queue", f"message {word}")
    assert sorted(found(word, tmp_path, database, redis_url)) == ["Redis queue", "a Redis key"]


def test_a_photograph_is_found_by_any_of_its_parts(tmp_path: Path) -> None:
    photograph = photographs.take("rocket.jpg", tmp_path, 1)
    pieces = residue.pieces_of(photograph.data)
    assert len(pieces) >= 30
    assert all(photograph.data.count(piece) == 1 for piece in pieces)
    assert photograph.word in photograph.data
    assert not any(piece in photographs.take("camera.png", tmp_path, 2).data for piece in pieces)


def test_constant_runs_are_no_evidence() -> None:
    assert residue.pieces_of(b"\0" * 100_000) == []
