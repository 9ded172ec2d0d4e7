"""What holds for a picture that nobody here has seen: its owner's device made the fingerprints of it.

They are checked as far as they can be (fingerprints.claims), but a made-up set can't be told from a true
one for certain. So such a picture goes on self-reported lists alone, for a person whose contact is
confirmed; not before an hour is over and the collision guard has looked twice; and of its PDQ set only the
eight orientations go, which had to agree with each other. The framings, which nothing can be held against,
come with a review.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from hashing.fingerprints.models import Fingerprint
from hashing.fingerprints.pdq import ORIENTATIONS
from hashing.lists.bases import Basis
from hashing.lists.states import Rule
from portal.core.errors import Conflict, Invalid
from portal.vault.models import Picture, PictureState

# Time to take it back, and for a flood of made-up fingerprints to be noticed, before any partner has them.
WAIT = timedelta(hours=1)


def is_unseen(picture_id: UUID) -> bool:
    return Picture.objects.filter(pk=picture_id, state=PictureState.ON_DEVICE).exists()


def require(rule: str, basis: Basis) -> None:
    """Raises Conflict (on_device) for any other list, Invalid (unverified) without a confirmed contact."""
    if rule != Rule.SELF_REPORTED:
        message = _("Nobody here can look at it: it is on the person's device. Reviewed lists need that.")
        raise Conflict(message, code="on_device")
    if not basis.contact_verified:
        raise Invalid(_("Confirm the person's contact first."), code="unverified")


def listable(rows: list[Fingerprint]) -> list[Fingerprint]:
    """Those that may be listed without a review."""
    return [row for row in rows if row.kind != "pdq" or row.variant in ORIENTATIONS]
