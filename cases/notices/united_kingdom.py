"""United Kingdom: the report of intimate image content of the Online Safety Act 2023, section 20A."""

from __future__ import annotations

from cases.notices.notice import Notice, Standing
from cases.notices.regime import (
    Regime,
    Requirement,
    accurate,
    contactable,
    in_good_faith,
    located,
    paragraphs,
)

_LAW = "s 20A"


def _power(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        This is a report of intimate image content for the purposes of sections 10(3A) and 20A of the Online
        Safety Act 2023.
        """
    )


def _statement(notice: Notice) -> list[str]:
    by = "by the subject of the content"
    if notice.standing is not Standing.SELF:
        by = "on behalf of the subject of the content"
    return paragraphs(
        f"""
        We declare that what is identified above is intimate image content.

        We declare that this report is made {by}, through this agency.

        We declare that this report is made in good faith.

        We declare that what it says is true to the best of our knowledge and belief.
        """
    )


def _copies(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        The duty covers content that is the same or substantially the same.
        """
    )


def _consequences(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        The Act asks you to take the content down as soon as reasonably practicable, and no later than 48
        hours after receiving this report. Ofcom enforces this duty.
        """
    )


REGIME = Regime(
    code="united_kingdom",
    name="United Kingdom: report (s 20A)",
    law="Online Safety Act 2023, sections 10(3A) and 20A",
    jurisdiction="GB",
    hours=48,
    formal=True,
    requirements=(
        Requirement(
            _LAW, "what the content is", ("description",), lambda notice: bool(notice.description.strip())
        ),
        Requirement(_LAW, "by or for the subject", ("standing",), lambda notice: bool(notice.standing)),
        in_good_faith(_LAW),
        accurate(_LAW),
        located(_LAW),
        contactable(_LAW),
    ),
    power=_power,
    statement=_statement,
    copies=_copies,
    consequences=_consequences,
)
