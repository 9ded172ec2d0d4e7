"""The bars that most app screens have."""

from __future__ import annotations

from collections.abc import Sequence

from hashing.fingerprints.background import icons
from hashing.fingerprints.background.sheet import Colour, Sheet

BLUE: Colour = (0, 122, 255)
GREEN: Colour = (37, 166, 90)


def status_bar(own: Sheet) -> None:
    """The time, the signal, the battery."""
    own.text(1, 0.35, own.clock(), 0.75)
    for bar in range(4):
        left = 13.6 + bar * 0.28
        own.box((left, 1.0 - 0.15 * bar, left + 0.18, 1.1), fill=own.ink)
    for arc in (0.25, 0.5):
        own.box((15.2 - arc, 1.1 - arc, 15.2 + arc, 1.1 - arc + 0.08), fill=own.ink)
    own.box((15.9, 0.5, 17, 1.1), 0.15, line=own.ink)
    own.box((16, 0.6, 16 + own.between(0.3, 0.9), 1), fill=own.ink)


def title_bar(own: Sheet, *, signs: Sequence[str]) -> float:
    """Back, a round picture, a name and icons; where the page goes on."""
    icons.draw(own, "back", 1, 2.6, 0.9)
    own.disc(2.7, 2.6, 0.8, fill=own.faint)
    icons.draw(own, "person", 2.7, 2.6, 0.8, colour=own.raised)
    own.text(3.9, 1.8, own.words(), 0.75)
    own.text(3.9, 2.7, own.words(), 0.55, colour=own.faint)
    for place, sign in enumerate(reversed(signs)):
        icons.draw(own, sign, 16.8 - 1.8 * place, 2.6, 0.95)
    own.box((0, 3.7, 18, 3.74), fill=own.raised)
    return 4.0


def tab_bar(own: Sheet, signs: Sequence[str]) -> float:
    """Icons along the bottom; where they begin."""
    top = own.bottom - 2.4
    own.box((0, top, 18, own.bottom), fill=own.raised)
    for place, sign in enumerate(signs):
        x = 18 * (place + 0.5) / len(signs)
        icons.draw(own, sign, x, top + 0.9, colour=BLUE if place == 0 else None)
    own.box((6, own.bottom - 0.35, 12, own.bottom - 0.15), 0.1, fill=own.ink)
    return top


def message_box(own: Sheet) -> None:
    y = own.bottom - 1.5
    own.box((2, y - 0.8, 13.8, y + 0.8), 0.8, fill=own.raised)
    own.text(2.7, y - 0.45, "Message", 0.75, colour=own.faint)
    for x, sign in ((1.0, "plus"), (14.8, "camera"), (16.8, "microphone")):
        icons.draw(own, sign, x, y, 1.05)
