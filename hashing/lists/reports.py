"""What a partner may say of an entry, and what a report of it holds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Invalid

# Of a partner's picture, in thousandths: left, top, right, bottom.
Region = tuple[int, int, int, int]
WHOLE = 1000
# The most uploads that a report may count: more is a mistake.
MOST = 10_000_000
BITS = 256


class Value(models.TextChoices):
    """What a partner did about an entry's matches. The last four of them count uploads or accounts."""

    NOT_MATCHED = "not_matched", _("Nothing matched")
    DISPUTED = "disputed", _("Disputed")
    # The partner takes back what it reported.
    TAKEN_BACK = "taken_back", _("Report taken back")
    SEEN = "seen", _("Seen")
    BLOCKED = "blocked", _("Blocked")
    REMOVED = "removed", _("Removed")
    ACCOUNT_ACTED = "account_acted", _("Account acted against")


class DisputeReason(models.TextChoices):
    """Why a partner disputes an entry; a stable code on every wire."""

    INCONCLUSIVE = "inconclusive", _("Reviewed, and not sure that it belongs on the list")
    HARMLESS = "harmless", _("It matches something harmless")
    WRONG_MATCH = "wrong_match", _("It matches other pictures than the one it is of")
    PUBLISHED = "published", _("Shared by the person themselves, as far as the platform can tell")
    NOT_INTIMATE = "not_intimate", _("Nothing intimate in it")
    BAD_VALUE = "bad_value", _("The fingerprint itself is damaged")


# Uploads that matched: what the baseline of a list is made of.
MATCHES = (Value.SEEN, Value.BLOCKED, Value.REMOVED)
# Uploads that nobody sees any more.
STOPPED = (Value.BLOCKED, Value.REMOVED)
# A person at the partner has looked: more than its matcher says so.
CONFIRMED = (Value.REMOVED, Value.ACCOUNT_ACTED)
COUNTING = (*MATCHES, Value.ACCOUNT_ACTED)


@dataclass(frozen=True)
class Outline:
    """How it matched, if the partner says: the kind, differing bits, and where in the partner's picture."""

    kind: str = ""
    distance: int | None = None
    region: Region | None = None


@dataclass(frozen=True)
class Report:
    """One statement of a partner about one entry.

    `total` is a running count, how many uploads or accounts so far: sending it twice changes nothing.
    """

    entry_id: UUID
    value: Value
    reason: DisputeReason | None = None
    total: int = 1
    outline: Outline = Outline()


def check(report: Report, kinds: frozenset[str]) -> None:
    """Raise Invalid for a report that contradicts itself."""
    if (report.value is Value.DISPUTED) != (report.reason is not None):
        message = gettext("Give a reason with a dispute, and with nothing else.")
        raise Invalid(message, code="reason_with_dispute")
    if not 1 <= report.total <= MOST or (report.total > 1 and report.value not in COUNTING):
        message = gettext("A total counts uploads or accounts so far, from 1 on.")
        raise Invalid(message, code="bad_total")
    if not _is_outline(report.outline, kinds):
        message = gettext("An outline has a kind, a distance in bits, and a region in thousandths.")
        raise Invalid(message, code="bad_outline")


def _is_outline(outline: Outline, kinds: frozenset[str]) -> bool:
    if outline.kind and outline.kind not in kinds:
        return False
    if outline.distance is not None and not 0 <= outline.distance <= BITS:
        return False
    if outline.region is None:
        return True
    left, top, right, bottom = outline.region
    return 0 <= left < right <= WHOLE and 0 <= top < bottom <= WHOLE
