"""The index as a process that asks sees it: the current generation's parts, mapped read-only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from hashing.matching.generations import Folder, Generation
from hashing.matching.parts import UNREADABLE, Part
from portal.core.errors import Unavailable

# A builder that has not been seen for so long is gone: what was added meanwhile would not be found.
STALE = 15 * 60
RETRY_AFTER = 60
_ATTEMPTS = 5


Mask = NDArray[np.bool_]
# Scopes that are asked for again and again: each partner's, and the desk's.
_MOST_MASKS = 64


@dataclass(frozen=True)
class Allowed:
    """Of a part: the items that are wanted, and of each version's segment the pictures that are not."""

    items: Mask
    gone: Mapping[int, Mask]


@dataclass(frozen=True)
class Shelves:
    """By shelf number, whether it is wanted: by hashes, and by regional codes. Number 0 is nobody's."""

    hashes: Mask
    regional: Mask

    @property
    def key(self) -> bytes:
        return self.hashes.tobytes() + self.regional.tobytes()


@dataclass(frozen=True)
class Mapped:
    """A generation and its parts."""

    generation: Generation
    parts: tuple[Part, ...]
    _masks: dict[tuple[str, bytes], Allowed] = field(default_factory=dict)

    def shelves(self, hashes: Callable[[str], bool], regional: Callable[[str], bool]) -> Shelves:
        """Which shelves a look-up asks, by what says that of their names."""
        names = self.generation.shelves
        masks = (np.array([False, *map(wanted, names)], np.bool_) for wanted in (hashes, regional))
        return Shelves(*masks)

    def allowed(self, part: Part, wanted: Shelves) -> Allowed:
        """What stands on wanted shelves; made once for a part, as it takes milliseconds in a long list."""
        key = (part.name, wanted.key)
        found = self._masks.get(key)
        if found is None:
            by_regions = wanted.regional[part.shelf]
            gone = {version: ~by_regions[own.owner] for version, own in part.regional.items()}
            found = Allowed(wanted.hashes[part.shelf], gone)
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            self._masks[key] = found
        return found


_lock = threading.Lock()
_now: tuple[tuple[int, int], Mapped] | None = None


def folder() -> Folder:
    return Folder(settings.INDEX_DIR)


def current() -> Mapped:
    """The index as it is now. Raises Unavailable where there is none, or nobody keeps it up to date."""
    global _now  # noqa: PLW0603 (one mapping for all threads of the process)
    place = folder()
    stamp = place.stamp()
    if stamp is None or place.age() > STALE:
        raise unavailable()
    with _lock:
        if _now is None or _now[0] != stamp:
            _now = (stamp, _map(place, _now[1] if _now else None))
        return _now[1]


def unavailable() -> Unavailable:
    return Unavailable(
        _("Look-up isn't available at the moment. Everything else works. Try again in a minute."),
        code="index_unavailable",
        retry_after=RETRY_AFTER,
    )


def _map(place: Folder, before: Mapped | None) -> Mapped:
    """Parts that were mapped already stay so. The builder may remove a part before we have opened it; a
    damaged one it makes anew."""
    known = {part.folder: part for part in before.parts} if before else {}
    for _attempt in range(_ATTEMPTS):
        generation = place.current()
        if generation is None:
            break
        try:
            paths = [place.part(name) for name in generation.parts]
            return Mapped(generation, tuple(known.get(path) or Part(path, ready=True) for path in paths))
        except UNREADABLE:
            continue
    raise unavailable()
