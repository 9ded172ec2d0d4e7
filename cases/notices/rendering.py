"""A notice in the four forms in which it is kept: mail text, page, PDF, and JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum

from django.template.loader import render_to_string

from cases.notices import letter, regimes
from cases.notices.letter import Letter, Part
from cases.notices.notice import Notice
from portal.core import clock
from portal.core.pdf import Paper

WIDTH = 76
_ONE_PIECE = 2  # words: a number and an address, a kind and a fingerprint
FORMAT = "portal-removal-notice/v1"


class Form(StrEnum):
    TEXT = "text"
    PAGE = "html"
    PDF = "pdf"
    JSON = "json"


MEDIA_TYPES = {
    Form.TEXT: "text/plain; charset=utf-8",
    Form.PAGE: "text/html; charset=utf-8",
    Form.PDF: "application/pdf",
    Form.JSON: "application/json",
}


def every(notice: Notice) -> dict[Form, bytes]:
    """All forms of one notice, from one letter."""
    written = letter.write(notice)
    makers: dict[Form, Callable[[Notice, Letter], bytes]] = {
        Form.TEXT: lambda _notice, made: text(made).encode(),
        Form.PAGE: lambda _notice, made: page(made).encode(),
        Form.PDF: pdf,
        Form.JSON: machine,
    }
    return {form: make(notice, written) for form, make in makers.items()}


def text(written: Letter) -> str:
    """The body of a mail. Addresses and fingerprints are never broken over lines."""
    return "\n\n".join([written.title, *map(_section, written.parts)]) + "\n"


def _section(part: Part) -> str:
    return "\n".join([part.heading, "-" * len(part.heading), *map(_wrapped, letter.lines(part))])


def _wrapped(line: str) -> str:
    if len(line.split()) <= _ONE_PIECE:
        return line
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def page(written: Letter) -> str:
    """A page that stands alone, to read or to print: no script, nothing loaded from anywhere."""
    return render_to_string("cases/notices/letter.html", {"letter": written})


def pdf(notice: Notice, written: Letter) -> bytes:
    made_at = datetime.fromisoformat(notice.sent_at) if notice.sent_at else clock.now()
    paper = Paper(notice.reference, language="en", made_at=made_at)
    paper.title(written.title)
    for part in written.parts:
        _on_paper(paper, part)
    return paper.output()


def _on_paper(paper: Paper, part: Part) -> None:
    paper.heading(part.heading)
    for paragraph in part.text:
        paper.text(paragraph)
    for number, thing in enumerate(part.numbered, start=1):
        paper.code(f"{number}. {thing[0]}")
        for line in thing[1:]:
            paper.small(line)
    for name, value in part.rows:
        paper.text(f"{name}: {value}")


def machine(notice: Notice, written: Letter) -> bytes:
    """The record with its law and deadline, and the letter's parts as they were written."""
    regime = regimes.BY_CODE[notice.regime]
    due = notice.due_at
    body = {
        "format": FORMAT,
        "law": regime.law,
        "due_at": due.isoformat() if due else "",
        "notice": asdict(notice),
        "letter": asdict(written),
    }
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()
