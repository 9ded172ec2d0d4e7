"""Sign what each list held at the end of each day, and check what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from hashing.lists import locking, signing, statements
from hashing.lists.models import List, Statement
from portal.audit import Subject, Verb, record
from portal.core.context import Context

_DAY = timedelta(days=1)
# A first statement goes back no further; later ones leave no gap.
_FIRST_BACK = _DAY


@dataclass(frozen=True)
class Broken:
    """A statement that doesn't hold, and why."""

    slug: str
    day: date
    why: str


def state_days(ctx: Context) -> int:
    """A statement for every list and every day that is over and has none; how many were made."""
    return sum(_state(ctx, each) for each in List.objects.order_by("slug"))


def _state(ctx: Context, hash_list: List) -> int:
    """A list of millions of lines is read for minutes: no lock that the publisher needs is held meanwhile."""
    today = _settled()
    return sum(_keep(ctx, hash_list, found) for found in statements.sums(hash_list, _owed(hash_list, today)))


@transaction.atomic
def _settled() -> date:
    """Today. A publisher that took its time before midnight has committed once this returns, so that no line
    of an earlier day is still to come."""
    locking.read_window()
    return locking.database_now().date()


@transaction.atomic
def _keep(ctx: Context, hash_list: List, found: statements.Sum) -> bool:
    """False when another run was quicker."""
    locked = List.objects.select_for_update(no_key=True).get(pk=hash_list.pk)
    if Statement.objects.filter(list=locked, day=found.day).exists():
        return False
    Statement.objects.create(
        list=locked,
        day=found.day,
        publications=found.publications,
        publications_root=found.publications_root,
        active=found.active,
        active_root=found.active_root,
        signed=signing.sign(statements.KIND, found.statement(locked.slug)),
        made_at=ctx.at,
    )
    counts = {"publications": found.publications, "active": found.active}
    subject = Subject("list", locked.pk)
    record(ctx, Verb.LIST_STATED, subject, list=locked.slug, day=found.day, **counts)
    return True


def _owed(hash_list: List, today: date) -> list[date]:
    last = Statement.objects.filter(list=hash_list).order_by("-day").values_list("day", flat=True).first()
    start = last + _DAY if last else today - _FIRST_BACK
    return [start + n * _DAY for n in range((today - start).days)]


def verify_statements() -> tuple[int, list[Broken]]:
    """How many statements there are, and the first of each list that doesn't hold."""
    count, broken = 0, []
    for each in List.objects.order_by("slug"):
        rows = list(Statement.objects.filter(list=each).order_by("day"))
        count += len(rows)
        found = next(_wrong(each, rows), None)
        if found is not None:
            broken.append(found)
    return count, broken


def verify_kept(lines: Iterable[str]) -> tuple[int, list[Broken]]:
    """The same for statements kept elsewhere, one a line: a stolen signing key can't have changed those."""
    count, broken = 0, []
    for line in lines:
        count += 1
        kept = signing.opened(statements.KIND, line)
        slug, day = str(kept["list"]), date.fromisoformat(str(kept["day"]))
        hash_list = List.objects.filter(slug=slug).first()
        now = next(statements.sums(hash_list, [day])).statement(slug) if hash_list else {}
        if now != kept:
            broken.append(Broken(slug, day, "the list isn't the one that the kept statement signed"))
    return count, broken


def _wrong(hash_list: List, rows: list[Statement]) -> Iterator[Broken]:
    """Why statements don't hold, in order of their days."""
    days = [row.day for row in rows]
    expected = days[0] if days else None
    for row, found in zip(rows, list(statements.sums(hash_list, days)), strict=True):
        if row.day != expected:
            yield Broken(hash_list.slug, row.day, f"there is no statement of {expected}")
        why = _why(row, found, hash_list.slug)
        if why:
            yield Broken(hash_list.slug, row.day, why)
        expected = row.day + _DAY


def _why(row: Statement, found: statements.Sum, slug: str) -> str:
    try:
        said = signing.opened(statements.KIND, row.signed)
    except signing.BadStatement as error:
        return f"its signature can't be trusted ({error})"
    kept = statements.Sum(
        row.day, row.publications, bytes(row.publications_root), row.active, bytes(row.active_root)
    )
    if said != kept.statement(slug):
        return "its columns don't say what was signed"
    if kept != found:
        return "a line was slipped in, taken out or changed since"
    return ""
