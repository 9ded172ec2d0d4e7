"""Papers in every script that the pages speak."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from portal.core.pdf import Paper

MADE = datetime(2030, 5, 4, 3, 2, 1, tzinfo=UTC)


def written(text: str, language: str = "en") -> PdfReader:
    paper = Paper("A paper", language=language, made_at=MADE)
    paper.text(text)
    return PdfReader(BytesIO(paper.output()))


def fonts(reader: PdfReader) -> list[str]:
    resources: Any = reader.pages[0]["/Resources"]
    found = resources["/Font"].values()
    return sorted(str(font.get_object()["/BaseFont"]).partition("+")[2] for font in found)


def drawn(reader: PdfReader) -> bytes:
    """What the page draws, with its footer."""
    contents = reader.pages[0].get_contents()
    assert contents is not None
    return contents.get_data()


@pytest.mark.parametrize(
    ("text", "language", "font"),
    [
        ("Proof - reference ABCD-EFGH", "en", "NotoSans"),
        ("Ação, niño, été", "pt", "NotoSans"),
        ("Доказ: їжак, ґанок", "uk", "NotoSans"),
        ("حذف كل شيء", "ar", "NotoSansArabic"),
        ("हटाने का प्रमाण", "hi", "NotoSansDevanagari"),
        ("删除证明所有内容", "zh-hans", "NotoSansSCThin"),
    ],
)
def test_a_paper_embeds_a_font_that_has_every_character(text: str, language: str, font: str) -> None:
    reader = written(text, language)
    assert font in fonts(reader)
    shown = set(reader.pages[0].extract_text())
    assert set(text) - set(" -,:") <= shown | set("्")
    assert "\0" not in shown


def test_a_paper_says_its_title_language_and_time_and_nothing_of_who_made_it() -> None:
    reader = written("Something", "ar")
    assert reader.metadata is not None
    assert reader.metadata.title == "A paper"
    assert reader.metadata.creation_date == MADE
    assert reader.metadata.author is None
    assert reader.trailer["/Root"]["/Lang"] == "ar"  # type: ignore[index]  # pypdf types it as any object


def test_a_latin_paper_embeds_one_small_font() -> None:
    paper = Paper("A paper", language="en", made_at=MADE)
    paper.text("Only what is used")
    assert fonts(PdfReader(BytesIO(paper.output()))) == ["NotoSans"]
    assert len(paper.output()) < 10_000


def test_arabic_letters_join() -> None:
    """Three letters in a row are drawn with other glyphs than the same three apart."""
    joined, apart = drawn(written("ببب", "ar")), drawn(written("ب ب ب", "ar"))
    assert joined != apart
    together = written("ببب", "ar").pages[0].extract_text()
    assert together.count("ب") == 3
    assert widths(joined) > widths(apart)


def widths(content: bytes) -> int:
    """How many different glyph codes a page's content draws."""
    return len(set(content.split(b"Tj")[0]))


def test_each_language_begins_at_its_edge() -> None:
    left, right = place_of("abc", "en"), place_of("abc", "ar")
    assert left == pytest.approx(20 / 25.4 * 72, abs=4)
    assert right > 400


def place_of(text: str, language: str) -> float:
    places: list[float] = []

    def visit(found: str, _cm: Any, tm: list[float], *_font: Any) -> None:
        if text in found:
            places.append(float(tm[4]))

    written(text, language).pages[0].extract_text(visitor_text=visit)
    return places[0]


def test_a_long_paper_goes_on_over_pages_and_numbers_them() -> None:
    paper = Paper("A paper", language="en", made_at=MADE)
    paper.title("Title")
    for number in range(60):
        paper.heading(f"Heading {number}")
        paper.facts([("Name", "Value " * 20)])
    paper.items(["first", "second"])
    paper.code("0f" * 200)
    reader = PdfReader(BytesIO(paper.output()))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 3
    assert [text.split()[-1] for text in texts] == [str(number) for number in range(1, len(texts) + 1)]
    assert sum("Heading" in text for text in texts) == len(texts)
