"""The proof of deletion on paper: what the signed file inside it says, in the person's words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.services.certificates import FINAL
from portal.core.pdf import Paper

COMMAND = "python audit_verifier.py certificate proof.pdf --key KEY"


def of_certificate(signed: bytes) -> bytes:
    """A PDF in the active language with the signed JSON inside: checkable as it is."""
    body = json.loads(signed)["certificate"]
    made = datetime.fromisoformat(body["made_at"])
    paper = Paper(_("Proof"), language=get_language() or "en", made_at=made)
    paper.title(_("Proof of deletion"))
    paper.text(_kind(body))
    paper.facts(_facts(body))
    if body["partners"]:
        paper.heading(_("Who had been given a fingerprint"))
        paper.items(_partners(body))
    paper.heading(_("What is still to come"))
    paper.items(_still(body))
    paper.heading(_("What stays"))
    paper.items(_stays(body))
    paper.heading(_("How to check this"))
    paper.text(
        _(
            "This file carries its own signed proof. Anybody can check it without us, with the agency's "
            "public key and a small program that the agency publishes:"
        )
    )
    paper.code(COMMAND)
    paper.code("SHA-256 " + hashlib.sha256(signed).hexdigest())
    paper.attach("proof.json", signed)
    return paper.output()


def _kind(body: dict[str, Any]) -> str:
    if body["kind"] == FINAL:
        return _("This is the final proof: nothing more can be expected of anybody who had a fingerprint.")
    return _("This is the first proof. A final one follows when everybody has heard, after 45 days at most.")


def _facts(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Reference"), body["reference"]
    yield _("Deleted"), _time(body["deleted_at"])
    yield _("This proof was made"), _time(body["made_at"])
    counts = body["counts"]
    yield _("Files destroyed"), str(counts["files"])
    if "locations" in counts:
        yield _("Links deleted"), str(counts["locations"])
        yield _("Messages deleted"), str(counts["messages"])


def _partners(body: dict[str, Any]) -> Iterator[str]:
    for one in body["partners"]:
        if one["pulled_past_at"]:
            yield _("%(partner)s was told to drop it: %(time)s") % {
                "partner": one["partner"],
                "time": _time(one["pulled_past_at"]),
            }
        else:
            yield _("%(partner)s has not asked for changes since") % {"partner": one["partner"]}


def _still(body: dict[str, Any]) -> Iterator[str]:
    for one in body["still_to_come"]:
        day = _day(one["by"])
        if one["what"].startswith("the key"):
            yield _("The key of that day's files is erased by %(day)s; then no backup holds them.") % {
                "day": day
            }
        else:
            yield _("Partners are told until %(day)s which fingerprints to drop.") % {"day": day}
    yield _("Backups of the database are gone by %(day)s.") % {"day": _day(body["backups"]["gone_by"])}


def _stays(body: dict[str, Any]) -> Iterator[str]:
    yield _("The log of what was done when. It holds no name, no text and no fingerprint.")
    if len(body["kept_by_law"]) > 1:
        yield _("That letters were sent to services, when and to which, without what they said.")
    yield _("Your reference and this proof, for 90 days after the final one. Then nothing.")


def _time(text: str) -> str:
    return date_format(localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
