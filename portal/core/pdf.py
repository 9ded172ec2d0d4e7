"""Papers for people: A4, their language's direction and script, nothing but text.

Text is shaped (Arabic joins, Devanagari stacks) with Noto Sans of `fonts/`; a paper embeds only the glyphs
that it uses. A character that no font there has is drawn as an empty box, never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.utils.translation import get_language_info
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

FONTS = Path(__file__).parent / "fonts"
MARGIN, LINE = 20.0, 1.45  # millimetres; line height as a multiple of the size
TEXT, HEADING, TITLE, SMALL = 10.5, 13.0, 18.0, 8.0  # points
_MILLIMETRES = 25.4 / 72

# Which font has which characters, in the order in which they are asked. Latin is always there.
_SCRIPTS = {
    "latin-ext": re.compile(
        "[\u0100-\u0130\u0132-\u0151\u0154-\u02ba\u0300-\u036f\u1e00-\u1e9f\u20a0-\u20ab]"
    ),
    "vietnamese": re.compile("[\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "cyrillic": re.compile("[\u0400-\u045f\u0490\u0491\u04b0\u04b1\u2116]"),
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]"),
    "devanagari": re.compile("[\u0900-\u097f\ua8e0-\ua8ff]"),
    "chinese": re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"),
}


class Paper:
    """One document, written from top to bottom; `made_at` is all that it says of its making.

    `title` is what a reader shows in its window: it must be as neutral as any title that a person sees.
    """

    def __init__(self, title: str, *, language: str, made_at: datetime) -> None:
        self._rtl = get_language_info(language)["bidi"]
        self._loaded: list[str] = []
        self._pdf = pdf = _Page(unit="mm", format="A4")
        pdf.set_title(title)
        pdf.set_lang(language)
        pdf.set_creation_date(made_at)
        pdf.set_margin(MARGIN)
        pdf.set_auto_page_break(auto=True, margin=MARGIN)
        pdf.add_font("latin", fname=FONTS / "latin.ttf")
        pdf.set_font("latin", size=TEXT)
        pdf.add_page()

    def title(self, text: str) -> None:
        self._write(text, TITLE, after=4)

    def heading(self, text: str) -> None:
        self._pdf.ln(3)
        self._write(text, HEADING, after=1.5)

    def text(self, text: str) -> None:
        self._write(text, TEXT, after=2.5)

    def small(self, text: str) -> None:
        self._write(text, SMALL, after=2)

    def code(self, text: str) -> None:
        """What is copied sign by sign: from left to right in every language."""
        self._write(text, SMALL, after=2, ltr=True)

    def items(self, texts: Iterable[str]) -> None:
        for text in texts:
            self._write(f"•\u00a0{text}", TEXT, after=1)
        self._pdf.ln(1.5)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """A name and what it is, one under the other: nothing is cut, however long."""
        for name, value in rows:
            self._write(name, SMALL, after=0)
            self._write(value, TEXT, after=2)

    def attach(self, name: str, data: bytes) -> None:
        """A file inside the paper; it lies there uncompressed, so programs find it without a reader."""
        self._pdf.embed_file(bytes=data, basename=name, compress=False)

    def output(self) -> bytes:
        return bytes(self._pdf.output())

    def _write(self, text: str, size: float, *, after: float, ltr: bool = False) -> None:
        self._load_fonts(text)
        pdf = self._pdf
        pdf.set_font("latin", size=size)
        pdf.set_text_shaping(use_shaping_engine=True, direction="rtl" if self._rtl and not ltr else "ltr")
        pdf.multi_cell(
            0,
            size * LINE * _MILLIMETRES,
            text,
            align=Align.R if self._rtl else Align.L,
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )
        pdf.ln(after)

    def _load_fonts(self, text: str) -> None:
        wanted = [name for name, pattern in _SCRIPTS.items() if pattern.search(text)]
        for name in wanted:
            if name not in self._loaded:
                self._pdf.add_font(name, fname=FONTS / f"{name}.ttf")
                self._loaded.append(name)
        self._pdf.set_fallback_fonts(list(self._loaded), exact_match=False)


class _Page(FPDF):
    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("latin", size=SMALL)
        self.cell(0, 5, str(self.page_no()), align=Align.C)
