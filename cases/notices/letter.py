"""The letter: the parts of a notice in the order in which a platform's lawyer looks for them.

One structure for every form (mail, page, PDF); only the regime's own paragraphs differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.notices import regimes
from cases.notices.notice import Action, Basis, Item, Notice, Standing
from cases.notices.regime import Regime, paragraphs

NOT_YET = "set when it is sent"
SUBJECT = "URGENT: intimate image shared without consent"
_ACTIONS = {
    Action.DEINDEX: "Take the addresses out of your search results.",
    Action.BLOCK: "Use the fingerprints below so that it is not uploaded again.",
    Action.PRESERVE: "Keep a copy out of sight, its logs and the account's data for the police; delete none.",
}
_STANDING = {
    Standing.SELF: "The person shown reported it to us.",
    Standing.AUTHORISED: "Somebody whom the person shown has authorised reported it to us.",
    Standing.PARENT: "A parent or guardian of the person shown reported it to us.",
}
_BASIS = {
    Basis.COMPLAINT: "Basis: complaint. The person shown did not consent.",
    Basis.OBJECTION: "Basis: objection. The person shown objects, whatever they consented to before.",
}


@dataclass(frozen=True)
class Part:
    """`numbered` are things, `rows` names with values; either may be empty."""

    heading: str
    text: tuple[str, ...] = ()
    numbered: tuple[tuple[str, ...], ...] = ()
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Letter:
    title: str
    parts: tuple[Part, ...]


def write(notice: Notice) -> Letter:
    """The letter of a record that its regime has accepted."""
    regime = regimes.BY_CODE[notice.regime]
    parts = (maker(notice, regime) for maker in _PARTS)
    return Letter(SUBJECT, tuple(part for part in parts if part.text or part.numbered or part.rows))


def _head(notice: Notice, regime: Regime) -> Part:
    rows = [("Reference", notice.reference), ("Sent", _moment(notice.sent_at))]
    rows += [("Law", regime.law)] if regime.law else []
    return Part(notice.issuer.agency, rows=tuple(rows))


def _to(notice: Notice, _regime: Regime) -> Part:
    recipient = notice.recipient
    lines = [f"{recipient.service}, designated or legal contact"]
    lines += [recipient.email] if recipient.email else []
    return Part("To", (*lines, *paragraphs(notice.cover)))


def _power(notice: Notice, regime: Regime) -> Part:
    return Part("Power and provision", tuple(regime.power(notice)))


def _what(notice: Notice, _regime: Regime) -> Part:
    kind = "It was made or changed with a computer." if notice.synthetic else ""
    text = tuple(line for line in (notice.description, kind) if line)
    return Part("What it is, and where", text, numbered=tuple(map(_item, notice.items)))


def _item(item: Item) -> tuple[str, ...]:
    named = (
        ("Content id", item.content_id),
        ("Account", item.account),
        ("Last seen", _moment(item.seen_at) if item.seen_at else ""),
        ("How it was recorded", item.capture),
    )
    return (item.url, *(f"{name}: {value}" for name, value in named if value))


def _basis(notice: Notice, regime: Regime) -> Part:
    text = [_BASIS[notice.basis], _STANDING[notice.standing], *regime.statement(notice)]
    if signature := notice.signature:
        authority = f", {signature.authority}" if signature.authority else ""
        text.append(f"Signed: {signature.name}, {_moment(signature.at)}{authority}")
    return Part("Statements", tuple(text))


def _duty(notice: Notice, _regime: Regime) -> Part:
    due = notice.due_at
    by = f"by {_moment(due.isoformat())}" if due else f"(the time is {NOT_YET})"
    text = [f"Remove what is named above within {_hours(notice.hours)} of receiving this, {by}."]
    text += [
        words for action, words in _ACTIONS.items() if action in notice.actions and action != Action.PRESERVE
    ]
    return Part("What you are asked to do, and by when", tuple(text))


def _copies(notice: Notice, regime: Regime) -> Part:
    text = list(regime.copies(notice))
    if Action.COPIES in notice.actions:
        text.insert(
            0,
            "Remove copies that are identical or substantially the same, wherever they are on your service.",
        )
    return Part(
        "Copies", tuple(text), rows=tuple((one.kind.upper(), one.value) for one in notice.fingerprints)
    )


def _evidence(notice: Notice, _regime: Regime) -> Part:
    wanted = Action.PRESERVE in notice.actions
    return Part("Evidence", (_ACTIONS[Action.PRESERVE],) if wanted else ())


def _silence(notice: Notice, _regime: Regime) -> Part:
    text = ["This letter may not be republished."]
    if Action.SILENCE in notice.actions:
        text.insert(0, "Do not tell the uploader, or anybody else, who is shown or who asked.")
    return Part("Confidence", tuple(text))


def _answer(notice: Notice, regime: Regime) -> Part:
    to, reference = notice.issuer.email, notice.reference
    ask = f"Answer to {to}, naming {reference}: what you did and when; if you refuse, why."
    return Part("Your answer", (ask, *regime.answer(notice)))


def _consequences(notice: Notice, regime: Regime) -> Part:
    return Part("Consequences and review", tuple(regime.consequences(notice)))


def _contact(notice: Notice, _regime: Regime) -> Part:
    issuer = notice.issuer
    rows = [("From", f"{issuer.role}, {issuer.agency}"), ("Email", issuer.email)]
    rows += [("Telephone", issuer.phone)] if issuer.phone else []
    rows.append(("To see that this letter is genuine", notice.check_url or f"The address is {NOT_YET}."))
    return Part("Contact", rows=tuple(rows))


_PARTS: tuple[Callable[[Notice, Regime], Part], ...] = (
    _head,
    _to,
    _power,
    _what,
    _basis,
    _duty,
    _copies,
    _evidence,
    _silence,
    _answer,
    _consequences,
    _contact,
)


def _moment(at: str) -> str:
    """2026-11-22 21:05 UTC; what has not happened yet in words."""
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M} UTC" if at else NOT_YET


def _hours(number: int) -> str:
    return "one hour" if number == 1 else f"{number} hours"


def lines(part: Part) -> Iterator[str]:
    """A part as plain lines, for whoever only reads."""
    yield from part.text
    for number, thing in enumerate(part.numbered, start=1):
        yield f"{number}. {thing[0]}"
        yield from (f"   {line}" for line in thing[1:])
    yield from (f"{name}: {value}" for name, value in part.rows)
