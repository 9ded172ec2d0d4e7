"""A partner's witness: it co-signs a log that only grows, and no other."""

from __future__ import annotations

import stat
from pathlib import Path
from urllib.error import HTTPError

import audit_witness
import pytest
from django.test import Client

from portal.audit import Verb, exporting, keys, publishing, sealer
from portal.audit.heads import Head
from portal.audit.models import Checkpoint, Cosignature, Entry, Published
from portal.core import clock
from portal.core.context import Context
from tests.portal.audit.log import write

pytestmark = pytest.mark.django_db
URL = "https://portal.example"
NAME = "platform.example/witness"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A witness that the agency knows, and a first published checkpoint of 300 entries."""
    monkeypatch.setattr(audit_witness, "fetch", _fetch)
    assert audit_witness.main(["key", str(tmp_path / "witness"), NAME]) == 0
    publishing.add_witness(Context.system("test"), key=capsys.readouterr().out.strip())
    _publish(299)
    return tmp_path / "witness"


def _fetch(address: str, body: str | None = None) -> str:
    path = address.removeprefix(URL)
    answer = Client().post(path, body, content_type="text/plain") if body else Client().get(path)
    if answer.status_code >= 400:
        raise HTTPError(address, answer.status_code, answer.content.decode(), answer.headers, None)  # type: ignore[arg-type]  # Django's headers are a mapping too
    return answer.content.decode()


def _publish(count: int) -> Published:
    write(count)
    sealer.seal_waiting()
    found = publishing.publish(Context.system("test"), at_once=True)
    assert found
    return found


def _cosign(folder: Path) -> int:
    return audit_witness.main(["cosign", str(folder), f"{URL}/", "--key", keys.signer().verifier.text])


def test_a_growing_log_is_signed_each_time_it_is_published(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert _cosign(folder) == 0
    assert _cosign(folder) == 0  # again: nothing new, no harm
    assert capsys.readouterr().out == "300 entries\n300 entries\n"
    grown = _publish(100)
    assert _cosign(folder) == 0
    kept = exporting.with_cosignatures(grown.checkpoint)
    assert kept.count(f"— {NAME} ") == 1
    assert Cosignature.objects.count() == Entry.objects.filter(verb=Verb.CHECKPOINT_COSIGNED).count() == 2


def test_a_log_that_went_back_or_forked_is_not_signed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _cosign(folder) == 0
    signed = (folder / "checkpoint").read_text()
    shorter = keys.signer().sign(Head(keys.origin(), 200, bytes(32)).text(), clock.now())
    forked = keys.signer().sign(Head(keys.origin(), 300, bytes(32)).text(), clock.now())
    for note, what in ((shorter, "rolled back"), (forked, "not consistent")):
        monkeypatch.setattr(audit_witness, "fetch", lambda _address, _body=None, note=note: note)
        assert _cosign(folder) == 1
        assert what in capsys.readouterr().out
    assert (folder / "checkpoint").read_text() == signed
    assert Cosignature.objects.count() == 1


def test_a_checkpoint_published_between_two_requests_is_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _cosign(folder) == 0
    _publish(50)

    def late(address: str, body: str | None = None) -> str:
        if "growth" in address and Published.objects.count() == 2:
            _publish(50)
        return _fetch(address, body)

    monkeypatch.setattr(audit_witness, "fetch", late)
    assert _cosign(folder) == 0
    assert Cosignature.objects.filter(published=Checkpoint.objects.order_by("-size")[0].pk).exists()


def test_another_key_another_name_and_a_silent_portal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit_witness.main(["key", str(folder), NAME]) == 2  # there is one already
    assert audit_witness.main(["key", str(folder / "x"), "two words"]) == 2
    stranger = audit_witness.make_key(folder / "other", keys.origin())
    assert audit_witness.main(["cosign", str(folder), URL, "--key", stranger]) == 1
    assert "isn't signed by the log's key" in capsys.readouterr().out
    monkeypatch.undo()
    assert audit_witness.main(["cosign", str(folder), "http://127.0.0.1:1", "--key", stranger]) == 2
