"""Without the process that keeps the index a report still becomes a case, and its files are listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from cases.models import Case, CasePicture
from cases.services import reviewing
from hashing.fingerprints.asked import of_hashes
from hashing.lists import services as lists
from hashing.lists.models import Entry
from hashing.matching import comparing, service
from hashing.matching.service import Scope
from portal.accounts.roles import Role
from portal.core.context import Context
from portal.core.errors import Unavailable
from tests.cases.visitors import EMAIL, Visitor
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import make_picture


def test_a_report_is_taken_reviewed_and_listed(visitor: Visitor, settings: Settings, tmp_path: Path) -> None:
    settings.INDEX_DIR = tmp_path / "nobody-keeps-it"
    visitor.begin()
    visitor.tell(contact="email", email=EMAIL)
    visitor.step("code", "skip")
    visitor.step("files")
    reference, code = visitor.finish(consents=("partners", "regional"))
    case = Case.objects.get()
    assert visitor.follow(reference, code).status_code == 303
    CasePicture.objects.create(case=case, picture=make_picture(), position=1)
    proposer, approver = (make_staff(role, [case.team]) for role in (Role.CASEWORKER, Role.SUPERVISOR))
    entry = reviewing.propose(ctx_of(proposer), case_id=case.pk, position=1, list_slug="reviewed")
    reviewing.approve(ctx_of(approver), case_id=case.pk, entry_id=entry.pk, digest=entry.digest)
    assert lists.publish_pending() == 1
    assert Entry.objects.get().state == "listed"
    assert comparing.compare_new(Context.system("test")) == 0
    with pytest.raises(Unavailable):
        service.find(of_hashes(md5=["0" * 32]), Scope())
    assert not (tmp_path / "nobody-keeps-it").exists()
