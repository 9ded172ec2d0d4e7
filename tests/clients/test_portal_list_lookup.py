"""`portal-list lookup`: files are asked about by every kind of fingerprint, without holding a list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hashing.lists import services
from hashing.lists.states import Wire
from hashing.matching.generations import Folder
from portal.audit.models import Entry as AuditEntry
from portal_kit.command import main
from tests.clients.serving import Site
from tests.clients.test_portal_list_parts import with_regional
from tests.hashing.index_folder import brought_up_to_date
from tests.hashing.listing import Desk, make_key, make_partner
from tests.hashing.samples import sample
from tests.photos import encoded


@pytest.fixture
def uploads(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a crop of a listed photograph and a text, and a key in the environment."""
    monkeypatch.setenv("PORTAL_KEY", make_key(Wire.NATIVE, make_partner()).bearer)
    picture, folder = sample("astronaut"), tmp_path / "uploads"
    folder.mkdir()
    crop = picture.crop((80, 80, picture.width - 60, picture.height - 40))
    (folder / "a-crop.jpg").write_bytes(encoded(crop, quality=80))
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_a_crop_is_found_by_its_regions_and_no_file_leaves(
    site: Site, desk: Desk, index_folder: Folder, uploads: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = with_regional(desk, "astronaut")
    services.publish_pending()
    brought_up_to_date(index_folder)
    assert main(["--url", site.base, "lookup", str(uploads), "--list", "reviewed"]) == 0
    found, nothing = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (match,) = found["matches"]
    assert (found["decision"], found["refused"]) == ("copy", None)
    assert (match["entry"], match["how"], match["list"]) == (str(entry.pk), "regional", "reviewed")
    assert (nothing["decision"], nothing["matches"], nothing["refused"]) == ("none", [], "unknown")
    assert {request.path for request in site.requests} == {"/api/v1/lookup"}
    # A question whose answer is long in coming is asked again.
    asked = AuditEntry.objects.filter(verb="list.asked")
    assert {(each.payload["copy"], each.payload["none"]) for each in asked} == {(1, 0), (0, 1)}
