"""The answers, as the last page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.intake.draft import Draft
from cases.intake.steps import Step
from cases.intake.wording import CONSENTS
from cases.models import About, AgeRoute, Circumstance


@dataclass(frozen=True)
class Row:
    """One answer; `step` is the page that changes it."""

    label: str
    value: str
    step: Step


def rows(draft: Draft, *, usable: int, refused: int) -> list[Row]:
    """All answers of a complete draft, in the order of the pages."""
    happened = [str(Circumstance(code).label) for code in draft.circumstances]
    agreed = [str(CONSENTS[code].label) for code in draft.consents]
    found = [
        Row(_("About"), str(About(draft.about).label), Step.ABOUT),
        Row(_("Anyone under 18"), str(AgeRoute(draft.age).label), Step.AGE),
        Row(_("What happened"), "\n".join(happened) or _("Not said"), Step.HAPPENED),
        Row(_("In your words"), draft.story or _("Nothing written"), Step.HAPPENED),
        Row(_("Contact"), _contact(draft), Step.CONTACT),
        Row(_("Links"), "\n".join(draft.links) or _("None"), Step.LINKS),
        Row(_("You agree to"), "\n".join(agreed) or _("Nothing"), Step.CONSENTS),
    ]
    if not draft.is_minor:
        found.insert(5, Row(_("Files"), _files(usable, refused), Step.FILES))
    return found


def _files(usable: int, refused: int) -> str:
    words = str(usable) if usable else _("None")
    if refused:
        words += "\n" + _("Cannot be used: %(number)d") % {"number": refused}
    return words


def _contact(draft: Draft) -> str:
    if not draft.channel:
        return _("None")
    state = _("confirmed") if draft.confirmed else _("not confirmed yet")
    return f"{draft.contact} ({state})"
