"""Checkpoints are signed notes that others' tools can read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audit.heads import Head
from portal.audit.notes import BadNote, Signer, Verifier, open_note

AT = datetime(2030, 1, 31, 12, 0, 0, tzinfo=UTC)
SIGNER = Signer("portal/audit", bytes(range(32)))
HEAD = Head("portal/audit", 20852163, bytes(range(32)))

# The example of Go's golang.org/x/mod/sumdb/note, which the C2SP specification grew from.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
    "SNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_from_another_implementation_opens() -> None:
    opened = open_note(GO_NOTE, [Verifier.parse(GO_KEY)])
    assert opened.text.startswith("If you think")
    assert opened.at is None


def test_a_note_opens_with_its_text_and_time() -> None:
    opened = open_note(SIGNER.sign(HEAD.text(), AT), [SIGNER.verifier])
    assert (Head.parse(opened.text), opened.at) == (HEAD, AT)


def test_a_verifier_key_survives_its_text_form() -> None:
    assert Verifier.parse(SIGNER.verifier.text) == SIGNER.verifier
    with pytest.raises(BadNote):
        Verifier.parse(SIGNER.verifier.text.replace("portal", "others"))


def test_unknown_signatures_are_passed_over_but_not_enough() -> None:
    note = SIGNER.sign(HEAD.text(), AT)
    other = Signer("witness", bytes(32))
    both = note + other.sign(HEAD.text(), AT).rpartition("\n\n")[2]
    assert open_note(both, [SIGNER.verifier]).text == HEAD.text()
    assert open_note(both, [other.verifier]).text == HEAD.text()
    with pytest.raises(BadNote, match="not signed by a key"):
        open_note(note, [other.verifier])
    with pytest.raises(BadNote, match="not signed by a key"):
        open_note(note, [Signer("portal/other", SIGNER.seed).verifier])


@given(st.data())
def test_any_changed_character_of_text_or_signatures_is_refused(data: st.DataObject) -> None:
    note = SIGNER.sign(HEAD.text(), AT)
    place = data.draw(st.integers(0, len(note) - 1))
    changed = note[:place] + data.draw(st.characters(codec="utf-8")) + note[place + 1 :]
    try:
        opened = open_note(changed, [SIGNER.verifier])
    except BadNote:
        return
    assert opened.text == HEAD.text()  # a changed name or key id made one of the two lines a stranger's
    assert opened.at in {AT, None}


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n01\nAA==\n", "a\n-1\nAA==\n", "\n1\nAA==\n", "a\n1\nnot base64\n"]
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Head.parse(text)


def test_a_secret_seed_stays_out_of_reprs() -> None:
    assert SIGNER.seed.hex() not in repr(SIGNER)
    assert repr(SIGNER.seed) not in repr(SIGNER)
