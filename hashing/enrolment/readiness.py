"""Whether a picture may be listed as far as its fingerprints go, and why not."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from hashing.enrolment.models import Enrolment, State, Trim
from portal.core.errors import Conflict


def require_ready(picture_id: UUID) -> Enrolment:
    """The picture's enrolment, locked: fingerprinted in full, and a person has said which part is the picture
    if the computer would trim it. Raises Conflict (not_enrolled, trim_unconfirmed) otherwise.

    What a review decides on is destroyed with the decision, so nothing may still be owed by then.
    """
    enrolment = Enrolment.objects.select_for_update().filter(pk=picture_id).first()
    if enrolment is None or enrolment.state != State.DONE:
        failed = enrolment is not None and enrolment.state == State.FAILED
        message = (
            _("This could not be fingerprinted. Try again from the case's page.")
            if failed
            else _("This is still being fingerprinted. Try again in a moment.")
        )
        raise Conflict(message, code="not_enrolled")
    if enrolment.trim == Trim.PROPOSED:
        message = _("Confirm first which part of it is the picture.")
        raise Conflict(message, code="trim_unconfirmed")
    return enrolment
