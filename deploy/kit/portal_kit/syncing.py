"""Bring a local list up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal_kit.errors import KitError, NotVerified, Restarted
from portal_kit.portal import PAGE, Portal
from portal_kit.snapshots import first_copy
from portal_kit.store import LocalList

# Called after each page with the position reached and the list's own position at the start.
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Synced:
    """What a sync did. `listed`: how many entries there are now."""

    added: int
    withdrawn: int
    listed: int


def sync(
    local: LocalList,
    portal: Portal,
    slug: str,
    *,
    regional: bool = False,
    progress: Progress | None = None,
    size: int = PAGE,
) -> Synced:
    """Pull what was published since the last sync; all of it the first time, from a snapshot if there is one.

    `regional`: with regional fingerprints, for partners entitled to them. Raises KitError when the file holds
    another list, or the portal refuses or does not answer; what had arrived stays, and the next sync goes on
    from there.
    """
    _check_same(local, portal, slug)
    about = _about(portal, slug)
    head = int(about["position"])
    local.note(url=portal.url, list=slug)
    _choose(local, portal, slug, regional=regional)
    run = _Run(
        local, portal, slug, size, lambda done, of: progress and progress(done, max(done, of)), regional
    )
    anew = not local.about("cursor")
    try:
        run.pull(head)
    except Restarted:
        local.begin_again()
        run.pull(head)
        anew = True
    local.recommend(about["distances"], anew=anew)
    local.finish(synced_at=datetime.now(UTC).isoformat(timespec="seconds"))
    return Synced(run.added, run.withdrawn, len(local))


def _check_same(local: LocalList, portal: Portal, slug: str) -> None:
    held = (local.about("url"), local.about("list"))
    if held not in {("", ""), (portal.url, slug)}:
        message = f"{local.path} holds the list {held[1]} of {held[0]}. Use another file for another list."
        raise KitError(message, "another_list")


def _choose(local: LocalList, portal: Portal, slug: str, *, regional: bool) -> None:
    """With or without regional fingerprints; to change that, all has to be pulled anew."""
    mask = portal.mask(slug).hex() if regional else ""
    if local.about("mask") != mask:
        local.begin_again()
        local.note(mask=mask)


@dataclass
class _Run:
    local: LocalList
    portal: Portal
    slug: str
    size: int
    report: Callable[[int, int], object]
    regional: bool
    added: int = 0
    withdrawn: int = 0

    def pull(self, head: int) -> None:
        if not self.local.about("cursor"):
            # What a first sync that broke off left here may have been withdrawn since.
            self.local.begin_again()
            if not self.regional:
                self.added += first_copy(self.local, self.portal, self.slug, self.report)
        cursor = self.local.about("cursor")
        reached = int(self.local.about("position", "0")) if cursor else 0
        for page in self.portal.pages(self.slug, cursor or None, self.size, regional=self.regional):
            lines = page["publications"]
            reached = _gapless(reached, [line["position"] for line in lines])
            self.local.apply(lines, after=cursor, cursor=page["next_cursor"], position=str(reached))
            cursor = page["next_cursor"]
            active = sum(line["state"] == "active" for line in lines)
            self.added, self.withdrawn = self.added + active, self.withdrawn + len(lines) - active
            self.report(reached, head)


def _gapless(reached: int, positions: list[int]) -> int:
    """The last position. Positions rise by one from line to line: a gap is something that never arrived."""
    if positions != list(range(reached + 1, reached + 1 + len(positions))):
        raise NotVerified(f"Lines are missing after position {reached}. Sync again.", "gap")
    return reached + len(positions)


def _about(portal: Portal, slug: str) -> dict[str, Any]:
    """The list as it is now. Raises KitError for one that isn't there."""
    lists = {each["slug"]: each for each in portal.lists()}
    if slug not in lists:
        known = ", ".join(sorted(lists)) or "none"
        raise KitError(
            f"There is no list {slug!r} that you are entitled to. There are: {known}.", "no_such_list"
        )
    return lists[slug]
