"""What people are asked to agree to, word for word. Change the version with any word of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.models import ConsentKind, Recipient

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

WORDING_VERSION = "2026-11-3"


@dataclass(frozen=True)
class Wording:
    recipient: Recipient
    kind: ConsentKind
    label: _StrPromise
    hint: _StrPromise
    needs_files: bool = False


CONSENTS: dict[str, Wording] = {
    "partners": Wording(
        Recipient.PARTNERS,
        ConsentKind.FINGERPRINTS,
        _("Share fingerprints of my files with partner platforms"),
        _(
            "A fingerprint is a code made from a file. Platforms that work with us can compare it with what "
            "is uploaded to them. The files themselves are never sent to them. It helps, and it can't find "
            "every changed copy."
        ),
        needs_files=True,
    ),
    "regional": Wording(
        Recipient.PARTNERS,
        ConsentKind.REGIONAL,
        _("Find changed copies of my files too"),
        _(
            "This needs more detailed fingerprints. They find cut-out parts, screenshots and copies with "
            "text on them. They also say more about a file: somebody who got hold of one could draw a "
            "blurred sketch from it. We keep them encrypted and use them to answer platforms that ask us "
            "about an upload. Very few platforms get them, in coded form. It only works together with the "
            "choice above."
        ),
        needs_files=True,
    ),
    "evidence": Wording(
        Recipient.AGENCY,
        ConsentKind.EVIDENCE,
        _("Keep my files as evidence"),
        _("Otherwise we destroy each file as soon as we have reviewed it. Kept files stay encrypted."),
        needs_files=True,
    ),
    "police": Wording(
        Recipient.POLICE,
        ConsentKind.CASE_FILE,
        _("Share this request with the police if they ask us"),
        _("Leave this empty if you are not sure. You can talk to us about it first."),
    ),
    "others": Wording(
        Recipient.OTHERS,
        ConsentKind.CASE_FILE,
        _("Share this request with an agency in another country, if it can do more there"),
        _("Only agencies with the same task as ours. We tell you here before we do."),
    ),
    "statistics": Wording(
        Recipient.AGENCY,
        ConsentKind.STATISTICS,
        _("Count this request in anonymous statistics"),
        _("Numbers only: nothing that you wrote or sent."),
    ),
}

# What somebody says who writes for another person, kept like a consent: in which words, and when.
AUTHORITY = _("I may act for this person, and I do it because they want it or because it is my duty")
