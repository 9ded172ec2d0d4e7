"""Reading the log. Which cases a member of staff may see is the caller's to decide: it knows the teams."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from portal.audit.models import Entry
from portal.audit.subjects import Subject
from portal.audit.verbs import Verb
from portal.core.context import Actor, ActorKind


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """What this kind of actor may ever see: staff and the system all, a person their own case, a partner
    itself."""
    if actor.kind in {ActorKind.STAFF, ActorKind.SYSTEM}:
        return Entry.objects.all()
    subject = "case" if actor.kind is ActorKind.PERSON else "partner"
    return Entry.objects.filter(subject_type=subject, subject_id=actor.id)


def for_subject(actor: Actor, subject: Subject) -> QuerySet[Entry]:
    """The entries about one thing, oldest first."""
    return (
        visible_to(actor).filter(subject_type=subject.type, subject_id=str(subject.id)).order_by("at", "id")
    )


def search(
    actor: Actor,
    *,
    subjects: Iterable[Subject] | None = None,
    verbs: Iterable[Verb] | None = None,
    actor_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Entries that meet every condition given, newest first. `until` is not included; slice to page."""
    found = visible_to(actor)
    if subjects is not None:
        found = found.filter(_about(subjects))
    if verbs is not None:
        found = found.filter(verb__in=[str(verb) for verb in verbs])
    if actor_id is not None:
        found = found.filter(actor_id=actor_id)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found.order_by("-at", "-id")


def _about(subjects: Iterable[Subject]) -> Q:
    """About any of these; of none, when there are none."""
    ids: dict[str, list[str]] = {}
    for subject in subjects:
        ids.setdefault(subject.type, []).append(str(subject.id))
    any_of = Q(pk__in=[])
    for kind, values in ids.items():
        any_of |= Q(subject_type=kind, subject_id__in=values)
    return any_of
