"""Australia: the removal notice of the Online Safety Act 2021 (Cth), section 77."""

from __future__ import annotations

from cases.notices.notice import Basis, Notice
from cases.notices.regime import Regime, Requirement, located, paragraphs


def _power(notice: Notice) -> list[str]:
    door = {
        Basis.COMPLAINT: "a complaint was made under section 32",
        Basis.OBJECTION: "an objection notice was given under section 33",
    }[notice.basis]
    return paragraphs(
        f"""
        This is a removal notice under section 77 of the Online Safety Act 2021 (Cth). It is given to you as
        the provider of the service on which the intimate image named below is, or was, provided.

        It is given because {door} of the Act, and the image is not exempt (section 86).
        """
    )


def _statement(notice: Notice) -> list[str]:
    if notice.basis is Basis.OBJECTION:
        return paragraphs(
            """
            The person shown objects to the image being provided on the service, whether or not they
            consented to it before.
            """
        )
    return paragraphs(
        """
        The person shown did not consent to the image being provided on the service.
        """
    )


def _copies(_notice: Notice) -> list[str]:
    return []


def _consequences(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        You must comply with this notice to the extent that you are capable of doing so. Not doing so is
        subject to a civil penalty (section 80).

        The decision to give this notice can be reviewed (section 220).
        """
    )


REGIME = Regime(
    code="australia",
    name="Australia: removal notice (s 77)",
    law="Online Safety Act 2021 (Cth), section 77",
    jurisdiction="AU",
    hours=24,
    may_allow_longer=True,
    formal=True,
    requirements=(
        located("s 77(2)"),
        Requirement(
            "s 77(1)", "what it shows", ("description",), lambda notice: bool(notice.description.strip())
        ),
        Requirement(
            "s 77(1)",
            "the provider that it is given to",
            ("recipient",),
            lambda notice: bool(notice.recipient.service),
        ),
    ),
    power=_power,
    statement=_statement,
    copies=_copies,
    consequences=_consequences,
)
