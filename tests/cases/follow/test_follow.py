"""Follow a request with its reference and code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from cases.models import Case, CodeThrottle, Visit
from cases.networks import LOOPBACK
from cases.services import following
from cases.services.following import authenticate
from portal.audit.models import Entry
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Invalid, TooMany
from portal.crypto import passwords
from tests.cases.visitors import EMAIL, LINK, Visitor, last_code
from tests.factories import make_agency


def at(minutes: float) -> Context:
    return Context(Context.visitor().actor, at=clock.now() + timedelta(minutes=minutes))


@pytest.fixture
def reported(visitor: Visitor) -> tuple[Visitor, str, str]:
    """Somebody who has reported without confirming their contact, and holds reference and code."""
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL)
    visitor.step("code", "skip")
    visitor.step("files")
    reference, code = visitor.finish(consents=("partners",))
    visitor.step("receipt", saved="on")
    return visitor, reference, code


def test_the_code_opens_the_request(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, code = reported
    answer = visitor.follow(reference, code)
    assert (answer.status_code, answer["Location"]) == (303, "/follow/")
    page = visitor.get("/follow/").content.decode()
    assert reference in page
    assert "It waits for a caseworker" in page
    assert "hxxps://video[.]example/watch?v=canary-link-77" in page
    assert LINK not in page
    case = Case.objects.get()
    entry = Entry.objects.get(verb="case.followed")
    assert (entry.actor_kind, entry.actor_id, entry.subject_id) == ("person", str(case.id), str(case.id))


def test_spelling_does_not_matter(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, code = reported
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert visitor.follow(f" {reference.lower()} ", typed).status_code == 303


@pytest.mark.parametrize("wrong", ["reference", "code", "both"])
def test_whichever_is_wrong_the_answer_is_the_same(reported: tuple[Visitor, str, str], wrong: str) -> None:
    visitor, reference, code = reported
    if wrong != "code":
        reference = "ZZZZ-ZZZZ"
    if wrong != "reference":
        code = "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    answer = visitor.follow(reference, code)
    assert answer.status_code == 422
    assert "The reference or the code is not right." in answer.content.decode()
    assert Visit.objects.filter(purpose="follow").count() == 0
    assert Entry.objects.filter(verb="case.followed").count() == 0


def test_an_unknown_reference_costs_the_same_work(reported: tuple[Visitor, str, str]) -> None:
    """Counted, not timed: the queries, and the Argon2 runs."""
    _visitor, reference, _code = reported
    work = []
    for name in (reference, "ZZZZ-ZZZZ"):
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            mock.patch("portal.crypto.case_keys.passwords.derive", wraps=passwords.derive) as derive,
            pytest.raises(Invalid),
        ):
            authenticate(at(0), reference=name, code="ZZZZ-ZZZZ-ZZZZ-ZZZZ", network="net")
        work.append((len(queries), [query["sql"].split()[0] for query in queries], derive.call_count))
    assert work[0] == work[1]
    assert work[0][2] == 1


def test_ten_tries_per_reference(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, code = reported
    for _ in range(10):
        assert visitor.follow(reference, "ZZZZ-ZZZZ-ZZZZ-ZZZZ").status_code == 422
    answer = visitor.follow(reference, code)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert (
        authenticate(at(16), reference=reference, code=code, network="n").case.reference
        == Case.objects.get().reference
    )


def test_a_right_code_gives_the_tries_back(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, code = reported
    for _ in range(9):
        visitor.follow(reference, "ZZZZ-ZZZZ-ZZZZ-ZZZZ")
    assert visitor.follow(reference, code).status_code == 303
    assert visitor.follow(reference, "ZZZZ-ZZZZ-ZZZZ-ZZZZ").status_code == 422


def test_a_network_is_slowed_down_over_all_references(reported: tuple[Visitor, str, str]) -> None:
    with mock.patch("portal.crypto.case_keys.passwords.derive", return_value=bytes(32)):
        for number in range(60):
            with pytest.raises(Invalid):
                authenticate(at(0), reference=f"Z{number:07d}", code="X", network="net")
        with pytest.raises(TooMany) as refused:
            authenticate(at(0), reference="Z9999999", code="X", network="net")
        with pytest.raises(Invalid):
            authenticate(at(0), reference="Z9999999", code="X", network="other")
    assert refused.value.code == "too_many_tries"


def test_a_proxy_that_hides_addresses_shuts_nobody_out(db: None) -> None:
    with mock.patch("portal.crypto.case_keys.passwords.derive", return_value=bytes(32)):
        for number in range(61):
            with pytest.raises(Invalid):
                authenticate(at(0), reference=f"Z{number:07d}", code="X", network=LOOPBACK)
    assert CodeThrottle.objects.count() == 61


def test_counters_hold_no_reference_and_are_forgotten(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, _code = reported
    visitor.follow(reference, "ZZZZ-ZZZZ-ZZZZ-ZZZZ")
    assert {len(bytes(row.key)) for row in CodeThrottle.objects.all()} == {32}
    assert following.forget_throttles(at(14)) == 0
    assert following.forget_throttles(at(16)) == 1


def test_guesses_at_once_are_all_counted(committed_db: None) -> None:
    make_agency()

    def guess(number: int) -> str:
        try:
            authenticate(at(0), reference="ZZZZ-ZZZZ", code="X", network=f"net{number}")
        except (Invalid, TooMany) as error:
            return error.code
        finally:
            connections.close_all()
        return "opened"

    with (
        mock.patch("portal.crypto.case_keys.passwords.derive", return_value=bytes(32)),
        ThreadPoolExecutor(20) as pool,
    ):
        codes = list(pool.map(guess, range(20)))
    assert (codes.count("wrong_code"), codes.count("too_many_tries")) == (10, 10)


def test_the_contact_can_be_confirmed_later(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, code = reported
    Case.objects.update(opened_at=clock.now() - timedelta(minutes=5))
    visitor.follow(reference, code)
    with mock.patch("portal.verify.services.BETWEEN_SENDS", timedelta(0)):
        visitor.press("send_code")
    sent = last_code()
    assert visitor.press("confirm", code=f"{(int(sent) + 1) % 10**6:06d}").status_code == 422
    assert visitor.press("confirm", code=sent).status_code == 303
    case = Case.objects.get()
    assert case.state == "verified"
    assert case.contact_verified_at is not None
    assert "Your contact is confirmed." in visitor.get("/follow/").content.decode()
    verbs = Entry.objects.filter(subject_id=str(case.id), verb__in=["case.contact_verified", "case.moved"])
    assert verbs.count() == 2


def test_leaving_ends_the_visit(reported: tuple[Visitor, str, str]) -> None:
    visitor, reference, code = reported
    visitor.follow(reference, code)
    token = visitor.token
    visitor.press("leave")
    visitor.cookies["visit"] = token
    assert b"Follow your request" in visitor.get("/follow/").content


@pytest.mark.parametrize("go", ["send_code", "confirm", "choose", "chosen", "take_back", "nonsense", ""])
def test_without_a_visit_every_button_leads_to_the_front_door(visitor: Visitor, go: str) -> None:
    answer = visitor.press(go)
    assert (answer.status_code, answer["Location"]) == (303, "/follow/")


def test_a_report_visit_opens_no_follow_page(visitor: Visitor) -> None:
    visitor.begin()
    assert b"Follow your request" in visitor.get("/follow/").content
