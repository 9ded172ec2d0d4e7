"""The StopNCII wire's records: kept by the publisher, expired by a task."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from hashing.lists.models import Entry, EntryFingerprint, List, WireRecord
from hashing.lists.states import FeedState
from portal.core import clock
from portal.crypto import blind_index

# The kinds that the wire has a name for.
KINDS = {"pdq": "ImagePDQ"}
ACTIVE, WITHDRAWN = "Active", "Withdrawn"
# Clients of the wire call a copy stale after 30 days; then two weeks of margin.
TOMBSTONE_DAYS = 45
_CHANGED = ("value", "sealed", "cases", "categories", "revision", "last_mod")


def apply(hash_list: List, entries: Sequence[Entry], at: datetime) -> None:
    """Bring the records of these entries' values up to date; moves the list's revision (caller saves it)."""
    status = {entry.pk: ACTIVE if entry.published == FeedState.ACTIVE else WITHDRAWN for entry in entries}
    rows = list(
        EntryFingerprint.objects.filter(entry__in=entries, kind__in=KINDS)
        .order_by("entry_id", "pk")
        .values_list("entry_id", "kind", "value")
    )
    found = _existing(hash_list, {(kind, value) for _, kind, value in rows})
    touched: dict[tuple[str, str], WireRecord] = {}
    for entry_id, kind, value in rows:
        record = found.get((kind, value)) or _new(hash_list, kind, value)
        found[kind, value] = touched[kind, value] = record
        record.cases[str(entry_id)] = status[entry_id]
    _categorise(touched.values())
    hash_list.revised_at = max(hash_list.revised_at, int(at.timestamp()))
    for (_, value), record in touched.items():
        hash_list.revision += 1
        _revise(record, value, hash_list.revision, hash_list.revised_at)
    WireRecord.objects.bulk_create(
        touched.values(), update_conflicts=True, unique_fields=["id"], update_fields=_CHANGED
    )


def _key(kind: str, value: str) -> bytes:
    return blind_index.keyed(f"lists.record.{kind}", value)


def _existing(hash_list: List, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], WireRecord]:
    keys = {_key(kind, value): (kind, value) for kind, value in values}
    rows = WireRecord.objects.filter(list=hash_list, value_key__in=keys)
    return {keys[bytes(row.value_key)]: row for row in rows}


def _new(hash_list: List, kind: str, value: str) -> WireRecord:
    return WireRecord(list=hash_list, kind=kind, value_key=_key(kind, value), cases={})


def _revise(record: WireRecord, value: str, revision: int, last_mod: int) -> None:
    record.revision, record.last_mod = revision, last_mod
    if ACTIVE in record.cases.values():
        record.value, record.sealed = value, None
    else:
        record.value, record.sealed = None, value


def _categorise(touched: Collection[WireRecord]) -> None:
    active = [{case for case, status in record.cases.items() if status == ACTIVE} for record in touched]
    entries = Entry.objects.filter(pk__in=set().union(*active))
    known = {str(pk): category for pk, category in entries.values_list("pk", "category")}
    for record, cases in zip(touched, active, strict=True):
        record.categories = sorted({known[case] for case in cases})


def dropped_on(withdrawn_at: datetime) -> datetime:
    """When the values of an entry withdrawn then are gone from this wire too."""
    return withdrawn_at + timedelta(days=TOMBSTONE_DAYS)


def expire() -> int:
    """Delete the tombstones whose time is over, with the values in them; how many there were."""
    limit = int(clock.now().timestamp()) - TOMBSTONE_DAYS * 24 * 3600
    _, by_model = WireRecord.objects.filter(value__isnull=True, last_mod__lt=limit).delete()
    return by_model.get("hashing.WireRecord", 0)
