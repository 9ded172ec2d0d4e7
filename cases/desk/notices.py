"""Notices at the desk: choose the law, write, have it approved, send, and read what was sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import assessments, locations, selectors
from cases.desk import notice_page
from cases.desk.forms import DigestForm
from cases.desk.notice_forms import NoticeForm, starting
from cases.desk.outcomes import redirect_with
from cases.models import About, Case
from cases.notices import regimes, rendering
from cases.notices import selectors as notices
from cases.notices.notice import Standing
from cases.notices.regime import Regime
from cases.notices.rendering import Form
from cases.services import notice_copies, notice_drafting, notice_records, notice_sending
from cases.services.notice_records import Incomplete
from portal.accounts.http import StaffRequest, staff, step_up
from portal.accounts.roles import Perm
from portal.agency import selectors as agency
from portal.core.errors import Conflict, NotFound


@staff(Perm.CASE_WORK)
@require_safe
def choose(request: StaffRequest, reference: str) -> HttpResponse:
    """Which law: those that this agency may use, and what each asks."""
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    return _choose_page(request, case)


@staff(Perm.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest, reference: str, regime: str) -> HttpResponse:
    case = selectors.case_for(request.actor, reference, Perm.CASE_WORK)
    chosen = _regime(regime)
    rows = list(notices.ready(request.actor, case))
    if not rows and request.method != "POST":
        return _choose_page(request, case)  # it says what is missing
    services = [locations.service(row) for row in rows]
    form = NoticeForm(
        request.POST or None,
        regime=chosen,
        rows=rows,
        may_attach=notice_records.may_attach_fingerprints(case),
        initial={
            "service": services[0] if services else "",
            "email": notices.last_contact(services),
            **_assessed(request, case),
        },
    )
    if form.is_valid():
        try:
            row = notice_drafting.draft(request.ctx, case_id=case.pk, wanted=form.wanted())
        except Incomplete as error:
            form.explain(error.fields)
        else:
            return redirect_with("drafted", "desk:notice", row.pk)
    return _form_page(request, case, chosen, form)


@staff(Perm.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    """The same form again; what was approved has to be approved anew."""
    row = notices.one(request.actor, notice_id, Perm.CASE_WORK)
    chosen = _regime(row.regime)
    record = notice_copies.read_record(request.ctx, notice_id=row.pk)
    form = NoticeForm(
        request.POST or None,
        regime=chosen,
        rows=[],
        may_attach=notice_records.may_attach_fingerprints(row.case),
        initial=starting(record, email=row.email),
        fixed=True,
    )
    if form.is_valid():
        try:
            notice_drafting.redraft(request.ctx, notice_id=row.pk, wanted=form.wanted())
        except Incomplete as error:
            form.explain(error.fields)
        else:
            return redirect_with("drafted", "desk:notice", row.pk)
    return _form_page(request, row.case, chosen, form)


@staff(Perm.CASE_READ)
@require_safe
def notice(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    row = notices.one(request.actor, notice_id)
    return render(request, "cases/desk/notice.html", notice_page.context(request, row))


@staff(Perm.NOTICE_APPROVE)
@require_POST
@step_up
def approve(request: StaffRequest, notice_id: UUID) -> HttpResponseBase:
    notices.one(request.actor, notice_id, Perm.NOTICE_APPROVE)
    form = DigestForm(request.POST)
    if not form.is_valid():
        raise Conflict(_("This page is no longer valid. Open the proposal again."), code="digest")
    notice_sending.approve(request.ctx, notice_id=notice_id, digest=form.cleaned_data["digest"])
    return redirect_with("notice-approved", "desk:notice", notice_id)


@staff(Perm.CASE_WORK)
@require_POST
@step_up
def send(request: StaffRequest, notice_id: UUID) -> HttpResponseBase:
    notices.one(request.actor, notice_id, Perm.CASE_WORK)
    row = notice_sending.send(request.ctx, notice_id=notice_id)
    return redirect_with("notice-sent" if row.email else "notice-by-hand", "desk:notice", notice_id)


@staff(Perm.CASE_WORK)
@require_POST
def take_back(request: StaffRequest, notice_id: UUID) -> HttpResponse:
    row = notices.one(request.actor, notice_id, Perm.CASE_WORK)
    notice_drafting.take_back(request.ctx, notice_id=notice_id)
    return redirect_with("notice-taken-back", "desk:case", row.case.reference)


@staff(Perm.CASE_READ)
@require_safe
def copy(request: StaffRequest, notice_id: UUID, form: str) -> HttpResponse:
    """One form exactly as it was sent, to keep: never opened inside the portal's own pages."""
    row = notices.one(request.actor, notice_id)
    if form not in set(Form):
        raise NotFound(_("There is nothing here."), code="no_such_copy")
    content = notice_copies.read_copy(request.ctx, notice_id=row.pk, form=Form(form))
    name = f"{row.reference}.{'txt' if form == Form.TEXT else form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=rendering.MEDIA_TYPES[Form(form)], headers=headers)


def _regime(code: str) -> Regime:
    if code not in regimes.BY_CODE:
        raise NotFound(_("There is nothing here."), code="no_such_regime")
    return regimes.BY_CODE[code]


def _choose_page(request: StaffRequest, case: Case) -> HttpResponse:
    context = {
        "case": case,
        "regimes": regimes.open_to(agency.current().jurisdiction),
        "ready": notices.ready(request.actor, case).count(),
        "assessment": next(iter(assessments.of_case(request.actor, case)), None),
    }
    return render(request, "cases/desk/notice_choose.html", context)


def _assessed(request: StaffRequest, case: Case) -> dict[str, str]:
    """What the assessment answered already."""
    known = {"standing": _STANDING[About(case.about)].value}
    for newest in assessments.of_case(request.actor, case)[:1]:
        known["basis"] = newest.basis
    return known


_STANDING = {About.ME: Standing.SELF, About.AUTHORISED: Standing.AUTHORISED, About.CHILD: Standing.PARENT}


def _form_page(request: StaffRequest, case: Case, regime: Regime, form: NoticeForm) -> HttpResponse:
    context = {"case": case, "regime": regime, "form": form}
    return render(request, "cases/desk/notice_write.html", context)
