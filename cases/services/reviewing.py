"""Caseworkers look at pictures and decide; a second person approves. All stops if a child is suspected."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases import holds
from cases.models import Case, CasePicture
from cases.services import consents, same_file
from cases.services.deciding import set_decision
from cases.services.loading import locked, locked_picture, refuse_if_child, refuse_if_going
from cases.states import Decision
from hashing.lists import services as lists
from hashing.lists.models import Entry, List
from hashing.lists.states import Category, Reason, Rule
from portal.accounts.roles import Perm
from portal.core.context import Context
from portal.core.errors import Conflict, NotFound
from portal.vault import services as vault
from portal.vault.models import PictureState, Reveal


@transaction.atomic
def preview(ctx: Context, *, case_id: UUID, position: int) -> tuple[str, bytes]:
    """(media type, bytes) of the blurred, grey preview. Perm picture.preview; audited by the vault."""
    row = _open_picture(ctx, case_id, position, Perm.PICTURE_PREVIEW)
    rendition = vault.preview_of(row.picture)
    if rendition is None:
        raise NotFound(_("There is no preview of this file."), code="no_preview")
    return vault.read_rendition(ctx, rendition_id=rendition.id, team=row.case.team_id)


@transaction.atomic
def request_reveal(ctx: Context, *, case_id: UUID, position: int, reason: str) -> Reveal:
    """Ask for a watermarked view. Perm picture.reveal."""
    row = _open_picture(ctx, case_id, position, Perm.PICTURE_REVEAL)
    return vault.request_reveal(ctx, picture_id=row.picture_id, reason=reason, team=row.case.team_id)


@transaction.atomic
def open_reveal(ctx: Context, *, case_id: UUID, reveal_id: UUID) -> bytes:
    """The revealed picture, to the member of staff who asked, while it is open (60 seconds)."""
    case = locked(ctx, case_id, Perm.PICTURE_REVEAL)
    refuse_if_child(case)
    refuse_if_going(case)
    if not CasePicture.objects.filter(case=case, picture__reveals=reveal_id).exists():
        raise NotFound(_("There is no such view."), code="no_such_reveal")
    return vault.open_reveal(ctx, reveal_id=reveal_id)


def lists_for(case: Case) -> QuerySet[List]:
    """The lists that its team proposes for: restricted ones by a restricted team, reviewed ones by others.

    None is self-reported: that is the person's own to choose, and nobody reviews it.
    """
    return List.objects.filter(rule=Rule.RESTRICTED if case.team.restricted else Rule.REVIEWED)


@transaction.atomic
def propose(
    ctx: Context, *, case_id: UUID, position: int, list_slug: str, category: Category = Category.NCII
) -> Entry:
    """Propose the picture for a list: that is the caseworker's decision. Perm entry.propose."""
    row = _open_picture(ctx, case_id, position, Perm.ENTRY_PROPOSE)
    if row.picture.state == PictureState.ON_DEVICE:
        message = _("Nobody here can look at it: it is on the person's device. Reviewed lists need that.")
        raise Conflict(message, code="on_device")
    if row.sharing_stopped_at is not None:
        raise Conflict(_("The person stopped the sharing of this file."), code="sharing_stopped")
    if not lists_for(row.case).filter(slug=list_slug).exists():
        raise NotFound(_("There is no such list."), code="no_such_list")
    set_decision(ctx, row, Decision.PROPOSED)
    return lists.propose(
        ctx,
        picture_id=row.picture_id,
        list_slug=list_slug,
        basis=consents.basis(row.case),
        team=row.case.team_id,
        category=category,
    )


@transaction.atomic
def decide_not_listed(ctx: Context, *, case_id: UUID, position: int) -> CasePicture:
    """Not for a list: the picture is shredded unless it is kept as evidence. Perm entry.propose.

    A proposal that nobody has decided on ends with it; what is listed already has to be withdrawn instead.
    """
    row = _open_picture(ctx, case_id, position, Perm.ENTRY_PROPOSE)
    if row.decision == Decision.LISTED:
        raise Conflict(_("This is listed. Withdraw it instead."), code="already_listed")
    team = row.case.team_id
    lists.withdraw_picture(ctx, picture_id=row.picture_id, reason=Reason.NOT_ENOUGH, team=team)
    set_decision(ctx, row, Decision.NOT_LISTED)
    same_file.not_listed(ctx, row)
    _shred_unless_kept(ctx, row)
    return row


@transaction.atomic
def approve(ctx: Context, *, case_id: UUID, entry_id: UUID, digest: str) -> Entry:
    """The second person agrees; `digest` is of what was shown to them. Perm entry.approve. May shred."""
    case, row = _proposed(ctx, case_id, entry_id)
    entry = lists.approve(ctx, entry_id=entry_id, digest=digest, team=case.team_id)
    if entry.submission_id is not None:
        return entry  # a partner's copy: the review of the person's own file is another matter
    set_decision(ctx, row, Decision.LISTED)
    _shred_unless_kept(ctx, row)
    return entry


@transaction.atomic
def reject(ctx: Context, *, case_id: UUID, entry_id: UUID, reason: str) -> Entry:
    """The second person does not agree: the review goes back to the caseworker. Perm entry.approve."""
    case, row = _proposed(ctx, case_id, entry_id)
    entry = lists.reject(ctx, entry_id=entry_id, reason=reason, team=case.team_id)
    if entry.submission_id is not None:
        return entry
    set_decision(ctx, row, Decision.UNDECIDED)
    return entry


def _open_picture(ctx: Context, case_id: UUID, position: int, perm: Perm) -> CasePicture:
    case = locked(ctx, case_id, perm)
    refuse_if_child(case)
    refuse_if_going(case)
    row = locked_picture(case, position)
    row.case = case
    return row


def _proposed(ctx: Context, case_id: UUID, entry_id: UUID) -> tuple[Case, CasePicture]:
    """The case and picture of an entry; NotFound when the entry is of another case."""
    case = locked(ctx, case_id, Perm.ENTRY_APPROVE)
    refuse_if_child(case)
    entry = Entry.objects.filter(pk=entry_id).first()
    rows = CasePicture.objects.select_for_update().filter(case=case)
    row = rows.filter(picture_id=entry.picture_id).first() if entry else None
    if row is None:
        raise NotFound(_("There is no such proposal in this case."), code="no_such_entry")
    return case, row


def _shred_unless_kept(ctx: Context, row: CasePicture) -> None:
    """The review is decided: the fingerprints stay, the picture goes."""
    if not row.keep_as_evidence and not holds.is_held(row.case):
        vault.shred(ctx, picture_id=row.picture_id, reason="decided")
