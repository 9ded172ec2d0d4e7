"""The test databases keep their promises: roles, isolation, and nothing left behind."""

from __future__ import annotations

import redis
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def _one(using: BaseDatabaseWrapper, statement: str) -> object:
    with using.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_tests_act_as_the_portals_own_role(db: None) -> None:
    assert _one(connection, "SELECT current_user") == "portal_app"


def test_the_portals_role_owns_no_table(db: None) -> None:
    assert _one(connection, "SELECT count(*) FROM pg_tables WHERE tableowner = 'portal_app'") == 0
    assert _one(connection, "SELECT count(*) FROM pg_tables WHERE tableowner = 'portal_owner'") != 0


def test_committed_rows_are_seen_by_the_owner(owner_connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_content_type (app_label, model) VALUES ('left', 'behind')")
    assert _one(owner_connection, "SELECT count(*) FROM django_content_type WHERE app_label = 'left'") == 1


def test_committed_rows_are_gone_in_the_next_test(committed_db: None) -> None:
    assert (
        _one(connections["owner"], "SELECT count(*) FROM django_content_type WHERE app_label = 'left'") == 0
    )


def test_redis_is_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_redis_is_empty_again(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
