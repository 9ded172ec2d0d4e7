"""Anywhere: a request that rests on no power, only on what services promise. One person may send it."""

from __future__ import annotations

from cases.notices.notice import Basis, Notice
from cases.notices.regime import Regime, contactable, located, paragraphs


def _power(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        This is a request. It rests on no power over you, and on what most services promise their users:
        that intimate images of people who did not agree have no place there.
        """
    )


def _statement(notice: Notice) -> list[str]:
    if notice.basis is Basis.OBJECTION:
        return paragraphs(
            """
            The person shown objects to its being available, whether or not they once agreed.
            """
        )
    return paragraphs(
        """
        The person shown did not agree to its being available.
        """
    )


def _copies(_notice: Notice) -> list[str]:
    return []


def _consequences(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        If you cannot do this, please tell us why, and who can.
        """
    )


REGIME = Regime(
    code="generic",
    name="Anywhere: request",
    law="",
    jurisdiction="",
    hours=24,
    may_allow_longer=True,
    formal=False,
    requirements=(located("so that it is found"), contactable("so that you can answer")),
    power=_power,
    statement=_statement,
    copies=_copies,
    consequences=_consequences,
)
