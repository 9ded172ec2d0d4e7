"""The words of a list and the moves of an entry, in one table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Conflict, Invalid


class Rule(models.TextChoices):
    """Who decides what goes on a list."""

    REVIEWED = "reviewed", _("Two people decide")
    SELF_REPORTED = "self_reported", _("Fingerprinted on the person's own device")
    RESTRICTED = "restricted", _("Two people of a restricted team decide")
    SANDBOX = "sandbox", _("Harmless, for partners to test with")


class State(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    LISTED = "listed", _("Listed")
    QUARANTINED = "quarantined", _("Quarantined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Rejected")


class FeedState(models.TextChoices):
    """What a feed says of an entry."""

    ACTIVE = "active", _("Active")
    # Off the feed while it is looked into: to be kept, and not to be matched. Wires without it say withdrawn.
    QUARANTINED = "quarantined", _("Quarantined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MediaType(models.TextChoices):
    IMAGE = "image", _("Picture")
    VIDEO = "video", _("Video")


class Category(models.TextChoices):
    """What kind of harm an entry stands for, in codes that partners act on."""

    NCII = "ncii", _("Shared without consent")
    THREATENED = "threatened", _("Somebody threatens to share it")
    EXTORTION = "extortion", _("Used to extort")
    SYNTHETIC = "synthetic", _("Made or altered by software")
    RECORDED = "recorded", _("Recorded in secret")
    ASSAULT = "assault", _("Shows an assault")
    CHILD = "child", _("Of somebody who was or may have been under 18")
    SANDBOX = "sandbox", _("Harmless, for trying a connection out")


class Scope(models.TextChoices):
    """What a key may do."""

    PULL = "pull", _("Pull lists")
    LOOKUP = "lookup", _("Look fingerprints up")
    FEEDBACK = "feedback", _("Send feedback")
    SUBMIT = "submit", _("Submit fingerprints")
    WEBHOOKS = "webhooks", _("Manage webhooks")
    KEYS = "keys", _("See, rotate and revoke keys")


class Wire(models.TextChoices):
    NATIVE = "native", _("Native API")
    STOPNCII = "stopncii", _("StopNCII wire")
    NCMEC = "ncmec", _("NCMEC wire")


class Reason(models.TextChoices):
    """Why an entry was rejected, quarantined or withdrawn: codes, so that no personal data gets in."""

    CONSENT_WITHDRAWN = "consent_withdrawn", _("The person withdrew their consent")
    CHILD_SUSPECTED = "child_suspected", _("A child may be affected")
    MISTAKE = "mistake", _("It was listed by mistake")
    COLLISION = "collision", _("It matches something harmless")
    DISPUTED = "disputed", _("Partners dispute it")
    OVER_MATCHING = "over_matching", _("It matches far more than others on its list")
    CASE_DISPOSED = "case_disposed", _("The case was disposed of")
    NOT_ENOUGH = "not_enough", _("There isn't enough to decide on")


OPEN = (State.PROPOSED, State.APPROVED, State.LISTED, State.QUARANTINED)
# What a feed says of an entry in each of these states.
ON_FEED = {
    State.LISTED: FeedState.ACTIVE,
    State.QUARANTINED: FeedState.QUARANTINED,
    State.WITHDRAWN: FeedState.WITHDRAWN,
}
VERIFICATION = {
    Rule.REVIEWED: "agency_verified",
    Rule.RESTRICTED: "agency_verified",
    Rule.SELF_REPORTED: "self_reported",
    Rule.SANDBOX: "test",
}
NEEDS_TWO = (Rule.REVIEWED, Rule.RESTRICTED)
# Lists that a partner gets without asking for them.
GIVEN_TO_ALL = (Rule.REVIEWED, Rule.SANDBOX)

MOVES: dict[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.LISTED, State.WITHDRAWN}),
    State.LISTED: frozenset({State.QUARANTINED, State.WITHDRAWN}),
    State.QUARANTINED: frozenset({State.LISTED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
    State.REJECTED: frozenset(),
}


def check(current: str, wanted: State) -> None:
    """Raise Conflict unless an entry may move from `current` to `wanted`."""
    if wanted not in MOVES[State(current)]:
        message = gettext("This has already been decided: it is %(state)s now.") % {
            "state": State(current).label
        }
        raise Conflict(message, code=f"entry_is_{current}")


def reason(code: str) -> Reason:
    """`code` as a Reason; raises Invalid for anything else, so that free text can't get in."""
    if code not in Reason.values:
        raise Invalid(gettext("Choose one of the reasons."), code="no_such_reason")
    return Reason(code)
