"""The proof of deletion: downloaded by its person, checked by the standalone verifier without the portal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cases.models import Case
from cases.services import certificates
from hashing.lists import services as lists
from portal.audit import Verb, keys, sealer
from portal.audit.models import Entry as AuditEntry
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from tests.cases.follow.test_take_back import followed, take_back
from tests.cases.visitors import Visitor
from tests.portal.audit import alone

__all__ = ["followed"]


@pytest.fixture
def deleted(followed: tuple[Visitor, Case]) -> tuple[Visitor, Case]:
    visitor, case = followed
    take_back(visitor, "everything")
    lists.publish_pending()
    return visitor, case


def check(data: dict[str, Any], folder: Path) -> tuple[int, str]:
    file = folder / "proof.json"
    file.write_text(json.dumps(data), encoding="utf-8")
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
