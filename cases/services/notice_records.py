"""From what somebody wants to say to the record of a notice, sealed to its case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from cases.models import Capture, Case, CasePicture, ConsentKind, Location, Notice, Recipient
from cases.notices import notice as written
from cases.notices import regimes
from cases.services import consents, sealed
from cases.services.desk_keys import open_case_key
from hashing.fingerprints.models import Fingerprint
from portal.agency import selectors as agency
from portal.audit import unrecorded
from portal.core.context import Context
from portal.core.errors import Conflict, Invalid

ROLE = "Case officer"  # a role, never a name
KINDS = ("sha256", "pdq")


class Incomplete(Invalid):
    """The law asks for more. `fields` are names of cases.notices.notice.Notice."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(_("The law asks for more than this notice says."), code="notice_incomplete")
        self.fields = fields


@dataclass(frozen=True)
class Wanted:
    """What a member of staff chose and wrote; `positions` are of the case's locations."""

    regime: str
    positions: tuple[int, ...]
    service: str
    description: str
    hours: int
    email: str = ""
    language: str = "en"
    basis: written.Basis = written.Basis.COMPLAINT
    standing: written.Standing = written.Standing.SELF
    synthetic: bool = False
    reasons: str = ""
    provision: str = ""
    territory: str = ""
    redress: str = ""
    good_faith: bool = False
    accurate: bool = False
    signed_by: str = ""
    authority: str = ""
    account: str = ""
    content_id: str = ""
    actions: tuple[written.Action, ...] = field(default=())
    with_fingerprints: bool = False
    cover: str = ""


@unrecorded("opens addresses for the letter that names them; notice.drafted tells of it")
def build(
    ctx: Context, case: Case, wanted: Wanted, *, reference: str, rows: Sequence[Location]
) -> written.Notice:
    """The record of a locked case's notice. Raises Incomplete where its law asks for more."""
    allowed = {one.code: one for one in regimes.open_to(agency.current().jurisdiction)}
    if wanted.regime not in allowed:
        raise Invalid(_("This agency can't send such a notice."), code="no_such_regime")
    private = open_case_key(case)
    urls = [
        sealed.unseal(private, row.url_sealed, table=sealed.LOCATION, row=row.id, field="url") for row in rows
    ]
    record = written.Notice(
        reference=reference,
        regime=wanted.regime,
        issuer=_issuer(),
        recipient=written.Recipient(wanted.service.strip(), wanted.email, wanted.language),
        items=tuple(_item(url, row, wanted) for url, row in zip(urls, rows, strict=True)),
        signature=_signature(ctx, wanted),
        fingerprints=_fingerprints(case) if wanted.with_fingerprints else (),
        **{name: getattr(wanted, name) for name in _COPIED},
    )
    try:
        allowed[wanted.regime].check(record)
    except written.Missing as error:
        raise Incomplete(error.fields) from error
    return record


_COPIED = (
    *("description", "hours", "basis", "standing", "synthetic", "reasons", "provision", "territory"),
    *("redress", "good_faith", "accurate", "actions", "cover"),
)


def _issuer() -> written.Issuer:
    own = agency.current()
    return written.Issuer(own.name, ROLE, own.notices_email, own.notices_phone, own.jurisdiction)


def _item(url: str, row: Location, wanted: Wanted) -> written.Item:
    return written.Item(
        url=url,
        content_id=wanted.content_id,
        account=wanted.account,
        seen_at=row.seen_at.replace(microsecond=0).isoformat() if row.seen_at else "",
        capture=str(Capture(row.detail).label) if row.detail in Capture.values else "",
    )


def _signature(ctx: Context, wanted: Wanted) -> written.Signature | None:
    if not wanted.signed_by:
        return None
    return written.Signature(wanted.signed_by, ctx.at.replace(microsecond=0).isoformat(), wanted.authority)


def may_attach_fingerprints(case: Case) -> bool:
    """Only what the person let partner platforms have."""
    return consents.in_force(case, Recipient.PARTNERS, ConsentKind.FINGERPRINTS)


def _fingerprints(case: Case) -> tuple[written.Fingerprint, ...]:
    if not may_attach_fingerprints(case):
        message = _("The person didn't agree that fingerprints go to platforms.")
        raise Conflict(message, code="no_consent")
    shared = CasePicture.objects.filter(case=case, sharing_stopped_at=None).values("picture_id")
    found = Fingerprint.objects.filter(picture__in=shared, kind__in=KINDS, variant__in=["", "original"])
    values = sorted({(KINDS.index(one.kind), one.value) for one in found})
    return tuple(written.Fingerprint(KINDS[kind], value) for kind, value in values)


def seal(case: Case, notice_id: UUID, record: written.Notice) -> bytes:
    public = bytes(case.public_key)
    return sealed.seal(public, record.to_json(), table=sealed.NOTICE, row=notice_id, field="record") or b""


@unrecorded("opens a notice for the service that shows or sends it, which records")
def unseal(case: Case, row: Notice) -> written.Notice:
    """The record; Conflict (code altered) when it isn't what its digest says."""
    private = open_case_key(case)
    text = sealed.unseal(private, row.record_sealed, table=sealed.NOTICE, row=row.id, field="record")
    record = written.Notice.from_json(text)
    if record.digest != row.digest:
        message = _("This notice was changed outside the portal. Tell your administrator.")
        raise Conflict(message, code="altered")
    return record
