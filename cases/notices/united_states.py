"""United States: the notification and removal request of the TAKE IT DOWN Act, 47 U.S.C. 223a."""

from __future__ import annotations

from cases.notices.notice import Notice
from cases.notices.regime import Regime, contactable, in_good_faith, located, paragraphs, reasoned, signed

_LAW = "47 U.S.C. 223a(a)(1)(B)"


def _power(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        This is a notification and request for removal under section 3 of the TAKE IT DOWN Act, 47 U.S.C.
        223a. It is made for the identifiable individual shown, by a person authorized to act on that
        individual's behalf.
        """
    )


def _statement(notice: Notice) -> list[str]:
    kind = "a digital forgery" if notice.synthetic else "an intimate visual depiction"
    return paragraphs(
        f"""
        We have a good faith belief that what is identified above is {kind} of the individual, and that it
        was published without the individual's consent.

        Relevant information: {notice.reasons}
        """
    )


def _copies(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        The Act asks you to make reasonable efforts to identify and remove any known identical copies.
        """
    )


def _consequences(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        The Act asks you to remove it as soon as possible, and not later than 48 hours after receiving a
        valid request. The Federal Trade Commission enforces this duty.
        """
    )


REGIME = Regime(
    code="united_states",
    name="United States: removal request (TAKE IT DOWN Act)",
    law="TAKE IT DOWN Act, 47 U.S.C. 223a",
    jurisdiction="US",
    hours=48,
    formal=True,
    requirements=(
        signed(f"{_LAW}(i)"),
        located(f"{_LAW}(ii)"),
        in_good_faith(f"{_LAW}(iii)"),
        reasoned(f"{_LAW}(iii)"),
        contactable(f"{_LAW}(iv)"),
    ),
    power=_power,
    statement=_statement,
    copies=_copies,
    consequences=_consequences,
)
