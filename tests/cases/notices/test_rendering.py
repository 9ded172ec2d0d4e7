"""The forms of a letter: every script can be read back, nothing is broken, and never a picture."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from cases.notices import letter, rendering
from cases.notices.notice import Action, Issuer, Item, Notice
from cases.notices.rendering import Form
from tests.cases.notices.records import record

ARABIC = "نُشر الفيديو دون موافقة صاحبته"
HINDI = "यह वीडियो बिना सहमति के प्रकाशित किया गया"
CHINESE = "该视频未经本人同意而发布"


def test_a_record_comes_back_from_its_text_and_a_change_changes_its_digest() -> None:
    notice = record("eu_order")
    assert Notice.from_json(notice.to_json()) == notice
    assert record("eu_order", sent_at="", check_url="").digest == notice.digest
    for change in ({"reasons": "other"}, {"hours": 25}, {"actions": (Action.COPIES,)}, {"synthetic": True}):
        assert record("eu_order", **change).digest != notice.digest


@pytest.mark.parametrize("words", [ARABIC, HINDI, CHINESE])
def test_every_script_is_read_back_from_every_form(words: str) -> None:
    """The PDF is read by a program that knows nothing of how it was made."""
    forms = rendering.every(record(cover=words, description=words))
    for form in (Form.TEXT, Form.PAGE, Form.JSON):
        assert forms[form].decode().count(words) >= 2
    reader = PdfReader(BytesIO(forms[Form.PDF]))
    shown = "".join(page.extract_text() for page in reader.pages)
    assert set(words) - {" "} <= set(shown) | set("्"), set(words) - set(shown)
    assert "\0" not in shown


def test_addresses_and_fingerprints_stay_in_one_piece() -> None:
    long = "https://video.example/" + "-part" * 60
    text = rendering.every(record(items=(Item(long),)))[Form.TEXT].decode()
    assert f"1. {long}\n" in text
    assert max(len(line) for line in text.splitlines() if long not in line) <= rendering.WIDTH


def test_there_is_never_a_picture_in_it() -> None:
    forms = rendering.every(record())
    for each in (b"<img", b"<image", b"data:", b"<script", b"url("):
        assert each not in forms[Form.PAGE]
    for page in PdfReader(BytesIO(forms[Form.PDF])).pages:
        assert list(page.images) == []
    assert "image" not in json.loads(forms[Form.JSON])["notice"]


def test_what_somebody_typed_is_text_and_nothing_else() -> None:
    page = rendering.every(record(description="<b>bold</b> & {{ x }}"))[Form.PAGE].decode()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; {{ x }}" in page


def test_the_same_notice_gives_the_same_bytes() -> None:
    assert rendering.every(record("india")) == rendering.every(record("india"))


def test_a_program_reads_the_law_the_deadline_and_the_record() -> None:
    read = json.loads(rendering.every(record("united_states"))[Form.JSON])
    assert read["format"] == "portal-removal-notice/v1"
    assert read["due_at"] == "2026-11-24T21:05:00+00:00"
    assert [item["url"] for item in read["notice"]["items"]] == [
        "https://video.example/watch?v=9&list=2",
        "https://video.example/watch?v=10",
    ]
    assert len(read["letter"]["parts"]) == 12


def test_no_name_of_an_officer_unless_they_sign() -> None:
    text = rendering.every(record(signature=None))[Form.TEXT].decode()
    assert "R. Officer" not in text
    assert "Removals officer, Sample Agency" in text


def test_one_hour_is_one_hour() -> None:
    assert "within one hour of" in rendering.text(letter.write(record(hours=1)))


def test_an_agency_without_telephone_has_no_empty_line() -> None:
    issuer = Issuer("Sample Agency", "Removals officer", "removals@agency.example", "", "AU")
    assert "Telephone" not in rendering.text(letter.write(record(issuer=issuer)))
