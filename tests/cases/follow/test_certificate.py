"""The proof of deletion: downloaded by its person, checked by the standalone verifier without the portal."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pypdf import PdfReader

from cases.models import Case
from cases.services import certificates
from hashing.lists import services as lists
from hashing.lists.models import Entry as ListEntry
from hashing.lists.models import List, Partner, Publication
from hashing.lists.services import pulling
from hashing.lists.states import Wire
from portal.audit import Verb, keys, sealer
from portal.audit.models import Entry as AuditEntry
from portal.core import clock, references
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from tests.cases.follow.test_take_back import followed, take_back
from tests.cases.visitors import EMAIL, STORY, Visitor
from tests.hashing.listing import make_partner
from tests.portal.audit import alone

__all__ = ["followed"]


@pytest.fixture
def deleted(followed: tuple[Visitor, Case]) -> tuple[Visitor, Case]:
    visitor, case = followed
    take_back(visitor, "everything")
    lists.publish_pending()
    return visitor, case


def check(data: dict[str, Any] | bytes, folder: Path) -> tuple[int, str]:
    """What the standalone verifier says of it, started with nothing of the portal at hand."""
    file = folder / "proof"
    file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    run = alone.verify(folder, "certificate", file, "--key", keys.signer().verifier.text)
    return run.returncode, run.stdout + run.stderr


def test_the_person_downloads_it_and_anybody_can_check_it(
    deleted: tuple[Visitor, Case], tmp_path: Path
) -> None:
    visitor, case = deleted
    sealer.seal_waiting()
    answer = visitor.press("certificate")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proof.json"'
    data = json.loads(answer.content)
    status, said = check(data, tmp_path)
    assert (status, said.splitlines()[0]) == (0, "holds"), said
    files = [str(pk) for pk in case.pictures.order_by("position").values_list("picture_id", flat=True)]
    assert data["certificate"]["files"] == files
    for file in files:
        assert f"picture.shredded picture {file}" in said
    assert said.count("entry.withdrawn entry") == 2
    # the last day of the wire's tombstones, and the day's key
    assert len(data["certificate"]["still_to_come"]) == 2
    entry = AuditEntry.objects.get(verb=Verb.CASE_CERTIFIED)
    assert (entry.subject_id, entry.actor_kind) == (str(case.pk), "person")
    assert entry.payload["entries"] == len(data["certificate"]["entries"])


def test_each_change_to_it_is_found(deleted: tuple[Visitor, Case], tmp_path: Path) -> None:
    visitor, _case = deleted
    sealer.seal_waiting()
    text = visitor.press("certificate").content.decode()
    data = json.loads(text)
    entries = data["certificate"]["entries"]
    for changed in (
        text.replace(data["certificate"]["files"][0], "0" * 8 + data["certificate"]["files"][0][8:]),
        text.replace('"deleted_at": "2', '"deleted_at": "3'),
        text.replace(entries[0]["leaf"][-20:-2].replace('"', '\\"'), "x" * 18),
        json.dumps(data | {"signature": data["signature"].replace("sha256 ", "sha256 0")}),
        json.dumps(data | {"certificate": data["certificate"] | {"entries": entries[1:]}}),
    ):
        assert changed != text
        assert check(json.loads(changed), tmp_path)[0] == 1


def test_a_proof_that_leaves_a_file_out_does_not_hold(
    deleted: tuple[Visitor, Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed by the real key, but a file's end is not proven."""
    _visitor, case = deleted
    sealer.seal_waiting()
    monkeypatch.setattr(certificates, "_TOLD", (Verb.ENTRY_WITHDRAWN,))
    data = json.loads(certificates.certify(Context.person(case.pk), case_id=case.pk))
    status, said = check(data, tmp_path)
    assert status == 1
    assert "no proof that these were destroyed" in said


def test_until_the_log_has_sealed_it_the_page_says_wait(deleted: tuple[Visitor, Case]) -> None:
    visitor, case = deleted
    visitor.press("certificate")
    assert "not ready yet" in visitor.get("/follow/").content.decode()
    with pytest.raises(Conflict):
        certificates.certify(Context.person(case.pk), case_id=case.pk)
    assert not AuditEntry.objects.filter(verb=Verb.CASE_CERTIFIED).exists()


def test_nobody_elses_and_not_before_the_deletion(followed: tuple[Visitor, Case]) -> None:
    _visitor, case = followed
    sealer.seal_waiting()
    with pytest.raises(Conflict):
        certificates.certify(Context.person(case.pk), case_id=case.pk)
    for ctx in (Context.visitor(), Context.system("test"), Context.person(case.team_id)):
        with pytest.raises(NotFound):
            certificates.certify(ctx, case_id=case.pk)
    assert not AuditEntry.objects.filter(verb=Verb.CASE_CERTIFIED).exists()


def test_it_says_what_went_and_when_and_names_nobody(deleted: tuple[Visitor, Case]) -> None:
    visitor, case = deleted
    sealer.seal_waiting()
    text = visitor.press("certificate").content.decode()
    body = json.loads(text)["certificate"]
    assert (body["kind"], body["reference"]) == ("deletion", references.grouped(case.reference))
    assert body["counts"] == {"files": 3, "locations": 1, "messages": 0}
    assert body["backups"]["days"] == 35
    assert len(body["kept_by_law"]) == 1
    assert body["partners"] == []
    for canary in (EMAIL, STORY, "canary-link", "never on Sundays"):
        assert canary not in text


