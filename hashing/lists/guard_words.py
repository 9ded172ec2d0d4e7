"""What the collision guard found, in words for caseworkers."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hashing.lists.grounds import OWN
from hashing.lists.models import GuardCheck


def by_picture(picture_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The sentences of those that were checked and had a hit, or lost a code."""
    checks = GuardCheck.objects.filter(pk__in=list(picture_ids))
    found = {check.picture_id: words(check) for check in checks}
    return {pk: said for pk, said in found.items() if said}


def words(check: GuardCheck) -> str:
    """Why it isn't listed, or what was left out of it; empty when nothing was found."""
    hit = _things(check.hits)
    if check.refused:
        return _("May never be listed: it matches %(things)s.") % {"things": hit}
    said = []
    if check.regional_refused:
        said.append(_("Most of its regions are not its own: its full fingerprint isn't listed."))
    elif check.dropped:
        left = ngettext("%(n)d region was left out", "%(n)d regions were left out", check.dropped)
        said.append(left % {"n": check.dropped} + _(": harmless pictures show the same."))
    if check.variants:
        count = len(check.variants)
        left = ngettext("%(n)d PDQ variant was left out", "%(n)d PDQ variants were left out", count)
        said.append(left % {"n": count} + ".")
    if said and hit:
        said.append(_("What it would have matched: %(things)s.") % {"things": hit})
    return " ".join(said)


def _things(hits: Iterable[tuple[str, str]]) -> str:
    kinds = {name.partition("/")[0] for name, _by in hits}
    names = {
        OWN: _("a harmless picture of the agency"),
        "screen": _("an app's screen"),
        "caption": _("a caption"),
        "letters": _("letters"),
        "watermark": _("a watermark"),
        "faces": _("an emoji"),
        "signs": _("an icon"),
        "picture": _("a public picture"),
    }
    return ", ".join(name for kind, name in names.items() if kind in kinds)
