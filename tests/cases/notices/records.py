"""A complete record, for every regime; what a test is about it changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cases.notices import regimes
from cases.notices.notice import (
    Action,
    Basis,
    Fingerprint,
    Issuer,
    Item,
    Notice,
    Recipient,
    Signature,
    Standing,
)

SHA256 = "ab" * 32
PDQ = "cd" * 32
SENT_AT = "2026-11-22T21:05:00+00:00"
ISSUER = Issuer("Sample Agency", "Removals officer", "removals@agency.example", "+61 2 5550 0100", "AU")
SIGNATURE = Signature("R. Officer", "2026-11-22T20:30:00+00:00", "authorised by the person on 2026-11-22")


def record(regime: str = "generic", **changes: Any) -> Notice:
    """Sent at 21:05 UTC on 22 November 2026, with the clock that the law sets."""
    complete = Notice(
        reference="K7XQ2M4P",
        regime=regime,
        issuer=Issuer(
            "Sample Agency", "Removals officer", "removals@agency.example", "+61 2 5550 0100", "AU"
        ),
        recipient=Recipient("Video Example", "legal@video.example"),
        items=(
            Item(
                "https://video.example/watch?v=9&list=2",
                content_id="v-9",
                account="@someone",
                seen_at="2026-11-22T20:00:00+00:00",
                capture="Screenshot kept outside the portal",
            ),
            Item("https://video.example/watch?v=10"),
        ),
        description="A video of an adult in a private setting.",
        basis=Basis.COMPLAINT,
        standing=Standing.SELF,
        synthetic=False,
        hours=regimes.BY_CODE[regime].hours,
        reasons="It was published by a former partner after the relationship ended.",
        provision="Criminal Code, section 201a",
        territory="The whole of the European Union",
        redress="An appeal to the administrative court within one month",
        good_faith=True,
        accurate=True,
        signature=Signature(
            "R. Officer", "2026-11-22T20:30:00+00:00", "authorised by the person on 2026-11-22"
        ),
        actions=tuple(Action),
        fingerprints=(Fingerprint("sha256", SHA256), Fingerprint("pdq", PDQ)),
        sent_at=SENT_AT,
        check_url="https://portal.example/letters/abc/",
    )
    return replace(complete, **changes)
