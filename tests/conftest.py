"""Fixtures on a real PostgreSQL and Redis: started once per run, a database per test process."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import redis
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django import DjangoDbBlocker

import tests.browser
from portal.embedded import postgres
from portal.embedded.services import Services
from portal.embedded.stack import Stack

pytest_plugins = ["tests.staff_fixtures", "tests.hashing.index_folder"]
# A busy machine is no counterexample.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")
HOME = Path(os.environ["PORTAL_TEST_HOME"])
ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "test_template"
# Whose tests wait for a browser, a server or another program.
WAITING = {"browser", "stack", "live_server"}
WAITING_FOLDERS = {ROOT / "tests" / name for name in ("clients", "faults", "portal/bench", "portal/embedded")}
PARALLEL_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_services = Services(HOME, durable=False)


def pytest_sessionstart(session: pytest.Session) -> None:
    """A parallel run's controller starts the servers: they must outlive each worker."""
    if not PARALLEL_WORKER and getattr(session.config.option, "numprocesses", None):
        _services.start()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the whole portal share one, so one worker runs them; those that wait may be tried twice."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "stack" in fixtures:
            item.add_marker(pytest.mark.xdist_group("stack"))
        if fixtures & WAITING or item.path.parent in WAITING_FOLDERS or item.get_closest_marker("waits"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever made the home takes it away. (Killed before this line, the servers end by themselves.)"""
    if not PARALLEL_WORKER:
        _services.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    if marker and (marker.kwargs.get("transaction") or any(marker.args)):
        pytest.fail("Nothing truncates here: use committed_db instead of django_db(transaction=True).")
    # Connections belong to a context, and a browser's event loop is one: what another context's end of test
    # cut off is still open here.
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and not connection.is_usable():
            connection.close()


@pytest.fixture(scope="session")
def services() -> None:
    """PostgreSQL and Redis answer, and the template database is migrated."""
    if not PARALLEL_WORKER and not _services.started:
        _services.start()
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HOME / "template").exists():
            _make_keyring()
            postgres.create_database(HOME, TEMPLATE)
            environment = os.environ | {
                "PORTAL_DATABASE": TEMPLATE,
                "DJANGO_SETTINGS_MODULE": "portal.settings",
            }
            command = [sys.executable, "manage.py", "migrate", "--database", "owner", "-v0"]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            (HOME / "template").touch()


def _manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings"} | environment
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def _make_keyring() -> None:
    if importlib.util.find_spec("portal.crypto.keyring"):
        importlib.import_module("portal.crypto.keyring").create(settings.KEYRING_DIR)


def _clone() -> None:
    # A fresh database is another log, though it has the template's name.
    shutil.rmtree(settings.SEALED_DIR, ignore_errors=True)
    name = os.environ["PORTAL_DATABASE"]
    postgres.drop_database(HOME, name)
    postgres.create_database(HOME, name, template=TEMPLATE)


def _flush_redis() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()


@pytest.fixture(scope="session")
def django_db_setup(services: None) -> None:
    """pytest-django's `db` on this process's clone of the template, as the portal's own role."""
    _clone()


@pytest.fixture(autouse=True)
def _fresh_redis(request: pytest.FixtureRequest) -> None:
    """Limits that one test filled don't refuse the next one."""
    if {"db", "committed_db", "redis_url"} & set(request.fixturenames) or "django_db" in request.keywords:
        request.getfixturevalue("services")
        _flush_redis()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits, on any number of connections and processes; afterwards the database is cloned anew."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    _clone()


@pytest.fixture
def transactional_db(committed_db: None) -> None:
    """pytest-django's name for the same."""


@pytest.fixture
def owner_connection(committed_db: None) -> BaseDatabaseWrapper:
    """The role that owns the tables and may do what the portal's own may not; sees committed rows only."""
    return connections["owner"]


@pytest.fixture
def redis_url(services: None) -> str:
    """This process's Redis database, empty."""
    return settings.REDIS_URL


@pytest.fixture
def portal_home() -> Path:
    """The run's PORTAL_HOME."""
    return HOME


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole portal with its sample agency, on a port and a home of its own: web, worker and beat."""
    with Stack(HOME / os.environ.get("PYTEST_XDIST_WORKER", "alone"), durable=False) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; without one the test fails.

    It ends with its module: while it runs, asynchronous code can't be called in this thread.
    """
    with tests.browser.running() as found:
        yield found


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A page of a fresh visitor on a phone; relative addresses are the running portal's."""
    phone: ViewportSize = {"width": 390, "height": 844}
    context = browser.new_context(base_url=stack.base_url, viewport=phone, locale="en")
    yield context.new_page()
    context.close()


@pytest.fixture
def manage(services: None) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `manage.py WORDS` in a process of its own, on this test process's database."""
    return _manage
