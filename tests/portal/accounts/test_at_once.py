"""The same thing tried many times at once counts as often as it was tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread

from django.db import connection

from portal.accounts import services, throttle
from portal.accounts.models import Attempts
from portal.audit.models import Entry
from portal.core.errors import DomainError
from tests.factories import ctx_of, make_staff
from tests.portal.accounts.codes import code_of


def outcomes(count: int, action: Callable[[], object]) -> list[str]:
    """What `action` did on each of `count` connections that start together: "done", or a refusal's code."""
    start, found = Barrier(count), list[str]()

    def run() -> None:
        start.wait()
        try:
            action()
            found.append("done")
        except DomainError as error:
            found.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def test_one_code_logs_in_once(committed_db: None) -> None:
    ada = make_staff()
    ctx, code = ctx_of(ada), code_of(ada)
    found = outcomes(4, lambda: services.log_in(ctx, staff_id=ada.pk, code=code))
    assert found.count("done") == 1
    assert set(found) == {"done", "code_refused", "too_many_tries"}
    assert Entry.objects.filter(verb="staff.logged_in").count() == 1


def test_no_try_slips_past_the_count(committed_db: None) -> None:
    at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    found = outcomes(8, lambda: throttle.take(throttle.ACCOUNT, "ada 192.0.2.0/24", at=at))
    assert found == ["done"] * 5 + ["too_many_tries"] * 3
    assert Attempts.objects.get().failures == 5
