"""Whether entries are from the time between their checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.audit import reading
from portal.audit.canonical import microseconds
from portal.audit.findings import Broken
from portal.audit.models import Checkpoint, Leaf
from portal.audit.recording import OLDEST

# Entries carry their action's time: older than its sealing by the age of a context and of a transaction,
# newer by what two machines' clocks may differ.
EARLIER = OLDEST + timedelta(minutes=15)
LATER = timedelta(minutes=1)

BACK_DATED = "it is back-dated: its time is long before the checkpoint it follows"
TOO_LATE = "its time is after the checkpoint that sealed it"
ADVICE = (
    "; if your records say that a machine's clock was wrong then, check all the rest with --wrong-clock {}-{}"
)


@dataclass(frozen=True)
class _Bounds:
    earliest: datetime | None
    latest: datetime

    @property
    def microseconds(self) -> tuple[int | None, int]:
        return None if self.earliest is None else microseconds(self.earliest), microseconds(self.latest)

    def fault(self, at: int) -> str:
        earliest, latest = self.microseconds
        if at > latest:
            return TOO_LATE
        return BACK_DATED if earliest is not None and at < earliest else ""


class Dating:
    """Collects the times of entries until the checkpoint that covers them. The places in `excused` are known
    to have wrong ones."""

    def __init__(self, excused: Sequence[range]) -> None:
        self.excused = 0
        self._excused = excused
        self._seen: list[int] = []  # earliest and latest since the checkpoint before

    def note(self, start: int, times: Sequence[int]) -> None:
        """Entries from place `start` on were written at `times` (microseconds since 1970)."""
        counted = list(self._counted(start, times)) if self._excused else times
        self.excused += len(times) - len(counted)
        if counted:
            self._seen = [min([*self._seen, *counted]), max([*self._seen, *counted])]

    def check(self, start: int, row: Checkpoint, before: Checkpoint | None) -> None:
        """What was noted since `before` is from between its time and that of `row`, with allowances. Raises
        Broken."""
        bounds = _Bounds(before.at - EARLIER if before else None, row.at + LATER)
        seen, self._seen = self._seen, []
        if any(map(bounds.fault, seen)):
            raise self._wrong(start, row.size, bounds, before)

    def _wrong(self, start: int, end: int, bounds: _Bounds, before: Checkpoint | None) -> Broken:
        page = reading.page(start, size=end - start)
        times = page.times if page else []
        wrong = {place: what for place, at in enumerate(times, start) if (what := bounds.fault(at))}
        places = sorted(place for place in wrong if not any(place in one for one in self._excused))
        first, last = places[0], places[-1]
        if wrong[first] == BACK_DATED and before:
            last = max(last, _last_before(before, bounds))
        entry_id = Leaf.objects.filter(index=first).values_list("entry_id", flat=True).first()
        return Broken(first, entry_id, wrong[first] + ADVICE.format(first, last))

    def _counted(self, start: int, times: Sequence[int]) -> Iterator[int]:
        for place, at in enumerate(times, start):
            if not any(place in one for one in self._excused):
                yield at


def _last_before(before: Checkpoint, bounds: _Bounds) -> int:
    """The last of the entries that are too early for a time that checkpoints kept while a clock caught up."""
    same = Checkpoint.objects.filter(at=before.at).order_by("-size")[0]
    following = Checkpoint.objects.filter(size__gt=same.size).order_by("size").first()
    end = following.size if following else same.size
    early = Leaf.objects.filter(index__gte=before.size, index__lt=end, entry__at__lt=bounds.earliest)
    return early.order_by("-index").values_list("index", flat=True).first() or 0
