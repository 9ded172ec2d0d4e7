"""Work instead of a CAPTCHA: asked of a browser only where many come from one network, or one too fast."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from cases import limits
from cases.intake import proof
from cases.models import Case
from cases.networks import network_of
from portal.agency.models import Agency
from tests.cases.visitors import Visitor, receipt

NETWORK = "203.0.113.9"


@pytest.fixture
def stranger(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Somebody from another network, on the last page, who took their time."""
    monkeypatch.setattr(proof, "LEAST", timedelta(0))
    monkeypatch.setattr(proof, "BITS", 8)
    visitor = Visitor(REMOTE_ADDR=NETWORK)
    visitor.begin()
    visitor.tell()
    for step in ("files", "links", "more", "consents"):
        visitor.step(step)
    return visitor


def network(visitor: Visitor) -> str:
    return network_of(visitor.get("/").wsgi_request)


def solved(salt: str) -> str:
    return next(str(number) for number in count() if proof.solves(salt, str(number)))


def test_nobody_is_asked_without_a_reason(stranger: Visitor) -> None:
    stranger.step("check")
    assert Case.objects.count() == 1
    assert receipt(stranger.get("/"))


def test_the_sixth_of_a_network_in_an_hour_works_for_it(stranger: Visitor) -> None:
    for _ in range(5):
        limits.spend("report", network(stranger))
    assert stranger.step("check").status_code == 303
    salt = stranger.draft.proof
    page = stranger.get("/").content.decode()
    assert f'data-proof="{salt}" data-bits="8"' in page
    assert "Wait 45 seconds, then press Send again." in page
    stranger.step("check", proof="wrong" if not proof.solves(salt, "wrong") else "worse")
    assert (Case.objects.count(), stranger.draft.proof) == (0, salt)
    stranger.step("check", proof=solved(salt))
    assert Case.objects.count() == 1


def test_waiting_does_as_well(stranger: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "LEAST", timedelta(days=1))
    stranger.step("check")
    stranger.step("check")
    assert Case.objects.count() == 0
    monkeypatch.setattr(proof, "WAIT", timedelta(0))
    stranger.step("check")
    assert Case.objects.count() == 1


def test_a_limit_holds_whatever_work_was_done(stranger: Visitor) -> None:
    for _ in range(60):
        limits.spend("report", network(stranger))
    stranger.step("check")
    answer = stranger.step("check", proof=solved(stranger.draft.proof))
    assert (answer.status_code, Case.objects.count()) == (429, 0)
    assert "try again" in answer.content.decode()


def test_this_machine_itself_is_everybody_behind_a_proxy(visitor: Visitor) -> None:
    visitor.report()
    assert Case.objects.count() == 1


def test_asking_whether_a_network_is_busy_counts_nothing(agency: Agency) -> None:
    for _ in range(4):
        limits.spend("report", "some-network")
    assert [limits.is_busy("report", "some-network") for _ in range(3)] == [False] * 3
    limits.spend("report", "some-network")
    assert limits.is_busy("report", "some-network")
    assert not limits.is_busy("report", "another-network")
