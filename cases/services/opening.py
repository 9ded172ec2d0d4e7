"""A draft becomes a case, all of it or nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from cases import addresses
from cases.models import (
    About,
    AgeRoute,
    Case,
    CasePicture,
    Circumstance,
    ConsentKind,
    ContactKind,
    Location,
    Recipient,
)
from cases.services import clocks, consents, sealed, self_reporting, triaging
from cases.services.location_rows import new_location
from cases.states import CaseState
from portal.agency import selectors as agency
from portal.agency.models import Team
from portal.audit import Subject, Verb, record
from portal.core import references
from portal.core.context import Context
from portal.core.errors import NotAllowed
from portal.crypto import blind_index, case_keys, keyring, passwords
from portal.crypto.case_keys import CaseKeys
from portal.verify import services as verify
from portal.verify.contacts import Contact


@dataclass(frozen=True)
class ConsentGiven:
    recipient: Recipient
    kind: ConsentKind


@dataclass(frozen=True)
class Confirmation:
    """A challenge that confirmed the contact, and the visit that it was bound to."""

    challenge_id: UUID
    binding: str


@dataclass(frozen=True)
class Report:
    """What a person tells us; `links` are normalised http(s) addresses, `picture_ids` in the order shown."""

    about: About
    age_route: AgeRoute
    in_danger: bool = False
    circumstances: tuple[Circumstance, ...] = ()
    story: str = ""
    contact: Contact | None = None
    confirmation: Confirmation | None = None
    safety: str = ""
    details: str = ""
    links: tuple[str, ...] = ()
    consents: tuple[ConsentGiven, ...] = ()
    wording_version: str = ""
    language: str = "en"
    picture_ids: tuple[UUID, ...] = ()
    may_regain: bool = False


@dataclass(frozen=True)
class Receipt:
    """`access_code` is shown to the person once and kept nowhere."""

    reference: str
    access_code: str
    case: Case


@transaction.atomic
def open_case(ctx: Context, *, report: Report) -> Receipt:
    """Create the case, its keys, sealed fields, locations, pictures and consents.

    Raises NotAllowed (code no_files) when files come with a report about someone who may be a child.
    """
    if report.picture_ids and report.age_route is not AgeRoute.ADULT:
        raise NotAllowed("Files are never taken on this route.", code="no_files")
    access_code = references.new_access_code()
    keys = case_keys.new_case_keys(keyring.current().desk_public(), access_code, passwords.new_salt())
    case = _case(ctx, report, keys)
    case.save(force_insert=True)
    locations = len(_add_locations(ctx, case, report.links))
    _add_pictures(case, report)
    record(
        ctx,
        Verb.CASE_OPENED,
        Subject("case", case.id),
        team=case.team_id,
        age_route=case.age_route,
        pictures=len(report.picture_ids),
        locations=locations,
    )
    if case.contact_verified_at:
        record(ctx, Verb.CASE_CONTACT_VERIFIED, Subject("case", case.id), kind=case.contact_kind)
    _add_consents(ctx, case, report)
    clocks.opened(ctx, case)
    triaging.assess(ctx, case)
    self_reporting.share(ctx, case)
    return Receipt(case.reference, access_code, case)


def contact_index(contact: Contact) -> str:
    """What the desk searches by; case is ignored, though some mail servers tell it apart."""
    return blind_index.index("cases.contact", contact.value.lower())


def _case(ctx: Context, report: Report, keys: CaseKeys) -> Case:
    case_id = uuid4()
    contact = report.contact
    verified = _is_verified(report)

    def seal(field: str, text: str) -> bytes | None:
        return sealed.seal(keys.public, text, table=sealed.CASE, row=case_id, field=field)

    return Case(
        id=case_id,
        reference=references.new_reference(),
        state=CaseState.VERIFIED if verified else CaseState.NEW,
        team=_team(report.age_route),
        about=report.about,
        age_route=report.age_route,
        in_danger=report.in_danger,
        circumstances=[circumstance.value for circumstance in report.circumstances],
        language=report.language,
        public_key=keys.public,
        private_for_desk=keys.private_for_desk,
        private_for_code=keys.private_for_code,
        code_salt=keys.salt,
        contact_kind=ContactKind(contact.channel.value) if contact else ContactKind.NONE,
        contact_sealed=seal("contact", contact.value if contact else ""),
        contact_index=contact_index(contact) if contact else None,
        contact_verified_at=ctx.at if verified else None,
        may_regain=report.may_regain and contact is not None,
        safety_sealed=seal("safety", report.safety),
        story_sealed=seal("story", report.story),
        details_sealed=seal("details", report.details),
        opened_at=ctx.at,
        changed_at=ctx.at,
    )


def _is_verified(report: Report) -> bool:
    """Asked of the challenge itself, never of what a draft says."""
    if report.contact is None or report.confirmation is None:
        return False
    return verify.is_confirmed(
        challenge_id=report.confirmation.challenge_id,
        binding=report.confirmation.binding,
        contact=report.contact,
    )


def _team(route: AgeRoute) -> Team:
    if route is AgeRoute.ADULT:
        return agency.intake_team()
    return agency.restricted_team() or agency.intake_team()


def _add_locations(ctx: Context, case: Case, links: Sequence[str]) -> list[Location]:
    return Location.objects.bulk_create(
        new_location(ctx, case, link, position) for position, link in enumerate(_distinct(links), start=1)
    )


def _distinct(links: Sequence[str]) -> list[str]:
    """Each page once, as it was first written."""
    return list({addresses.canonical(link): link for link in reversed(links)}.values())[::-1]


def _add_pictures(case: Case, report: Report) -> None:
    keep = any(consent.kind is ConsentKind.EVIDENCE for consent in report.consents)
    CasePicture.objects.bulk_create(
        CasePicture(case=case, picture_id=picture_id, position=position, keep_as_evidence=keep)
        for position, picture_id in enumerate(report.picture_ids, start=1)
    )


def _add_consents(ctx: Context, case: Case, report: Report) -> None:
    for given in report.consents:
        consents.give(ctx, case, given.recipient.value, given.kind.value, report.wording_version)
