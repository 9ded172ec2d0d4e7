"""One-time codes: what confirms, what doesn't, and how often one may try."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from portal.audit.models import Entry
from portal.core.context import Actor, ActorKind, Context
from portal.core.errors import TooMany
from portal.crypto import aad, keyring, sealing
from portal.notify.models import Message
from portal.verify import contacts, services
from portal.verify.models import Challenge, ContactDay
from portal.verify.services import Outcome

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANN = contacts.email("ann@post.example")


def at(seconds: float = 0) -> Context:
    return Context(Actor(ActorKind.PERSON, "visitor"), at=NOON + timedelta(seconds=seconds))


def code_of(challenge: Challenge) -> str:
    """What was sent, opened with the key that only workers hold."""
    message = challenge.message
    assert message is not None
    place = aad.bind("notify_message", message.id, "payload")
    opened = sealing.open_sealed(keyring.current().worker_private(), bytes(message.payload or b""), place)
    return str(json.loads(opened)["body"][:6])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def audited() -> list[tuple[str, dict[str, object]]]:
    return list(Entry.objects.order_by("at", "payload").values_list("verb", "payload"))


def test_the_right_code_confirms_once(db: None) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    code = code_of(challenge)
    first = services.confirm(
        at(30), challenge_id=challenge.id, binding="visit", code=f" {code[:3]}-{code[3:]} "
    )
    second = services.confirm(at(31), challenge_id=challenge.id, binding="visit", code=code)
    assert (first, second) == (Outcome.CONFIRMED, Outcome.SPENT)
    assert services.is_confirmed(challenge_id=challenge.id, binding="visit", contact=ANN)
    assert audited() == [
        ("code.sent", {"channel": "email"}),
        ("code.confirmed", {"attempts": 1}),
        ("code.refused", {"attempts": 1, "reason": "spent"}),
    ]


def test_another_visit_or_contact_is_not_confirmed(db: None) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    code = code_of(challenge)
    other = services.confirm(at(1), challenge_id=challenge.id, binding="other visit", code=code)
    assert other is Outcome.SPENT
    assert Challenge.objects.get().tries == 0
    services.confirm(at(2), challenge_id=challenge.id, binding="visit", code=code)
    bob = contacts.email("bob@post.example")
    assert not services.is_confirmed(challenge_id=challenge.id, binding="visit", contact=bob)
    assert not services.is_confirmed(challenge_id=challenge.id, binding="other visit", contact=ANN)


@pytest.mark.parametrize(("seconds", "outcome"), [(599, Outcome.CONFIRMED), (600, Outcome.SPENT)])
def test_a_code_works_for_ten_minutes(db: None, seconds: int, outcome: Outcome) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    code = code_of(challenge)
    assert services.confirm(at(seconds), challenge_id=challenge.id, binding="visit", code=code) is outcome


def test_the_fifth_try_is_the_last(db: None) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    code = code_of(challenge)
    for _ in range(4):
        outcome = services.confirm(at(1), challenge_id=challenge.id, binding="visit", code=wrong(code))
        assert outcome is Outcome.WRONG
    assert services.confirm(at(1), challenge_id=challenge.id, binding="visit", code=code) is Outcome.CONFIRMED


def test_after_five_wrong_tries_the_right_code_is_spent(db: None) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    code = code_of(challenge)
    for _ in range(5):
        services.confirm(at(1), challenge_id=challenge.id, binding="visit", code=wrong(code))
    assert services.confirm(at(1), challenge_id=challenge.id, binding="visit", code=code) is Outcome.SPENT
    assert ContactDay.objects.get().wrong == 5


def test_a_new_code_replaces_the_old_after_a_minute(db: None) -> None:
    first = services.start(at(), contact=ANN, binding="visit")
    with pytest.raises(TooMany) as refused:
        services.start(at(59), contact=ANN, binding="visit")
    assert (refused.value.code, refused.value.retry_after) == ("code_too_soon", 2)
    assert Message.objects.count() == 1
    second = services.start(at(60), contact=ANN, binding="visit")
    old = services.confirm(at(61), challenge_id=first.id, binding="visit", code=code_of(first))
    new = services.confirm(at(62), challenge_id=second.id, binding="visit", code=code_of(second))
    assert (old, new) == (Outcome.SPENT, Outcome.CONFIRMED)


def test_the_sixth_code_of_a_day_looks_the_same_and_is_not_sent(db: None) -> None:
    for number in range(5):
        assert services.start(at(number * 60), contact=ANN, binding=f"visit {number}").message_id
    sixth = services.start(at(360), contact=ANN, binding="visit 6")
    assert sixth.message_id is None
    assert (sixth.state, sixth.expires_at) == ("open", at(960).at)
    assert Message.objects.count() == 5
    assert audited()[-1] == ("code.refused", {"reason": "day_limit"})
    tomorrow = Context(at().actor, at=NOON + timedelta(days=1))
    assert services.start(tomorrow, contact=ANN, binding="visit 7").message_id


def test_fifteen_wrong_tries_end_a_contacts_day(db: None) -> None:
    for number in range(3):
        challenge = services.start(at(number * 60), contact=ANN, binding=f"visit {number}")
        for _ in range(5):
            services.confirm(
                at(number * 60),
                challenge_id=challenge.id,
                binding=f"visit {number}",
                code=wrong(code_of(challenge)),
            )
    assert services.start(at(300), contact=ANN, binding="last visit").message_id is None
    bob = contacts.email("bob@post.example")
    assert services.start(at(300), contact=bob, binding="bob's visit").message_id


def test_only_keyed_hashes_are_stored(db: None) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    row = Challenge.objects.get(pk=challenge.pk)
    assert [len(bytes(column)) for column in (row.contact_key, row.binding_key, row.code_hash)] == [
        32,
        32,
        32,
    ]
    again = services.start(at(61), contact=ANN, binding="visit")
    assert bytes(again.code_hash) != bytes(row.code_hash)


def test_old_rows_are_forgotten(db: None) -> None:
    services.start(at(), contact=ANN, binding="visit")
    assert services.forget(at(2 * 86_400)) == 0
    assert services.forget(at(2 * 86_400 + 601)) == 1
    assert ContactDay.objects.count() == 1
    services.forget(at(3 * 86_400))
    assert ContactDay.objects.count() == 0


def test_twenty_guesses_at_once_burn_five_tries(committed_db: None) -> None:
    challenge = services.start(at(), contact=ANN, binding="visit")
    code = code_of(challenge)

    def guess(number: int) -> Outcome:
        try:
            return services.confirm(at(1), challenge_id=challenge.id, binding="visit", code=wrong(code))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(guess, range(20)))
    assert (outcomes.count(Outcome.WRONG), outcomes.count(Outcome.SPENT)) == (5, 15)
    assert Challenge.objects.get().tries == 5
    assert ContactDay.objects.get().wrong == 5


def test_ten_visits_at_once_send_a_contact_one_code(committed_db: None) -> None:
    def start(number: int) -> bool:
        try:
            return services.start(at(), contact=ANN, binding=f"visit {number}").message_id is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        sent = list(pool.map(start, range(10)))
    assert sent.count(True) == 1
    assert ContactDay.objects.get().sends == 1
    assert Challenge.objects.count() == 10
