"""India: the complaint of rule 3(2)(b) of the IT (Intermediary Guidelines) Rules 2021, as amended in 2026."""

from __future__ import annotations

from cases.notices.notice import Notice, Standing
from cases.notices.regime import Regime, Requirement, contactable, located, paragraphs

_LAW = "rule 3(2)(b)"


def _power(notice: Notice) -> list[str]:
    by = "by an individual" if notice.standing is Standing.SELF else "on behalf of an individual"
    return paragraphs(
        f"""
        This is a complaint under rule 3(2)(b) of the Information Technology (Intermediary Guidelines and
        Digital Media Ethics Code) Rules, 2021, as amended in 2026, made {by} through this agency.
        """
    )


def _statement(notice: Notice) -> list[str]:
    if notice.synthetic:
        return paragraphs(
            """
            The content prima facie is in the nature of impersonation in an electronic form, including
            artificially morphed images of the individual.
            """
        )
    return paragraphs(
        """
        The content prima facie exposes the private area of the individual, shows the individual in full or
        partial nudity, or shows or depicts the individual in a sexual act or conduct.
        """
    )


def _copies(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        Please use the attached fingerprints, where there are any, so that it is not uploaded again.
        """
    )


def _consequences(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        The rules ask you to take all reasonable and practicable measures to remove or disable access to it
        within two hours of receiving this complaint.
        """
    )


REGIME = Regime(
    code="india",
    name="India: complaint (rule 3(2)(b))",
    law="IT (Intermediary Guidelines and Digital Media Ethics Code) Rules, 2021, rule 3(2)(b)",
    jurisdiction="IN",
    hours=2,
    formal=True,
    requirements=(
        Requirement(_LAW, "by or for an individual", ("standing",), lambda notice: bool(notice.standing)),
        Requirement(_LAW, "what it shows", ("description",), lambda notice: bool(notice.description.strip())),
        located(_LAW),
        contactable(_LAW),
    ),
    power=_power,
    statement=_statement,
    copies=_copies,
    consequences=_consequences,
)