def test_the_paper_carries_the_proof_and_checks_the_same(
    deleted: tuple[Visitor, Case], tmp_path: Path
) -> None:
    visitor, case = deleted
    sealer.seal_waiting()
    answer = visitor.press("paper")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="proof.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    status, said = check(answer.content, tmp_path)
    assert (status, said.splitlines()[0]) == (0, "holds"), said
    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert references.grouped(case.reference) in text
    assert "Files destroyed 3" in " ".join(text.split())
    assert "This is the first proof." in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Proof"
    altered = answer.content.replace(b'"files": 3', b'"files": 4')
    assert altered != answer.content
    assert check(altered, tmp_path)[0] == 1


def test_the_paper_speaks_the_persons_language(deleted: tuple[Visitor, Case], tmp_path: Path) -> None:
    visitor, _case = deleted
    sealer.seal_waiting()
    visitor.cookies["lang"] = "ar"
    paper = visitor.press("paper").content
    reader = PdfReader(BytesIO(paper))
    assert reader.trailer["/Root"]["/Lang"] == "ar"  # type: ignore[index]  # pypdf types it as any object
    assert check(paper, tmp_path)[0] == 0


@pytest.fixture
def pulled(followed: tuple[Visitor, Case]) -> tuple[Visitor, Case, Partner]:
    """A partner has the list; then everything is deleted."""
    visitor, case = followed
    partner = make_partner("Platform One")
    pull(partner)
    take_back(visitor, "everything")
    lists.publish_pending()
    return visitor, case, partner


def pull(partner: Partner) -> None:
    """To the end of the list, as its client would."""
    hash_list = List.objects.get(slug="reviewed")
    ctx = Context.partner(partner.pk)
    last = Publication.objects.filter(list=hash_list).order_by("-position").values_list("position", flat=True)
    with transaction.atomic():
        place = pulling.begin(ctx, partner=partner, wire=Wire.NATIVE, hash_list=hash_list)
        pulling.finish(ctx, place, after=place.position, handed=last[0], entries=1)


def test_the_final_proof_waits_for_every_partner(
    pulled: tuple[Visitor, Case, Partner], tmp_path: Path
) -> None:
    visitor, case, partner = pulled
    sealer.seal_waiting()
    assert certificates.settle(Context.system("test")) == 0
    first = json.loads(visitor.press("certificate").content)
    assert [(one["partner"], one["pulled_past_at"]) for one in first["certificate"]["partners"]] == [
        ("Platform One", "")
    ] * 2
    assert "has not pulled past" in check(first, tmp_path)[1]
    pull(partner)
    sealer.seal_waiting()
    assert certificates.settle(Context.system("test")) == 1
    final = json.loads(visitor.press("certificate").content)
    assert final["certificate"]["kind"] == "final"
    assert all(one["pulled_past_at"] for one in final["certificate"]["partners"])
    status, said = check(final, tmp_path)
    assert status == 0, said
    assert said.count("Platform One (native) pulled past the withdrawal of") == 2
    told = AuditEntry.objects.get(verb=Verb.CASE_PROOF_FINAL)
    assert (told.subject_id, told.payload["partners"], told.payload["past"]) == (str(case.pk), 2, 2)
    assert certificates.settle(Context.system("test")) == 0  # once
    assert "The final proof is ready." in visitor.get("/follow/").content.decode()


def test_after_45_days_it_is_final_and_says_who_had_not_asked(
    pulled: tuple[Visitor, Case, Partner], tmp_path: Path
) -> None:
    visitor, _case, _partner = pulled
    sealer.seal_waiting()
    ListEntry.objects.update(withdrawn_at=clock.now() - timedelta(days=44))
    assert certificates.settle(Context.system("test")) == 0
    ListEntry.objects.update(withdrawn_at=clock.now() - timedelta(days=45))
    assert certificates.settle(Context.system("test")) == 1
    final = json.loads(visitor.press("certificate").content)
    assert final["certificate"]["kind"] == "final"
    assert [one["pulled_past_at"] for one in final["certificate"]["partners"]] == ["", ""]
    assert check(final, tmp_path)[0] == 0


def test_a_pull_that_is_not_proven_does_not_hold(
    pulled: tuple[Visitor, Case, Partner], tmp_path: Path
) -> None:
    """Signed by the real key, and lying about a partner."""
    _visitor, case, partner = pulled
    pull(partner)
    sealer.seal_waiting()
    case.refresh_from_db()
    ctx = Context.person(case.pk)
    body = certificates._body(ctx, case, certificates.DELETION)
    for lie in ({"pull": None}, {"pulled_past_at": "2001-01-01T00:00:00+00:00"}, {"partner_id": "x"}):
        told = body | {"partners": [body["partners"][0] | lie]}
        status, said = check({"certificate": told, "signature": certificates._sign(ctx, told)}, tmp_path)
        assert (status, said.startswith("broken:")) == (1, True), said
    told = body | {"counts": body["counts"] | {"messages": 7}}
    status, said = check({"certificate": told, "signature": certificates._sign(ctx, told)}, tmp_path)
    assert (status, "no proof of the number of messages" in said) == (1, True)
