"""What goes into an entry, and what can't."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audit import Commitment, Subject, Verb, canonical, commitment, record
from portal.audit.models import Entry, new_id
from portal.audit.recording import OutsideTransaction
from portal.audit.values import Unsafe, encoded
from portal.core import clock
from portal.core.context import Actor, ActorKind, Context

CASE = Subject("case", uuid.UUID("0d5cf3c8-9f7b-4c1c-9d0e-2f6f3c1e7a10"))


class Scope(StrEnum):
    ALL = "all"


def test_an_entry_says_who_did_what_to_what_and_when(db: None) -> None:
    ctx = Context(Actor(ActorKind.STAFF, "6f2f0f1e-0000-4000-8000-000000000001", role="caseworker"))
    team = uuid.uuid4()
    made = record(ctx, Verb.CASE_OPENED, CASE, team=team, pictures=2, age_route="adult")
    entry = Entry.objects.get()
    assert entry.id == made.id
    assert (entry.verb, entry.subject_type, entry.subject_id) == ("case.opened", "case", str(CASE.id))
    assert (entry.actor_kind, entry.actor_id, entry.role) == ("staff", ctx.actor.id, "caseworker")
    assert entry.payload == {"team": str(team), "pictures": 2, "age_route": "adult"}
    assert (entry.action_id, entry.at) == (ctx.action_id, ctx.at)
    assert len(bytes(entry.nonce)) == 16


def test_ids_grow_with_time_and_are_uuids_of_version_7() -> None:
    before = clock.now()
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    at = datetime.fromtimestamp((made[0].int >> 80) / 1000, UTC)
    assert abs(at - before) < timedelta(seconds=60)


def test_the_leaf_is_the_canonical_form_of_the_row(db: None) -> None:
    record(Context.visitor(), Verb.CASE_CONSENTED, CASE, recipient="partners", kind="fingerprint")
    entry = Entry.objects.get()
    assert canonical.encode(entry) == bytes(entry.leaf)
    names = ", ".join(json.loads(bytes(entry.leaf)))
    assert names == (
        "action_id, actor_id, actor_kind, at, id, nonce, payload, role, subject_id, subject_type, v, verb"
    )


def test_the_canonical_form_is_fixed() -> None:
    """Old entries must encode the same in every later version."""
    entry = Entry(
        id=uuid.UUID(int=1),
        verb="case.opened",
        actor_kind="person",
        actor_id="visitor",
        role="",
        subject_type="case",
        subject_id=str(uuid.UUID(int=2)),
        payload={"pictures": 2, "age_route": "adult"},
        action_id=uuid.UUID(int=3),
        at=datetime(2030, 1, 2, 3, 4, 5, 678901, UTC),
        nonce=bytes(range(16)),
    )
    assert canonical.encode(entry) == (
        b'{"action_id":"00000000-0000-0000-0000-000000000003","actor_id":"visitor","actor_kind":"person",'
        b'"at":1893553445678901,"id":"00000000-0000-0000-0000-000000000001",'
        b'"nonce":"000102030405060708090a0b0c0d0e0f","payload":{"age_route":"adult","pictures":2},"role":"",'
        b'"subject_id":"00000000-0000-0000-0000-000000000002","subject_type":"case","v":1,"verb":"case.opened"}'
    )


def test_two_like_entries_have_different_leaves(db: None) -> None:
    ctx = Context.system("test")
    first, second = (record(ctx, Verb.CASE_READ, CASE) for _ in range(2))
    assert bytes(first.leaf) != bytes(second.leaf)


def test_outside_a_transaction_nothing_is_recorded(committed_db: None) -> None:
    with pytest.raises(OutsideTransaction):
        record(Context.visitor(), Verb.CASE_OPENED, CASE)
    assert Entry.objects.count() == 0


def test_a_key_that_the_verb_does_not_declare_is_refused(db: None) -> None:
    with pytest.raises(Unsafe, match=r"case\.read declares no colour, part_two"):
        record(Context.visitor(), Verb.CASE_READ, CASE, part_two=1, colour="red")
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "someone@example.org",
        "Amina",
        "two words",
        "",
        "x" * 65,
        "+61412345678",
        "0412345678",
        "04-1234-5678",
        "é",
        "a\n",
        "9e107d9d372bb6826bd81d3542a419d6",
        "f8f8f0cee0f4a84f",
        "20300131123456789",
    ],
)
def test_a_string_that_could_be_personal_or_a_fingerprint_is_refused(db: None, text: str) -> None:
    with pytest.raises(Unsafe) as refused:
        record(Context.visitor(), Verb.CASE_READ, CASE, part=text)
    assert len(text) < 2 or text not in str(refused.value)
    with pytest.raises(Unsafe):
        record(Context.visitor(), Verb.CASE_READ, Subject("case", text))
    with pytest.raises(Unsafe):
        record(Context(Actor(ActorKind.SYSTEM, text)), Verb.CASE_READ, CASE)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize(
    "text", ["adult", "report-v1.2", "2030-01-31", "en:2026.1", str(uuid.UUID(int=7)), "12"]
)
def test_a_short_identifier_is_taken(db: None, text: str) -> None:
    assert record(Context.visitor(), Verb.CASE_READ, CASE, part=text).payload == {"part": text}


@pytest.mark.parametrize(
    ("verb", "payload"),
    [
        (Verb.CASE_OPENED, {"pictures": "2"}),
        (Verb.CASE_OPENED, {"pictures": True}),
        (Verb.CASE_OPENED, {"pictures": 2.0}),
        (Verb.CASE_OPENED, {"pictures": None}),
        (Verb.CASE_OPENED, {"pictures": 2**53}),
        (Verb.CASE_OPENED, {"team": str(uuid.uuid4())}),
        (Verb.CASE_READ, {"part": 1}),
        (Verb.CASE_READ, {"part": ["a"]}),
        (Verb.KEY_ERASED, {"epoch": clock.now()}),
        (Verb.CASE_CONTACT_READ, {"reason": "she-asked"}),
        (Verb.CASE_CONTACT_READ, {"reason": Commitment("she asked me to")}),
        (Verb.CASE_READ, {"part": commitment("text", bytes(16))}),
    ],
)
def test_a_value_of_another_type_is_refused(db: None, verb: Verb, payload: dict[str, object]) -> None:
    with pytest.raises(Unsafe):
        record(Context.visitor(), verb, CASE, **payload)  # type: ignore[arg-type]  # that is the point
    assert Entry.objects.count() == 0


def test_enums_dates_and_commitments_are_taken(db: None) -> None:
    ctx = Context.visitor()
    assert record(ctx, Verb.CASE_WITHDRAWN, CASE, scope=Scope.ALL).payload == {"scope": "all"}
    assert record(ctx, Verb.KEY_ERASED, CASE, epoch=date(2030, 1, 31)).payload == {"epoch": "2030-01-31"}
    promise = commitment("she asked me to", bytes(16))
    assert record(ctx, Verb.CASE_CONTACT_READ, CASE, reason=promise).payload == {"reason": str(promise)}


def test_a_commitment_needs_its_salt() -> None:
    assert commitment("text", bytes(16)) == commitment("text", bytes(16))
    assert commitment("text", bytes(16)) != commitment("text", bytes(15) + b"\x01")
    assert "text" not in commitment("text", bytes(16))
    with pytest.raises(ValueError, match="random salt"):
        commitment("text", b"short")


@pytest.mark.parametrize("age", [timedelta(hours=2), timedelta(hours=-2)])
def test_an_entry_cannot_be_back_dated(db: None, age: timedelta) -> None:
    ctx = Context(Actor(ActorKind.SYSTEM, "test"), at=clock.now() - age)
    with pytest.raises(ValueError, match="back-dated"):
        record(ctx, Verb.CASE_READ, CASE)
    assert Entry.objects.count() == 0


@given(st.text())
def test_no_text_with_a_capital_space_or_at_sign_passes(text: str) -> None:
    """Whatever passes is short, and spelt with the few characters of an identifier."""
    try:
        value = encoded("part", text, str)
    except Unsafe:
        return
    assert isinstance(value, str)
    assert 1 <= len(value) <= 64
    assert set(value) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.:-")


def test_no_verb_measures_a_picture() -> None:
    """Bytes, sides and corners, counted exactly, are a fingerprint that outlives the case."""
    measures = {"size", "bytes", "width", "height", "left", "top", "right", "bottom"}
    assert [verb for verb in Verb if verb.startswith("picture.") and measures & verb.payload.keys()] == []


def test_every_verb_declares_types_that_can_be_encoded() -> None:
    for verb in Verb:
        assert set(verb.payload.values()) <= {int, bool, uuid.UUID, date, str, Commitment}
        assert len(verb) <= 40
        assert verb == verb.value
