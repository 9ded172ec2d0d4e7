"""How far a picture's fingerprints are and which part of it they are of: in words, and as an outline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hashing.enrolment.models import Enrolment, State, Trim
from hashing.fingerprints.boxes import Rectangle
from portal.core import clock
from portal.vault.models import Picture

TRIM_WORDS = {
    Trim.NONE: gettext_lazy("All of it is fingerprinted."),
    Trim.PROPOSED: gettext_lazy(
        "The computer took the outlined part for the picture. Say whether that is right before it is listed."
    ),
    Trim.ACCEPTED: gettext_lazy("Only the outlined part is fingerprinted, as the computer proposed."),
    Trim.ADJUSTED: gettext_lazy("Only the outlined part is fingerprinted, as somebody here chose."),
    Trim.WHOLE: gettext_lazy("All of it is fingerprinted, as somebody here chose."),
}


@dataclass(frozen=True)
class Outline:
    """What to draw on a preview: the size of the picture, and the part of it."""

    width: int
    height: int
    box: Rectangle


@dataclass(frozen=True)
class Progress:
    """One picture's full fingerprints. `ready`: it may be proposed as far as they go."""

    words: str
    trim: str = ""
    ready: bool = False
    asks_trim: bool = False
    may_trim: bool = False
    failed: bool = False
    outline: Outline | None = None


def by_picture(picture_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """The progress of each picture, in one query."""
    ids = list(picture_ids)
    rows = Enrolment.objects.filter(pk__in=ids).select_related("picture")
    found = {row.picture_id: progress(row) for row in rows}
    return {pk: found.get(pk) or Progress("") for pk in ids}


def progress(row: Enrolment) -> Progress:
    trim, destroyed = Trim(row.trim), row.picture.shredded_at is not None
    return Progress(
        words=_words(row),
        trim=str(TRIM_WORDS[trim]) if row.looked else "",
        ready=row.ready,
        asks_trim=trim is Trim.PROPOSED and not destroyed,
        may_trim=row.looked and not destroyed,
        failed=row.state == State.FAILED,
        outline=outline(row.picture, row.box),
    )


def outline(picture: Picture, box: Rectangle | None) -> Outline | None:
    if box is None or not picture.width or not picture.height:
        return None
    return Outline(picture.width, picture.height, box)


def _words(row: Enrolment) -> str:
    """Why it isn't ready, or that it is."""
    if row.state == State.FAILED:
        return _("It could not be fingerprinted in full: three attempts failed.")
    if row.state == State.GONE:
        return _("It was destroyed before it was fingerprinted in full.")
    if row.state == State.OWED:
        working = row.lease_until is not None and row.lease_until > clock.now()
        return _("It is being fingerprinted now.") if working else _("It waits to be fingerprinted in full.")
    if row.trim == Trim.PROPOSED:
        return _("Which part of it is the picture is not confirmed yet.")
    return _("Its fingerprints are made.")
