"""The order of the pages, and which of them a visitor may be on."""

from __future__ import annotations

from enum import StrEnum

from cases.intake.draft import Draft, Way
from portal.agency.models import MinorRoute


class Step(StrEnum):
    START = "start"
    LEAVING = "leaving"
    DANGER = "danger"
    URGENT = "urgent"
    ABOUT = "about"
    AUTHORITY = "authority"
    AGE = "age"
    REFER = "refer"
    HAPPENED = "happened"
    ADVICE = "advice"
    STORY = "story"
    WAY = "way"
    CONTACT = "contact"
    SAFE = "safe"
    CODE = "code"
    DEVICE = "device"
    FILES = "files"
    LINKS = "links"
    MORE = "more"
    CONSENTS = "consents"
    CHECK = "check"
    RECEIPT = "receipt"


def path(draft: Draft, minor_route: str) -> list[Step]:
    """All pages of this draft, in order. The age question comes before anything that takes a file."""
    if draft.is_sent:
        return [Step.RECEIPT]
    asked = {
        Step.LEAVING: True,
        Step.DANGER: True,
        Step.URGENT: draft.danger == "yes",
        Step.ABOUT: True,
        Step.AUTHORITY: draft.for_somebody,
        Step.AGE: True,
        Step.REFER: draft.is_minor and minor_route == MinorRoute.REFER,
        Step.HAPPENED: True,
        Step.ADVICE: draft.is_pressed,
        Step.STORY: True,
        Step.WAY: not draft.is_minor,
        Step.CONTACT: True,
        Step.SAFE: bool(draft.channel),
        Step.CODE: bool(draft.channel),
        Step.DEVICE: not draft.is_minor and draft.way == Way.DEVICE,
        Step.FILES: not draft.is_minor and draft.way == Way.SEND,
        Step.LINKS: True,
        Step.MORE: True,
        Step.CONSENTS: True,
        Step.CHECK: True,
    }
    return [step for step, applies in asked.items() if applies]


def reachable(draft: Draft, minor_route: str) -> list[Step]:
    """The pages up to the first one that isn't answered."""
    pages = []
    for step in path(draft, minor_route):
        pages.append(step)
        if step not in draft.answered:
            break
    return pages


def current(draft: Draft, minor_route: str) -> Step:
    """Where the visitor is: the page they went to, if they may be there, else the first unanswered one."""
    pages = reachable(draft, minor_route)
    return Step(draft.step) if draft.step in pages else pages[-1]


def before(draft: Draft, step: Step, minor_route: str) -> Step | None:
    """The page before `step`; None for the first one."""
    pages = reachable(draft, minor_route)
    index = pages.index(step)
    return pages[index - 1] if index else None


def go_on(draft: Draft, step: Step, minor_route: str) -> None:
    """Mark `step` as answered and go to the first page that isn't: after a change, that is the last one."""
    draft.done(step)
    draft.step = reachable(draft, minor_route)[-1]


def takes_files(draft: Draft, minor_route: str) -> bool:
    """Whether this visitor may send files now: the age question is answered with "no"."""
    return Step.FILES in reachable(draft, minor_route) and not draft.is_minor
