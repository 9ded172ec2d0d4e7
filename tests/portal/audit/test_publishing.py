"""Published checkpoints, their witnesses, and the addresses where anybody finds them."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from portal.audit import Verb, keys, proofs, publishing, sealer, tiles
from portal.audit.heads import Head
from portal.audit.models import Checkpoint, Cosignature, Entry, Published, Witness
from portal.audit.notes import PLAIN, TIMED, Signer, open_note
from portal.audit.tasks import publish
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid, NotFound
from tests.portal.audit.log import write

WITNESS = Signer("witness.example/w1", bytes(range(32)))
CTX = Context.system("test")
PREFIX = "/.well-known/audit-log"

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Published:
    write(300)
    sealer.seal_waiting()
    found = publishing.publish(Context.system("test"))
    assert found
    return found


def _verbs(verb: Verb) -> list[str]:
    return list(Entry.objects.filter(verb=verb).values_list("subject_id", flat=True))


def _cosigned(published: Published, signer: Signer = WITNESS) -> str:
    note = published.checkpoint.note
    return note + signer.cosign(note.rpartition("\n\n")[0] + "\n", clock.now())


def test_publishing_waits_an_hour_and_needs_news(published: Published) -> None:
    assert published.pk == 300
    assert _verbs(Verb.CHECKPOINT_PUBLISHED) == ["300"]
    write()
    sealer.seal_waiting()
    publish()
    assert Published.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(minutes=59)):
        publish()
    assert Published.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        publish()
        publish()
    assert list(Published.objects.order_by("pk").values_list("pk", flat=True)) == [300, 302]


def test_nothing_is_published_of_an_empty_log() -> None:
    assert publishing.publish(CTX) is None
    assert _verbs(Verb.CHECKPOINT_PUBLISHED) == []
    assert Client().get(f"{PREFIX}/checkpoint").status_code == 404


def test_anybody_gets_the_published_checkpoint_and_its_key(published: Published, client: Client) -> None:
    write()
    sealer.seal_waiting()
    answer = client.get(f"{PREFIX}/checkpoint")
    assert answer.content.decode() == published.checkpoint.note
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert client.get(f"{PREFIX}/key").content.decode() == f"{keys.signer().verifier.text}\n"


def test_tiles_up_to_the_published_size_and_no_further(published: Published, client: Client) -> None:
    write(10)
    sealer.seal_waiting()
    full = client.get(f"{PREFIX}/tile/0/000")
    assert full.content == b"".join(tiles.hashes(0, 0, 300))
    assert len(client.get(f"{PREFIX}/tile/0/001.p/44").content) == 44 * 32
    assert len(client.get(f"{PREFIX}/tile/1/000.p/1").content) == 32
    for wrong in (
        "0/001",
        "0/001.p/45",
        "0/1",
        "0/x000/001",
        "0/001.p/0",
        "2/000.p/1",
        "99/000",
        "entries/000",
    ):
        assert client.get(f"{PREFIX}/tile/{wrong}").status_code == 404, wrong


def test_a_witness_is_added_by_its_key_and_ended_by_its_name() -> None:
    with pytest.raises(Invalid):
        publishing.add_witness(CTX, key="nobody+00000000+AAAA")
    with pytest.raises(Conflict):
        publishing.add_witness(CTX, key=keys.signer().verifier.text)
    assert Witness.objects.count() == 0
    call_command("audit", "witness", "--add", WITNESS.verifier.text)
    with pytest.raises(Conflict):
        publishing.add_witness(CTX, key=WITNESS.verifier.text)
    witness = Witness.objects.get()
    assert (witness.name, bytes(witness.public_key)) == (WITNESS.name, WITNESS.verifier.public)
    call_command("audit", "witness", "--end", WITNESS.name)
    assert _verbs(Verb.WITNESS_ADDED) == _verbs(Verb.WITNESS_ENDED) == [str(witness.pk)]
    with pytest.raises(NotFound):
        publishing.end_witness(CTX, name=WITNESS.name)


def test_a_key_may_be_written_with_the_type_of_its_signatures() -> None:
    verifier = WITNESS.verifier
    text = (
        f"{verifier.name}+{verifier.key_id(TIMED).hex()}+{base64.b64encode(TIMED + verifier.public).decode()}"
    )
    assert bytes(publishing.add_witness(CTX, key=text).public_key) == verifier.public
    wrong = text.replace(verifier.key_id(TIMED).hex(), verifier.key_id(PLAIN).hex())
    with pytest.raises(Invalid):
        publishing.add_witness(CTX, key=wrong)


def test_a_cosignature_is_kept_once_and_published(published: Published, client: Client) -> None:
    witness = publishing.add_witness(CTX, key=WITNESS.verifier.text)
    note = _cosigned(published)
    for _ in range(2):
        answer = client.post(f"{PREFIX}/cosignatures", note.encode(), content_type="text/plain")
        assert answer.status_code == 204
    kept = Cosignature.objects.get()
    assert (kept.witness_id, kept.published_id) == (witness.pk, 300)
    assert _verbs(Verb.CHECKPOINT_COSIGNED) == ["300"]
    shown = client.get(f"{PREFIX}/checkpoint").content.decode()
    assert open_note(shown, keys.trusted()).text == Head.parse(published.checkpoint.note).text()
    assert shown == published.checkpoint.note + kept.line


@pytest.mark.parametrize("known", [True, False])
def test_what_no_witness_signed_is_refused(published: Published, client: Client, *, known: bool) -> None:
    if known:
        publishing.add_witness(CTX, key=WITNESS.verifier.text)
    stranger = Signer(WITNESS.name, bytes(32))
    false = _cosigned(published).replace("\n300\n", "\n299\n")
    for note in (_cosigned(published, stranger), false, published.checkpoint.note, "", "\xff"):
        answer = client.post(
            f"{PREFIX}/cosignatures", note.encode("latin-1", "replace"), content_type="text/plain"
        )
        assert answer.status_code in {404, 422}
    assert not Cosignature.objects.exists()
    assert _verbs(Verb.CHECKPOINT_COSIGNED) == []


def test_only_published_checkpoints_are_cosigned(published: Published) -> None:
    publishing.add_witness(CTX, key=WITNESS.verifier.text)
    sealer.seal_waiting()
    newer = Checkpoint.objects.order_by("-size")[0]
    text = newer.note.rpartition("\n\n")[0] + "\n"
    with pytest.raises(NotFound):
        publishing.cosign(CTX, note=newer.note + WITNESS.cosign(text, clock.now()))
    other = Head(keys.origin(), 300, bytes(32)).text()
    with pytest.raises(NotFound):
        publishing.cosign(CTX, note=WITNESS.sign(other, clock.now()))


def test_an_ended_witness_counts_no_more(published: Published) -> None:
    publishing.add_witness(CTX, key=WITNESS.verifier.text)
    publishing.end_witness(CTX, name=WITNESS.name)
    with pytest.raises(Invalid):
        publishing.cosign(CTX, note=_cosigned(published))


def test_growth_between_published_checkpoints(published: Published, client: Client) -> None:
    write(40)
    sealer.seal_waiting()
    publishing.publish(Context.system("test"), at_once=True)
    lines = client.get(f"{PREFIX}/growth/300").content.decode().splitlines()
    assert lines == proofs.lines(proofs.Tree(341).consistency(300))
    assert client.get(f"{PREFIX}/growth/299").status_code == 404
