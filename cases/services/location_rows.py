"""A location's row: made in one place, moved in one place."""

from __future__ import annotations

from urllib.parse import urlsplit

from cases import addresses, platforms, states
from cases.models import Case, Location
from cases.services import clocks, sealed
from cases.states import LocationState
from portal.audit import Subject, Verb, record
from portal.core.context import Context


def new_location(ctx: Context, case: Case, address: str, position: int) -> Location:
    """A row that isn't saved yet. `address` is normalised (cases.addresses)."""
    host = urlsplit(address).hostname or ""
    known = platforms.of_host(host)
    row = Location(
        case=case,
        position=position,
        host=host,
        platform=known.code if known else "",
        url_index=addresses.index(address),
        found_at=ctx.at,
        changed_at=ctx.at,
    )
    url = sealed.seal(bytes(case.public_key), address, table=sealed.LOCATION, row=row.id, field="url")
    row.url_sealed = url or b""
    return row


def set_location(ctx: Context, row: Location, to: LocationState, *, detail: str = "") -> None:
    """Move a locked location along the table and save it, or raise Conflict; the caller checks who may."""
    before = LocationState(row.state)
    states.check(states.LOCATION, now=before, to=to)
    row.state = to
    row.detail = detail
    row.changed_at = ctx.at
    row.save(update_fields=["state", "detail", "changed_at", "seen_at", "checked_at"])
    more = {"detail": detail} if detail else {}
    record(
        ctx,
        Verb.LOCATION_MOVED,
        Subject("location", row.id),
        case=row.case_id,
        before=before.value,
        after=to.value,
        **more,
    )
    clocks.location_moved(ctx, row)
