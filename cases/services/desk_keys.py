"""Sealed fields of a case, opened on the desk. Each call writes its audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cases.models import Case
from portal.core.context import Context


@dataclass(frozen=True)
class Told:
    """What the person wrote; "" where nothing was."""

    story: str
    links: tuple[tuple[UUID, str], ...]  # location id, address


@dataclass(frozen=True)
class ContactDetails:
    channel: str
    value: str
    safety: str


def open_case_key(ctx: Context, case: Case) -> bytes:
    """The case's private key (32 bytes); NotFound (code data_destroyed) once it is destroyed."""
    raise NotImplementedError


def read_story(ctx: Context, *, case_id: UUID) -> Told:
    """The story and the links, defanged by the page that shows them. Perm case.read, audited case.read."""
    raise NotImplementedError


def read_contact(ctx: Context, *, case_id: UUID) -> ContactDetails | None:
    """The contact and when it is safe to use. Perm contact.read, audited case.contact_read."""
    raise NotImplementedError
