"""What must be in the database before a walk through the pages about partners."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from cases.models import Case
from cases.services import disputing, reviewing
from hashing.lists import services
from hashing.lists.models import Entry, Partner, Quarantine, Submission
from hashing.lists.models.quarantine import Outcome
from hashing.lists.reports import DisputeReason, Outline, Report, Value
from hashing.lists.services.judging import quarantine_digest
from hashing.lists.states import Wire
from hashing.lists.submitted import Submitted
from portal.accounts.models import Staff
from portal.accounts.roles import Role
from portal.agency.models import Team
from portal.core.context import Context
from tests.factories import ctx_of, make_staff
from tests.hashing.listing import Desk, admin, make_key, make_partner, make_picture, pdq_value
from tests.hashing.wire import pull
from tests.journeys.scenes import a_case


@dataclass(frozen=True)
class PartnerScene:
    """A disputed entry of a case that somebody has proposed to restore, one of no case that nobody has looked
    at, a submission of the case and one of none, a partner with all there is, and a supervisor."""

    supervisor: Staff
    case: Case
    proposed: UUID
    fresh: UUID
    linked: UUID
    unlinked: UUID
    partner: UUID


def partner_scene(team: Team) -> PartnerScene:
    case = a_case()
    caseworker, supervisor = make_staff(Role.CASEWORKER, [team]), make_staff(Role.SUPERVISOR, [team])
    entry = reviewing.propose(ctx_of(caseworker), case_id=case.pk, position=1, list_slug="reviewed")
    reviewing.approve(ctx_of(supervisor), case_id=case.pk, entry_id=entry.pk, digest=entry.digest)
    desk = Desk(team, caseworker, supervisor)
    other = desk.listed(make_picture())
    partner = make_partner("Platform One")
    pull(make_key(Wire.NATIVE, partner))
    _report(partner, entry, Value.BLOCKED, total=12)
    _report(partner, entry, Value.DISPUTED)
    fresh = desk.quarantined(other)
    found = Quarantine.objects.get(entry=entry)
    disputing.propose_outcome(
        ctx_of(caseworker),
        quarantine_id=found.pk,
        outcome=Outcome.RESTORED,
        digest=quarantine_digest(found, ""),
    )
    value = case.pictures.get(position=2).picture.fingerprints.filter(kind="pdq").order_by("pk")[0].value
    linked, unlinked = (_submission(partner, each) for each in (value, pdq_value()))
    services.state_days(admin())
    return PartnerScene(supervisor, case, found.pk, fresh.pk, linked.pk, unlinked.pk, partner.pk)


def _report(partner: Partner, entry: Entry, value: Value, total: int = 1) -> None:
    reason = DisputeReason.WRONG_MATCH if value is Value.DISPUTED else None
    outline = Outline("pdq", 29, (200, 100, 900, 650))
    report = Report(entry_id=entry.pk, value=value, reason=reason, total=total, outline=outline)
    services.give_feedback(Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, report=report)


def _submission(partner: Partner, value: str) -> Submission:
    one = Submitted("pdq", value, "original", 90, "pdq")
    return services.submit(Context.partner(partner.pk), partner=partner, wire=Wire.NATIVE, fingerprints=[one])
