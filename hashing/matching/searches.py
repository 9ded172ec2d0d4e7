"""Is this file known? Asked at the desk, answered by a worker; the file is destroyed with the answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hashing.fingerprints.answers import Unbelievable
from hashing.fingerprints.asked import Asked
from hashing.matching import asking, mapped, service, source
from hashing.matching.answers import Decision, How
from hashing.matching.models import Search
from hashing.matching.outline import Box
from hashing.matching.service import Found, Scope
from portal import audit
from portal.accounts import policy
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb
from portal.core import clock
from portal.core.context import Context
from portal.core.errors import Invalid, NotFound, Unavailable
from portal.crypto.errors import CryptoError
from portal.vault import cage, queue, refusals, storage
from portal.vault.models import Picture
from portal.vault.staging import StagedPicture

log = logging.getLogger(__name__)
TASK = "hashing.search"
UNFINISHED, UNAVAILABLE = "unfinished", "unavailable"
GIVE_UP_AFTER = timedelta(minutes=5)
FORGET_AFTER = timedelta(minutes=30)
_QUIET = timedelta(seconds=10)
_QUEUED_FOR = timedelta(seconds=60)


@transaction.atomic
def ask(ctx: Context, *, staged: StagedPicture) -> Search:
    """Look a file up among all that is listed or held. Perm picture.find.

    Raises Invalid for a file that was refused as it came in, Unavailable where there is no index.
    """
    policy.require(ctx, Perm.PICTURE_FIND)
    if staged.refusal:
        raise Invalid(refusals.sentence(staged.refusal), code=staged.refusal)
    mapped.current()
    search = Search.objects.create(
        id=staged.id,
        staff_id=UUID(ctx.actor.id),
        wrapped_key=staged.wrapped_key,
        epoch=staged.epoch,
        storage_name=staged.storage_name,
        asked_at=ctx.at,
    )
    audit.record(ctx, Verb.SEARCH_ASKED, Subject("search", search.pk))
    staged.accepted = True
    queue.send(TASK, search.pk)
    return search


def answer(ctx: Context, *, search_id: UUID) -> bool:
    """Answer a search. True if this call did it; twice, or too late, does nothing."""
    search = Search.objects.filter(pk=search_id, answered_at=None).first()
    if search is None:
        return False
    try:
        index = mapped.current()
        asked = asking.of_stored(_stored(search), index)
        if isinstance(asked, str):
            return _end(ctx, search_id, failure=asked)
        found = service.find(asked, Scope(held=True))
    except Unavailable:
        return _end(ctx, search_id, failure=UNAVAILABLE)
    except (cage.CageError, Unbelievable, CryptoError, OSError) as error:
        log.warning("search_failed", extra={"kind": type(error).__name__})
        return _end(ctx, search_id, failure=UNFINISHED)
    return _end(ctx, search_id, asked=asked, found=found)


def load(ctx: Context, *, search_id: UUID) -> Search:
    """A search of one's own; each look at an answer is audited. Raises NotFound."""
    policy.require(ctx, Perm.PICTURE_FIND)
    with transaction.atomic():
        search = Search.objects.filter(pk=search_id, staff_id=ctx.actor.id).first()
        if search is None:
            raise NotFound(_("There is nothing here any more."), code="no_such_search")
        if search.answered_at is not None:
            audit.record(ctx, Verb.SEARCH_READ, Subject("search", search.pk), found=len(search.found))
        return search


def sweep(ctx: Context) -> None:
    """Queue again what the broker lost, end what nobody answered, forget what was answered long ago."""
    now = clock.now()
    waiting = Search.objects.filter(answered_at=None)
    for search_id in waiting.filter(asked_at__lt=now - GIVE_UP_AFTER).values_list("pk", flat=True):
        _end(ctx, search_id, failure=UNFINISHED)
    with transaction.atomic():
        idle = Q(queued_at=None) | Q(queued_at__lt=now - _QUEUED_FOR)
        lost = waiting.filter(idle, asked_at__lt=now - _QUIET).select_for_update(skip_locked=True)
        for search in lost:
            search.queued_at = now
            search.save(update_fields=["queued_at"])
            queue.send(TASK, search.pk)
    Search.objects.filter(answered_at__lt=now - FORGET_AFTER).delete()


@dataclass(frozen=True)
class Match:
    """A match of a search that still stands."""

    picture_id: UUID
    decision: Decision
    how: How
    score: float
    region: Box | None
    standing: source.Standing


def matches(search: Search) -> list[Match]:
    """What was found, but for what has been withdrawn, withheld, shredded or locked since; the best first."""
    known = source.standing([UUID(each["picture"]) for each in search.found])
    found = [_match(each, known) for each in search.found if UUID(each["picture"]) in known]
    return [each for each in found if each.standing.may_be_found(each.how)]


def _match(written: dict[str, Any], known: dict[UUID, source.Standing]) -> Match:
    picture = UUID(written["picture"])
    region = written["region"]
    return Match(
        picture,
        Decision(written["decision"]),
        How(written["how"]),
        written["score"],
        (region[0], region[1], region[2], region[3]) if region else None,
        known[picture],
    )


def _stored(search: Search) -> Picture:
    """The file, as the vault opens files; there is no such row."""
    return Picture(
        id=search.pk, wrapped_key=search.wrapped_key, epoch=search.epoch, storage_name=search.storage_name
    )


@transaction.atomic
def _end(
    ctx: Context,
    search_id: UUID,
    *,
    failure: str = "",
    asked: Asked | None = None,
    found: Sequence[Found] = (),
) -> bool:
    """The answer, and the end of the file: its key first, then its bytes. False if it was ended before."""
    search = Search.objects.select_for_update().filter(pk=search_id, answered_at=None).first()
    if search is None:
        return False
    search.failure, search.answered_at, search.wrapped_key = failure, clock.now(), None
    if asked is not None:
        search.width, search.height = asked.width, asked.height
    search.found = [_written(each) for each in found]
    search.save()
    subject = Subject("search", search.pk)
    if failure:
        audit.record(ctx, Verb.SEARCH_FAILED, subject, reason=failure)
    else:
        copies = sum(each.decision is Decision.COPY for each in found)
        audit.record(ctx, Verb.SEARCH_ANSWERED, subject, found=len(found), copies=copies)
    transaction.on_commit(lambda: storage.destroy(search.storage_name))
    return True


def _written(found: Found) -> dict[str, Any]:
    return {
        "picture": str(found.picture_id),
        "decision": found.decision.value,
        "how": found.how.value,
        "score": found.score,
        "region": found.region,
    }
