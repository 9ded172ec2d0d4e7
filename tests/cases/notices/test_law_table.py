"""Every regime's letter against the law, field by field: what must be in it is in every form of it, and a
record without it is no notice.

The table is what the laws ask for, written down apart from the code that follows them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from cases.notices import regimes, rendering
from cases.notices.notice import Basis, Issuer, Item, Missing, Notice, Recipient, Standing
from cases.notices.rendering import Form
from tests.cases.notices.records import PDQ, SHA256, record

URL = "https://video.example/watch?v=9&list=2"
NOBODY = Issuer("", "", "", "", "AU")
# regime, hours, [(what the law asks for, words that meet it)], [(field, a value without it)]
Table = list[tuple[str, int, list[tuple[str, str]], list[tuple[str, Any]]]]
LAW: Table = [
    (
        "australia",
        24,
        [
            (
                "s 77(1): a written notice to the provider",
                "removal notice under section 77 of the Online Safety Act 2021",
            ),
            ("s 77(1): to whom", "Video Example, designated or legal contact"),
            (
                "s 77(1): all reasonable steps, within 24 hours",
                "within 24 hours of receiving this, by 2026-11-23 21:05 UTC",
            ),
            ("s 77(2): identified sufficiently", URL),
            ("s 77(2): identified sufficiently", "A video of an adult in a private setting."),
            ("s 32 or 33: by which door", "a complaint was made under section 32"),
            ("s 80: consequence", "civil penalty (section 80)"),
            ("s 220: review", "can be reviewed (section 220)"),
        ],
        [("items", ()), ("description", " "), ("recipient", Recipient(""))],
    ),
    (
        "united_states",
        48,
        [
            (
                "(i) signature of a person authorized",
                "Signed: R. Officer, 2026-11-22 20:30 UTC, authorised by the person",
            ),
            ("(ii) identification", "A video of an adult in a private setting."),
            ("(ii) information to locate it", URL),
            (
                "(iii) good faith, not consensual",
                "good faith belief that what is identified above is an intimate visual depiction",
            ),
            ("(iii) good faith, not consensual", "published without the individual's consent"),
            ("(iii) relevant information", "Relevant information: It was published by a former partner"),
            ("(iv) contact", "removals@agency.example"),
            ("48 hours after a valid request", "within 48 hours of receiving this, by 2026-11-24 21:05 UTC"),
            (
                "known identical copies",
                "reasonable efforts to identify and remove any known identical copies",
            ),
        ],
        [("signature", None), ("items", ()), ("good_faith", False), ("reasons", ""), ("issuer", NOBODY)],
    ),
    (
        "united_kingdom",
        48,
        [
            (
                "declares: intimate image content",
                "We declare that what is identified above is intimate image content.",
            ),
            ("declares: by or for the subject", "made by the subject of the content"),
            ("declares: good faith", "made in good faith"),
            ("declares: true to the best of knowledge", "true to the best of our knowledge and belief"),
            ("sufficient identification", URL),
            ("contact", "removals@agency.example"),
            (
                "48 hours, as soon as practicable",
                "within 48 hours of receiving this, by 2026-11-24 21:05 UTC",
            ),
            ("same or substantially the same", "the same or substantially the same"),
        ],
        [("good_faith", False), ("accurate", False), ("items", ()), ("issuer", NOBODY), ("description", "")],
    ),
    (
        "eu_notice",
        24,
        [
            ("16(2)(a) reasons", "Why we consider it illegal: It was published by a former partner"),
            ("16(2)(b) exact URL", URL),
            ("16(2)(b) additional information", "Content id: v-9"),
            ("16(2)(c) name and email", "Submitted by Sample Agency, removals@agency.example."),
            (
                "16(2)(d) bona fide",
                "bona fide belief that the information and the allegations in this notice are accurate",
            ),
            ("16(4) receipt", "confirm receipt without undue delay (article 16(4))"),
            ("16(5) decision and redress", "your decision and how it can be challenged (article 16(5))"),
        ],
        [("reasons", ""), ("items", ()), ("issuer", NOBODY), ("accurate", False)],
    ),
    (
        "eu_order",
        24,
        [
            ("9(2)(a)(i) legal basis", "Legal basis: Criminal Code, section 201a"),
            ("9(2)(a)(ii) reasons", "Statement of reasons: It was published by a former partner"),
            ("9(2)(a)(iii) issuing authority", "Issuing authority: Sample Agency, Removals officer."),
            ("9(2)(a)(iv) exact URL", URL),
            (
                "9(2)(a)(v) redress for both",
                "Redress, for you and for whoever provided the content: An appeal",
            ),
            (
                "9(2)(a)(vi) whom to inform",
                "Inform Sample Agency at removals@agency.example, without undue delay",
            ),
            ("9(2)(b) territory", "Territorial scope: The whole of the European Union"),
            ("Dir. 2024/1385 23(3) revoked if no offence", "this order is revoked"),
        ],
        [
            ("provision", ""),
            ("reasons", ""),
            ("items", ()),
            ("redress", ""),
            ("territory", ""),
            ("issuer", NOBODY),
        ],
    ),
    (
        "india",
        2,
        [
            ("rule 3(2)(b)", "complaint under rule 3(2)(b)"),
            ("by an individual or on behalf", "made by an individual through this agency"),
            ("what it shows, prima facie", "prima facie exposes the private area of the individual"),
            ("2 hours", "within 2 hours of receiving this, by 2026-11-22 23:05 UTC"),
            ("SOP 2025: fingerprints", "use the attached fingerprints"),
        ],
        [("items", ()), ("description", ""), ("issuer", NOBODY)],
    ),
    (
        "generic",
        24,
        [
            ("no power claimed", "It rests on no power over you"),
            ("found", URL),
            ("contact", "removals@agency.example"),
        ],
        [("items", ()), ("issuer", NOBODY)],
    ),
]
# What every letter says, in this order, whatever the law.
ALWAYS = [
    "Reference: K7XQ2M4P",
    "Sent: 2026-11-22 21:05 UTC",
    "Video Example",
    URL,
    "The person shown reported it to us.",
    "identical or substantially the same",
    SHA256,
    PDQ,
    "for the police",
    "Do not tell the uploader",
    "if you refuse, why",
    "Removals officer, Sample Agency",
    "https://portal.example/letters/abc/",
]
CODES = [row[0] for row in LAW]


def read(form: Form, content: bytes) -> str:
    """What somebody reads in it, with all white space as single spaces."""
    if form is Form.PDF:
        found = "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    elif form is Form.JSON:
        found = " ".join(_strings(json.loads(content)["letter"]))
    else:
        found = (
            content.decode()
            .replace("&amp;", "&")
            .replace("&#x27;", "'")
            .replace('</dt><dd dir="auto">', ": ")
        )
    return " ".join(found.split())


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and not value[0].startswith("http")
    ):
        return [f"{value[0]}: {value[1]}"]
    return [text for each in value for text in _strings(each)] if isinstance(value, list) else [str(value)]


def mail(notice: Notice) -> str:
    return read(Form.TEXT, rendering.every(notice)[Form.TEXT])


def test_every_regime_has_its_row() -> None:
    assert sorted(CODES) == sorted(regimes.BY_CODE)


@pytest.mark.parametrize("row", LAW, ids=CODES)
def test_what_the_law_asks_for_is_in_every_form(row: Any) -> None:
    regime, hours, asked, _fields = row
    notice = record(regime)
    regimes.BY_CODE[regime].check(notice)
    assert notice.hours == hours
    read_back = {form: read(form, content) for form, content in rendering.every(notice).items()}
    squeezed = {form: found.replace(" ", "") for form, found in read_back.items()}
    missing = [
        (form.value, law, words)
        for form in Form
        for law, words in [*asked, *(("always", words) for words in ALWAYS)]
        if words.replace(" ", "") not in squeezed[form]
    ]
    assert missing == []


@pytest.mark.parametrize("row", LAW, ids=CODES)
def test_without_any_one_of_them_it_is_no_notice(row: Any) -> None:
    regime, _hours, _asked, fields = row
    for name, without in fields:
        with pytest.raises(Missing) as refused:
            regimes.BY_CODE[regime].check(record(regime, **{name: without}))
        assert name in refused.value.fields, name
    everything = dict(fields)
    with pytest.raises(Missing) as refused:
        regimes.BY_CODE[regime].check(record(regime, **everything))
    assert set(refused.value.fields) == set(everything)


@pytest.mark.parametrize("regime", ["united_states", "united_kingdom", "india"])
def test_nobody_changes_a_clock_that_the_law_fixes(regime: str) -> None:
    for hours in (1, 200):
        with pytest.raises(Missing) as refused:
            regimes.BY_CODE[regime].check(record(regime, hours=hours))
        assert refused.value.fields == ("hours",)


@pytest.mark.parametrize("regime", ["australia", "eu_notice", "eu_order", "generic"])
def test_more_time_may_be_allowed_and_never_less(regime: str) -> None:
    regimes.BY_CODE[regime].check(record(regime, hours=72))
    with pytest.raises(Missing):
        regimes.BY_CODE[regime].check(record(regime, hours=23))


def test_an_order_speaks_a_language_of_the_contact_point() -> None:
    order = record("eu_order", recipient=Recipient("Video Example", "legal@video.example", "de"))
    with pytest.raises(Missing) as refused:
        regimes.BY_CODE["eu_order"].check(order)
    assert refused.value.fields == ("cover",)
    regimes.BY_CODE["eu_order"].check(replace(order, cover="Anordnung nach Artikel 9."))


def test_the_other_answers_have_their_own_words() -> None:
    assert "an objection notice was given under section 33" in mail(
        record("australia", basis=Basis.OBJECTION)
    )
    behalf = mail(record("united_kingdom", standing=Standing.AUTHORISED))
    assert "made on behalf of the subject of the content" in behalf
    assert "a digital forgery" in mail(record("united_states", synthetic=True))
    assert "impersonation in an electronic form" in mail(record("india", synthetic=True))


def test_a_draft_says_that_its_times_are_not_set() -> None:
    draft = mail(record("india", sent_at="", check_url=""))
    assert "Sent: set when it is sent" in draft
    assert "within 2 hours of receiving this, (the time is set when it is sent)." in draft


def test_nothing_is_asked_that_was_not_chosen() -> None:
    bare = mail(record("generic", actions=(), fingerprints=(), signature=None, items=(Item(URL),)))
    for words in ("Copies", "Evidence", "uploader", "Signed", "Content id", "Last seen"):
        assert words not in bare


def test_an_agency_sends_no_other_country_s_powers() -> None:
    assert [one.code for one in regimes.open_to("AU")] == [
        *("australia", "united_states", "united_kingdom", "eu_notice", "india", "generic")
    ]
    assert "eu_order" in {one.code for one in regimes.open_to("IE")}
    assert "australia" not in {one.code for one in regimes.open_to("IE")}
