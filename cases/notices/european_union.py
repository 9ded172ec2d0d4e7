"""European Union: the notice of article 16 and the order of article 9 of the Digital Services Act."""

from __future__ import annotations

from cases.notices.notice import Notice
from cases.notices.regime import Regime, Requirement, accurate, located, paragraphs, reasoned

_NOTICE, _ORDER = "article 16(2)", "article 9(2)"


def _notice_power(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        This is a notice of illegal content under article 16 of Regulation (EU) 2022/2065 (Digital Services
        Act).
        """
    )


def _notice_statement(notice: Notice) -> list[str]:
    return paragraphs(
        f"""
        Why we consider it illegal: {notice.reasons}

        Submitted by {notice.issuer.agency}, {notice.issuer.email}.

        We have a bona fide belief that the information and the allegations in this notice are accurate and
        complete.
        """
    )


def _notice_answer(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        Please confirm receipt without undue delay (article 16(4)), and tell us your decision and how it can
        be challenged (article 16(5)).
        """
    )


def _notice_consequences(_notice: Notice) -> list[str]:
    return paragraphs(
        """
        A notice with these elements gives rise to actual knowledge of the content it names (article 16(3)).
        It has to be processed in a timely, diligent, non-arbitrary and objective manner (article 16(6)).
        """
    )


def _no_copies(_notice: Notice) -> list[str]:
    return []


ARTICLE_16 = Regime(
    code="eu_notice",
    name="European Union: notice (DSA article 16)",
    law="Regulation (EU) 2022/2065, article 16",
    jurisdiction="EU",
    hours=24,
    may_allow_longer=True,
    formal=True,
    requirements=(
        reasoned(f"{_NOTICE}(a)"),
        located(f"{_NOTICE}(b)"),
        Requirement(
            f"{_NOTICE}(c)",
            "name and email of whoever submits it",
            ("issuer",),
            lambda notice: bool(notice.issuer.agency and notice.issuer.email),
        ),
        accurate(f"{_NOTICE}(d)"),
    ),
    power=_notice_power,
    statement=_notice_statement,
    copies=_no_copies,
    consequences=_notice_consequences,
    answer=_notice_answer,
)


def _order_power(notice: Notice) -> list[str]:
    return paragraphs(
        f"""
        This is an order to act against illegal content under article 9 of Regulation (EU) 2022/2065
        (Digital Services Act) and article 23 of Directive (EU) 2024/1385.

        Legal basis: {notice.provision}

        Issuing authority: {notice.issuer.agency}, {notice.issuer.role}.

        Territorial scope: {notice.territory}
        """
    )


def _order_statement(notice: Notice) -> list[str]:
    return paragraphs(
        f"""
        Statement of reasons: {notice.reasons}
        """
    )


def _order_answer(notice: Notice) -> list[str]:
    return paragraphs(
        f"""
        Inform {notice.issuer.agency} at {notice.issuer.email}, without undue delay, of the effect given to
        this order, and whether and when it was applied (article 9(1)).
        """
    )


def _order_consequences(notice: Notice) -> list[str]:
    return paragraphs(
        f"""
        Redress, for you and for whoever provided the content: {notice.redress}

        Tell whoever provided the content of this order, the reasons and the redress when it takes effect
        (article 9(5)), without naming the person shown.

        If no offence is found to have been committed, this order is revoked and you are told at once.
        """
    )


ARTICLE_9 = Regime(
    code="eu_order",
    name="European Union: order (DSA article 9)",
    law="Regulation (EU) 2022/2065, article 9",
    jurisdiction="EU",
    hours=24,
    may_allow_longer=True,
    formal=True,
    requirements=(
        Requirement(f"{_ORDER}(a)(i)", "legal basis", ("provision",), lambda notice: bool(notice.provision)),
        reasoned(f"{_ORDER}(a)(ii)"),
        Requirement(
            f"{_ORDER}(a)(iii)",
            "issuing authority",
            ("issuer",),
            lambda notice: bool(notice.issuer.agency and notice.issuer.role),
        ),
        located(f"{_ORDER}(a)(iv)"),
        Requirement(f"{_ORDER}(a)(v)", "redress", ("redress",), lambda notice: bool(notice.redress)),
        Requirement(
            f"{_ORDER}(a)(vi)", "whom to inform", ("issuer",), lambda notice: bool(notice.issuer.email)
        ),
        Requirement(
            f"{_ORDER}(b)", "territorial scope", ("territory",), lambda notice: bool(notice.territory)
        ),
        Requirement(
            f"{_ORDER}(c)",
            "in a language of the provider's contact point",
            ("cover",),
            lambda notice: notice.recipient.language == "en" or bool(notice.cover),
        ),
    ),
    power=_order_power,
    statement=_order_statement,
    copies=_no_copies,
    consequences=_order_consequences,
    answer=_order_answer,
)
