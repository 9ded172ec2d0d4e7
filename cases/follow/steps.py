"""What happened to one file or one link, when: what was asked of whom, and what came back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cases.locations import OwnLocation
from cases.models import Case, CasePicture
from hashing.lists import selectors as lists
from hashing.lists.models import Entry
from portal.core.context import Context


@dataclass(frozen=True, order=True)
class Step:
    at: datetime
    words: str


def of_files(case: Case, rows: Iterable[CasePicture]) -> dict[UUID, list[Step]]:
    """For each file, oldest first."""
    found: defaultdict[UUID, set[Step]] = defaultdict(set)
    pictures = {row.picture_id: row.picture for row in rows}
    for picture in pictures.values():
        found[picture.pk].add(Step(picture.stored_at, _("We received it")))
        if picture.shredded_at is not None:
            found[picture.pk].add(Step(picture.shredded_at, _("The file was destroyed")))
    for entry in Entry.objects.filter(picture_id__in=list(pictures), listed_at__isnull=False):
        found[entry.picture_id].update(_of_entry(case, entry))
    return {pk: sorted(found[pk]) for pk in pictures}


def _of_entry(case: Case, entry: Entry) -> Iterator[Step]:
    if entry.listed_at is not None:
        yield Step(entry.listed_at, _("Its fingerprint was put on the list"))
    viewer = Context.person(case.pk).actor
    for each, pull in lists.first_pulls(viewer, entry.pk):
        if pull is not None:
            yield Step(pull.at, _("%(partner)s was given the fingerprint") % {"partner": each.partner})
    if entry.withdrawn_at is not None:
        yield Step(entry.withdrawn_at, _("Its fingerprint was taken off the list"))
        for each, pull in lists.pulls_past(viewer, entry.pk):
            if pull is not None:
                yield Step(pull.at, _("%(partner)s was told to drop it") % {"partner": each.partner})


def of_link(row: OwnLocation, words: str) -> list[Step]:
    """`words` are those of its state."""
    found = {Step(row.found_at, _("We were told of it"))}
    if row.changed_at is not None and row.changed_at != row.found_at:
        found.add(Step(row.changed_at, words))
    if row.checked_at is not None:
        found.add(Step(row.checked_at, _("Somebody here last looked whether it is there")))
    return sorted(found)
