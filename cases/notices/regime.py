"""What makes one regime's letter its own: the law it rests on, its clock, and what it must contain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cases.notices.notice import Missing, Notice

Words = Callable[[Notice], list[str]]


@dataclass(frozen=True)
class Requirement:
    """One thing that the law asks for, where it says so, and whether a record has it.

    `fields` are names of Notice: what the desk's form is asked to fill in where it is missing.
    """

    law: str
    what: str
    fields: tuple[str, ...]
    met: Callable[[Notice], bool]


def paragraphs(text: str) -> list[str]:
    """Paragraphs as they stand in the source: lines joined, blank lines between them."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _nothing(_notice: Notice) -> list[str]:
    return []


@dataclass(frozen=True)
class Regime:
    """`formal`: it is sent in the exercise of a power or in the person's name, so two people are needed.

    `jurisdiction` is an ISO 3166-1 code, EU, or "" for anywhere. `hours` is the clock that the law sets; with
    `may_allow_longer`, the one who writes may allow more. The functions give paragraphs: `power` the power
    and its provision, `statement` what the law wants stated, `copies` what is said of copies, `consequences`
    what follows and how it can be challenged, `answer` what the service has to answer.
    """

    code: str
    name: str
    law: str
    jurisdiction: str
    hours: int
    formal: bool
    requirements: tuple[Requirement, ...]
    power: Words
    statement: Words
    copies: Words
    consequences: Words
    answer: Words = _nothing
    may_allow_longer: bool = False

    def check(self, notice: Notice) -> None:
        """Raise Missing with every field that the law asks for and the record doesn't hold."""
        lacking = [name for one in self.requirements if not one.met(notice) for name in one.fields]
        if notice.hours < self.hours or (notice.hours > self.hours and not self.may_allow_longer):
            lacking.append("hours")
        if lacking:
            raise Missing(tuple(dict.fromkeys(lacking)))


# What several laws ask for in the same way.
def located(law: str) -> Requirement:
    """Addresses or ids by which the service finds each thing."""
    what = "identify it sufficiently to be found"
    return Requirement(
        law, what, ("items",), lambda notice: bool(notice.items) and all(item.url for item in notice.items)
    )


def signed(law: str) -> Requirement:
    return Requirement(
        law,
        "signature of the person or of whom they authorised",
        ("signature",),
        lambda notice: bool(notice.signature and notice.signature.name and notice.signature.at),
    )


def in_good_faith(law: str) -> Requirement:
    return Requirement(law, "statement of good faith", ("good_faith",), lambda notice: notice.good_faith)


def accurate(law: str) -> Requirement:
    return Requirement(
        law, "statement that it is true and complete", ("accurate",), lambda notice: notice.accurate
    )


def contactable(law: str) -> Requirement:
    return Requirement(
        law, "contact", ("issuer",), lambda notice: bool(notice.issuer.email or notice.issuer.phone)
    )


def reasoned(law: str) -> Requirement:
    return Requirement(law, "reasons", ("reasons",), lambda notice: bool(notice.reasons))
