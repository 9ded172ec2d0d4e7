"""Sealed fields of a case, opened on the desk. Each reading writes its audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Case, Location
from cases.services import sealed
from cases.services.details import Details
from cases.services.loading import locked
from cases.services.safety import Safety
from portal.accounts.roles import Perm
from portal.audit import Subject, Verb, record
from portal.core.context import Context
from portal.core.errors import NotFound
from portal.crypto import case_keys, keyring, sealing
from portal.crypto.case_keys import CaseKeys


@dataclass(frozen=True)
class Told:
    """What the person wrote; "" where nothing was. `links` are (location id, address)."""

    story: str
    details: Details
    links: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class ContactDetails:
    channel: str
    value: str
    safety: Safety


def keys_of(case: Case) -> CaseKeys:
    return CaseKeys(
        public=bytes(case.public_key),
        private_for_desk=bytes(case.private_for_desk or b""),
        private_for_code=bytes(case.private_for_code or b""),
        salt=bytes(case.code_salt or b""),
    )


def open_case_key(case: Case) -> bytes:
    """The case's private key (32 bytes), for a process that holds the desk's; the caller audits.

    Raises NotFound (code data_destroyed) once it is destroyed.
    """
    if case.private_for_desk is None:
        raise NotFound(_("What was written in this case has been destroyed."), code="data_destroyed")
    keys = keys_of(case)
    desk = keyring.current().desk_private(sealing.id_of(keys.private_for_desk))
    return case_keys.open_with_desk(keys, desk)


@transaction.atomic
def read_story(ctx: Context, *, case_id: UUID) -> Told:
    """The story and the links, which the page defangs. Perm case.read; audited as case.read."""
    case = locked(ctx, case_id, Perm.CASE_READ)
    private = open_case_key(case)
    record(ctx, Verb.CASE_READ, Subject("case", case.id), part="story")
    links = tuple(
        (row.id, sealed.unseal(private, row.url_sealed, table=sealed.LOCATION, row=row.id, field="url"))
        for row in case.locations.all()
    )
    story = sealed.unseal(private, case.story_sealed, table=sealed.CASE, row=case.id, field="story")
    details = sealed.unseal(private, case.details_sealed, table=sealed.CASE, row=case.id, field="details")
    return Told(story=story, details=Details.read(details), links=links)


@transaction.atomic
def read_contact(ctx: Context, *, case_id: UUID) -> ContactDetails | None:
    """The contact and when it is safe to use, or None. Perm contact.read; audited as case.contact_read."""
    case = locked(ctx, case_id, Perm.CONTACT_READ)
    private = open_case_key(case)
    record(ctx, Verb.CASE_CONTACT_READ, Subject("case", case.id))
    if case.contact_sealed is None:
        return None
    value = sealed.unseal(private, case.contact_sealed, table=sealed.CASE, row=case.id, field="contact")
    safety = sealed.unseal(private, case.safety_sealed, table=sealed.CASE, row=case.id, field="safety")
    return ContactDetails(channel=case.contact_kind, value=value, safety=Safety.read(safety))


@transaction.atomic
def read_address(ctx: Context, *, location_id: UUID) -> str:
    """One address, which the page defangs; "" once destroyed. Perm case.read; audited as case.read."""
    row = Location.objects.filter(pk=location_id).first()
    if row is None:
        raise NotFound(_("There is nothing here."), code="no_such_location")
    case = locked(ctx, row.case_id, Perm.CASE_READ)
    private = open_case_key(case)
    record(ctx, Verb.CASE_READ, Subject("case", case.id), part="address")
    return sealed.unseal(private, row.url_sealed, table=sealed.LOCATION, row=row.id, field="url")
