"""What each page of the journey shows."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from cases.intake import proof, steps, summary
from cases.intake.actions import FORMS
from cases.intake.draft import Draft
from cases.intake.step_forms import StepForm
from cases.intake.steps import Step
from cases.models import VisitPicture
from cases.services.visits import OpenVisit
from hashing.fingerprints.pdq_order import ORDER
from hashing.fingerprints.regional.table import VERSION
from portal import content_security
from portal.agency import selectors as agency
from portal.core.context import Context
from portal.vault import refusals
from portal.vault.models import PictureState
from portal.verify import selectors as verify

TABLE = f"regional-v{VERSION}.bin"
NOTICES = {
    "code_sent": gettext_lazy("We have sent a code."),
    "code_too_soon": gettext_lazy("Wait a minute before you ask for another code."),
}
FILE_REFUSALS = {
    "not_believed": gettext_lazy(
        "The fingerprints did not arrive as they should: none was added. Choose the files again."
    ),
    "none_chosen": gettext_lazy("Choose a file first, or continue without one."),
    "too_many": gettext_lazy("Too much is arriving at once. Wait an hour, then add this file again."),
    "no_more": gettext_lazy("You can add at most 20 files here. You can send more later."),
}


@dataclass(frozen=True)
class FileRow:
    """A file that was added; `refusal` says why it can't be used, "" when it can."""

    position: int
    size: int
    checking: bool
    refusal: str
    on_device: bool


def start(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/intake/start.html", {"step": Step.START, "agency_row": agency.current()})


def ended(request: HttpRequest) -> HttpResponse:
    """The visit is over: after 30 minutes without a step, 4 hours, or because it was sent or left."""
    return render(request, "cases/intake/ended.html", status=HTTPStatus.GONE)


def no_files(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/intake/no_files.html", status=HTTPStatus.BAD_REQUEST)


def show(
    request: HttpRequest, visit: OpenVisit, *, form: StepForm | None = None, step: Step | None = None
) -> HttpResponse:
    """The current page; with a refused form, that page again with its errors (422)."""
    draft = Draft.read(visit.payload)
    row = agency.current()
    step = step or steps.current(draft, row.minor_route)
    context = {
        "step": step,
        "ends": visit.ends(Context.visitor()),
        "form": form or _fresh(step, draft),
        "draft": draft,
        "agency_row": row,
        "has_back": steps.before(draft, step, row.minor_route) is not None,
        "notice": NOTICES.get(draft.notice, ""),
        **_more(step, draft, visit),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    response = render(request, f"cases/intake/{step.value}.html", context, status=status)
    return _with_a_worker(request, response) if step is Step.DEVICE else response


def _with_a_worker(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    csp_replace(content_security.WITH_A_WORKER)(lambda _request: response)(request)
    return response


def _fresh(step: Step, draft: Draft) -> StepForm:
    if step not in {Step.DEVICE, Step.FILES} or not draft.refused:
        return FORMS[step](draft=draft)
    form = FORMS[step]({}, draft=draft)
    for code in draft.refused:
        form.add_error("upload" if step is Step.FILES else None, file_refusal(code))
    return form


def file_refusal(code: str) -> str:
    return str(FILE_REFUSALS.get(code) or refusals.sentence(code))


def _files(visit: OpenVisit) -> list[FileRow]:
    return [_file(row) for row in visit.row.pictures.select_related("picture")]


def _file(held: VisitPicture) -> FileRow:
    picture = held.picture
    why = refusals.sentence(picture.refusal) if picture.refusal else ""
    checking, on_device = picture.state == PictureState.STORED, picture.state == PictureState.ON_DEVICE
    return FileRow(held.position, picture.size, checking, why, on_device)


def _more(step: Step, draft: Draft, visit: OpenVisit) -> dict[str, Any]:
    if step is Step.CODE:
        return {"trouble": verify.has_trouble(draft.challenge)}
    if step is Step.WAY:
        return {"files": visit.row.pictures.exists()}
    if step is Step.FILES:
        rows = _files(visit)
        return {"files": rows, "checking": any(row.checking for row in rows), "kinds": refusals.ACCEPTED}
    if step is Step.DEVICE:
        files = _files(visit)
        last = files[-1].position if files else 0
        return {"files": files, "last": last, "variants": " ".join(ORDER), "table": TABLE}
    if step is Step.CHECK:
        files = _files(visit)
        refused = sum(bool(file.refusal) for file in files)
        return {"rows": summary.rows(draft, usable=len(files) - refused, refused=refused), "proof": proof}
    return {}
