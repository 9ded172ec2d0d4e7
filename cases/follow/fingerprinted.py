"""How far the fingerprints of each file are, and what they are good for, in the person's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hashing.enrolment.models import Enrolment, State, Trim
from hashing.fingerprints.models import RegionalFingerprint
from hashing.fingerprints.regional.serial import FEWEST_REGIONS
from hashing.fingerprints.regional.table import VERSION
from hashing.lists.models import Entry
from hashing.lists.states import State as EntryState

STRONG = 45
_WAITING = {
    State.OWED: gettext_lazy(
        "Its fingerprint is being made. That takes a few minutes at most; you need not wait."
    ),
    State.FAILED: gettext_lazy("We could not make its fingerprint yet. A caseworker can try again."),
    State.GONE: "",
}


@dataclass(frozen=True)
class Made:
    """`outdated`: a list holds it, its picture is destroyed, and fingerprints are made better now."""

    words: str = ""
    outdated: bool = False


def by_picture(ids: Sequence[UUID]) -> dict[UUID, Made]:
    """The words for each picture; three queries however many there are."""
    rows = {row.pk: row for row in Enrolment.objects.filter(pk__in=ids).select_related("picture")}
    regional = RegionalFingerprint.objects.filter(picture__in=ids, count__gte=FEWEST_REGIONS)
    newest = dict(
        regional.order_by().values("picture").annotate(newest=Max("version")).values_list("picture", "newest")
    )
    listed = Entry.objects.filter(picture_id__in=ids, state=EntryState.LISTED)
    on_list = set(listed.values_list("picture_id", flat=True))
    return {pk: _made(rows.get(pk), newest.get(pk), on_list=pk in on_list) for pk in ids}


def _made(row: Enrolment | None, version: int | None, *, on_list: bool) -> Made:
    destroyed = row is not None and row.picture.shredded_at is not None
    if row is None or (destroyed and not on_list):
        return Made()
    outdated = destroyed and version is not None and version < VERSION
    return Made(_words(row, recognisable=version is not None), outdated)


def _words(row: Enrolment, *, recognisable: bool) -> str:
    if row.state in _WAITING:
        return str(_WAITING[State(row.state)])
    if row.trim == Trim.PROPOSED:
        return _("Its fingerprint is made. A caseworker checks which part of the file is to be recognised.")
    if not recognisable:
        return _("It is too plain to recognise: a fingerprint would find no altered copies of it.")
    if (row.strength or 0) < STRONG:
        return _("Its fingerprint is made. It has little detail, so small or altered parts may not be found.")
    return _("Its fingerprint is made. It finds copies also when they are cropped, turned or written over.")
