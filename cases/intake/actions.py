"""What each page does with its POST."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from cases import cookies
from cases.intake import confirming, contact_forms, device, files, forms, sending, steps
from cases.intake.draft import Way
from cases.intake.step_forms import GoOnForm, StepForm
from cases.intake.steps import Step
from cases.intake.turn import Turn
from cases.services import visits

FORMS: dict[Step, type[StepForm]] = {
    Step.LEAVING: GoOnForm,
    Step.DANGER: forms.DangerForm,
    Step.URGENT: GoOnForm,
    Step.ABOUT: forms.AboutForm,
    Step.AUTHORITY: forms.AuthorityForm,
    Step.AGE: forms.AgeForm,
    Step.REFER: GoOnForm,
    Step.HAPPENED: forms.HappenedForm,
    Step.ADVICE: GoOnForm,
    Step.STORY: forms.StoryForm,
    Step.WAY: forms.WayForm,
    Step.CONTACT: contact_forms.ContactForm,
    Step.SAFE: contact_forms.SafeContactForm,
    Step.CODE: contact_forms.CodeForm,
    Step.DEVICE: forms.DeviceForm,
    Step.FILES: forms.FilesForm,
    Step.LINKS: forms.LinksForm,
    Step.MORE: forms.MoreForm,
    Step.CONSENTS: forms.ConsentsForm,
    Step.CHECK: forms.CheckForm,
    Step.RECEIPT: forms.ReceiptForm,
}


def take(turn: Turn) -> HttpResponse | None:
    """Act on the POST of a page that the visitor may be on. None: show the current page."""
    turn.draft.notice, turn.draft.refused = "", []
    if turn.action == "over":
        visits.end_locked(turn.ctx, turn.visit)
        return cookies.forget(cookies.go("/"))
    if turn.action == "back":
        turn.draft.step = steps.before(turn.draft, turn.step, turn.minor_route) or turn.step
        return None
    if turn.action.startswith("change:"):
        wanted = turn.action.removeprefix("change:")
        turn.draft.step = wanted if wanted in set(Step) else turn.step  # `steps.current` checks the rest
        return None
    if turn.action == "rather_not" and turn.form.can_skip:
        turn.rather_not()
        return None
    return ACTIONS.get(turn.step, Turn.answer)(turn)


def age(turn: Turn) -> None:
    """Files that came before a change to "yes" or "not sure" are destroyed at once."""
    turn.answer()
    if turn.draft.is_minor:
        visits.drop_pictures(turn.ctx, turn.visit.row, reason="minor")
        turn.draft.consents = []
        turn.draft.way = ""
        turn.draft.undone(Step.WAY, Step.DEVICE, Step.FILES, Step.CONSENTS)
        turn.draft.step = steps.reachable(turn.draft, turn.minor_route)[-1]


def way(turn: Turn) -> None:
    """What was added on another way before goes with it: nobody who then chooses to send nothing does."""
    before = turn.draft.way
    turn.answer()
    if turn.draft.way not in {before, Way.SEND}:
        only_sent = turn.draft.way == Way.DEVICE
        visits.drop_pictures(turn.ctx, turn.visit.row, reason="removed", only_sent=only_sent)


ACTIONS: dict[Step, Callable[[Turn], HttpResponse | None]] = {
    Step.AGE: age,
    Step.WAY: way,
    Step.SAFE: confirming.safe,
    Step.CODE: confirming.code,
    Step.DEVICE: device.act,
    Step.FILES: files.act,
    Step.CHECK: sending.check,
    Step.RECEIPT: sending.receipt,
}
