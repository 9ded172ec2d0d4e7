"""The answers, as the last page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from cases.intake.contact_forms import Reach
from cases.intake.draft import Draft
from cases.intake.steps import Step
from cases.models import About, AgeRoute, Circumstance, KnownTo, Relation
from cases.wording import CONSENTS


@dataclass(frozen=True)
class Row:
    """One answer; `step` is the page that changes it."""

    label: str
    value: str
    step: Step


def rows(draft: Draft, *, usable: int, refused: int) -> list[Row]:
    """All answers of a complete draft, in the order of the pages."""
    files = [] if draft.is_minor else [Row(_("Files"), _files(usable, refused), Step.WAY)]
    return [
        Row(_("In danger now"), _danger(draft), Step.DANGER),
        Row(_("About"), str(About(draft.about).label), Step.ABOUT),
        Row(_("Anyone under 18"), str(AgeRoute(draft.age).label), Step.AGE),
        Row(_("What happened"), _listed(Circumstance, draft.circumstances), Step.HAPPENED),
        Row(_("In your words"), draft.story or _("Nothing written"), Step.STORY),
        Row(_("Contact"), _contact(draft), Step.SAFE if draft.channel else Step.CONTACT),
        *_safety(draft),
        *files,
        Row(_("Links"), "\n".join(draft.links) or _("None"), Step.LINKS),
        Row(_("Who did it"), _listed(Relation, filter(None, [draft.who])), Step.MORE),
        Row(_("Who knows already"), _listed(KnownTo, draft.known_to), Step.MORE),
        Row(_("You agree to"), _agreed(draft), Step.CONSENTS),
    ]


def _danger(draft: Draft) -> str:
    return {"yes": _("Yes"), "no": _("No")}.get(draft.danger, _("Not said"))


def _listed(kind: type[TextChoices], codes: Iterable[str]) -> str:
    return "\n".join(str(kind(code).label) for code in codes) or _("Not said")


def _agreed(draft: Draft) -> str:
    return "\n".join(str(CONSENTS[code].label) for code in draft.consents) or _("Nothing")


def _files(usable: int, refused: int) -> str:
    words = str(usable) if usable else _("None")
    if refused:
        words += "\n" + _("Cannot be used: %(number)d") % {"number": refused}
    return words


def _contact(draft: Draft) -> str:
    if not draft.channel:
        return _("None")
    state = _("confirmed") if draft.confirmed else _("not confirmed yet")
    return f"{Reach(draft.reach).label}: {draft.contact} ({state})"


def _safety(draft: Draft) -> list[Row]:
    if not draft.channel:
        return []
    leave = _("Yes") if draft.safe_to_leave == "yes" else _("No")
    found = [Row(_("May we leave a message?"), leave, Step.SAFE)]
    if draft.safe_when:
        found.append(Row(_("A good time"), draft.safe_when, Step.SAFE))
    if draft.safe_say and draft.reach == Reach.CALL:
        found.append(Row(_("What to say"), draft.safe_say, Step.SAFE))
    return found
