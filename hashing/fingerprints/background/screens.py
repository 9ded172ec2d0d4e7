"""App screens: the bars, icons, bubbles and lists around the pictures that people take screenshots of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image

from hashing.fingerprints.background import icons
from hashing.fingerprints.background.bars import BLUE, GREEN, message_box, status_bar, tab_bar, title_bar
from hashing.fingerprints.background.sheet import WHITE, Sheet, sheet

EACH = 3
SIZES = ((720, 1520), (750, 1334), (640, 1136), (1080, 1920))
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def screens(fonts: Sequence[Path]) -> Iterator[tuple[str, Image.Image]]:
    """Every family, light and dark, a few times each."""
    for number, (name, lay) in enumerate(FAMILIES.items()):
        for dark in (False, True):
            for turn in range(EACH):
                size = SIZES[(number + turn) % len(SIZES)]
                own = sheet(size, (1, number, int(dark), turn), fonts, dark=dark)
                lay(own)
                status_bar(own)
                yield f"screen/{name}-{'dark' if dark else 'light'}-{turn + 1}", own.page


def _chat(own: Sheet) -> None:
    y = title_bar(own, signs=("camera", "handset", "dots"))
    while y < own.bottom - 4.5:
        y = _message(own, y) + own.between(0.25, 0.6)
    message_box(own)


def _message(own: Sheet, top: float) -> float:
    """A bubble of mine or theirs; where it ends."""
    mine = own.whole(0, 1) == 1
    said = [own.words() for _ in range(own.whole(1, 3))]
    wide = max(own.wide(line, 0.75) for line in said) + 2.2
    left = 17.4 - wide if mine else 0.6
    bottom = top + 0.95 * len(said) + 0.8
    own.box((left, top, left + wide, bottom), 0.5, fill=(0, 92, 75) if mine else own.raised)
    for line, words in enumerate(said):
        own.text(left + 0.5, top + 0.25 + 0.95 * line, words, 0.75, colour=WHITE if mine else own.ink)
    own.text(left + wide - 1.9, bottom - 0.65, own.clock(), 0.5, colour=own.faint)
    if mine:
        icons.draw(own, "ticks", left + wide - 0.5, bottom - 0.4, 0.45, colour=BLUE)
    return bottom


def _chats(own: Sheet) -> None:
    own.text(1, 1.9, "Chats", 1.4)
    icons.draw(own, "search", 14.7, 2.6)
    icons.draw(own, "dots", 16.8, 2.6)
    bottom = tab_bar(own, ("bubble", "camera", "handset", "person", "gear"))
    y = 4.6
    while y < bottom - 2.5:
        own.disc(2, y + 1, 1.1, fill=own.faint)
        icons.draw(own, "person", 2, y + 1, 1.1, colour=own.raised)
        own.text(3.9, y, own.words().title(), 0.8)
        icons.draw(own, "ticks", 4.2, y + 1.55, 0.5, colour=BLUE)
        own.text(4.9, y + 1.15, own.words(), 0.65, colour=own.faint)
        own.text(15.4, y, own.clock(), 0.55, colour=own.faint)
        y += 2.9


def _feed(own: Sheet) -> None:
    own.text(0.8, 1.7, own.word(), 1.5)
    for place, sign in enumerate(("plane", "heart", "plus")):
        icons.draw(own, sign, 16.8 - 2 * place, 2.6, 1.1)
    for place in range(5):
        own.disc(2 + 3.8 * place, 5.3, 1.5, fill=(237, 73, 86))
        own.disc(2 + 3.8 * place, 5.3, 1.3, fill=own.faint)
        own.text(0.8 + 3.8 * place, 7, own.word(), 0.5)
    y = 8.3
    while y < own.bottom:
        y = _post(own, y)
    tab_bar(own, ("home", "search", "plus", "play", "person"))


def _post(own: Sheet, top: float) -> float:
    own.disc(1.5, top + 1, 0.75, fill=own.faint)
    own.text(2.7, top + 0.5, f"{own.word()}_{own.whole(1, 99)}", 0.7)
    icons.draw(own, "dots", 17, top + 1, 0.7)
    high = own.between(10, 20)
    own.tile((0, top + 2.1, 18, top + 2.1 + high))
    y = top + 2.9 + high
    for place, sign in enumerate(("heart", "bubble", "plane")):
        icons.draw(own, sign, 1.1 + 1.9 * place, y, 1.15)
    icons.draw(own, "bookmark", 16.9, y, 1.1)
    own.text(0.6, y + 1, f"{own.whole(3, 900)} likes", 0.65)
    own.text(0.6, y + 2, f"{own.words()} {own.words()}", 0.65)
    own.text(0.6, y + 3, f"View all {own.whole(3, 90)} comments", 0.6, colour=own.faint)
    return y + 4.4


def _gallery(own: Sheet) -> None:
    own.text(1, 1.8, "Photos", 1.3)
    own.text(14.4, 2.2, "Select", 0.75, colour=BLUE)
    _tiles(own, 4, own.whole(3, 4))
    tab_bar(own, ("home", "heart", "star", "search"))


def _tiles(own: Sheet, top: float, across: int) -> None:
    """Rows of square pictures to the page's end, some of them videos."""
    side = 18 / across
    while top < own.bottom:
        for column in range(across):
            left = column * side
            own.tile((left + 0.05, top + 0.05, left + side - 0.05, top + side - 0.05))
            if own.whole(0, 3) == 0:
                icons.draw(own, "play", left + side / 2, top + side / 2, 1.6, colour=WHITE)
                own.text(left + side - 1.6, top + side - 0.9, f"0:{own.whole(3, 59):02}", 0.55, colour=WHITE)
        top += side


def _viewer(own: Sheet) -> None:
    """One picture in the phone's own gallery."""
    title_bar(own, signs=("heart", "dots"))
    high = own.between(11, 24)
    own.tile((0, (own.bottom - high) / 2, 18, (own.bottom + high) / 2))
    signs = {"share": "Share", "heart": "Like", "gear": "Edit", "bin": "Delete"}
    for place, (sign, word) in enumerate(signs.items()):
        icons.draw(own, sign, 2.25 + 4.5 * place, own.bottom - 2.2, 1.1, colour=BLUE)
        own.text(1.35 + 4.5 * place, own.bottom - 1.3, word, 0.55, colour=own.faint)


def _story(own: Sheet) -> None:
    own.tile((0, 0, 18, own.bottom))
    for part in range(5):
        own.box((0.4 + 3.44 * part, 0.1, 3.5 + 3.44 * part, 0.25), 0.07, fill=(230, 230, 230))
    own.disc(1.5, 2.1, 0.8, fill=own.faint)
    own.text(2.7, 1.6, f"{own.word()} {own.whole(1, 23)} h", 0.75, colour=WHITE)
    icons.draw(own, "dots", 15.4, 2.1, 0.9, colour=WHITE)
    own.box((0.7, own.bottom - 2.5, 13, own.bottom - 0.5), 1, line=WHITE)
    own.text(1.6, own.bottom - 1.95, "Send message", 0.75, colour=WHITE)
    for place, sign in enumerate(("heart", "plane")):
        icons.draw(own, sign, 14.5 + 2 * place, own.bottom - 1.5, 1.2, colour=WHITE)


def _clip(own: Sheet) -> None:
    """Short videos one after another: icons down the right side."""
    own.tile((0, 0, 18, own.bottom))
    for place, sign in enumerate(("person", "heart", "bubble", "bookmark", "share")):
        y = own.bottom * 0.42 + place * 2.7
        icons.draw(own, sign, 16.5, y, 1.4, colour=WHITE)
        own.text(15.8, y + 0.95, f"{own.whole(1, 99)}.{own.whole(0, 9)}K", 0.55, colour=WHITE)
    own.text(1, own.bottom - 6.2, f"@{own.word()}{own.whole(1, 99)}", 0.85, colour=WHITE)
    for line in range(2):
        own.text(1, own.bottom - 5 + line, f"{own.words()} #{own.word()}", 0.7, colour=WHITE)
    own.text(5.4, 2.1, "Following   For you", 0.8, colour=WHITE)
    tab_bar(own, ("home", "search", "plus", "bubble", "person"))


def _browser(own: Sheet) -> None:
    own.box((0.6, 1.8, 14.4, 3.4), 0.8, fill=own.raised)
    own.text(1.6, 2.15, f"www.{own.word()}.com", 0.75)
    icons.draw(own, "plus", 15.4, 2.6, 0.9)
    icons.draw(own, "dots", 17, 2.6, 0.9)
    own.text(1, 4.3, own.words().title(), 1.2)
    y = 6.3
    while y < own.bottom - 4:
        if own.whole(0, 5) == 0:
            own.tile((1, y, 17, y + 5))
            y += 5.6
        own.text(1, y, f"{own.words()} {own.words()} {own.words()}", 0.65)
        y += own.between(0.95, 1.25)
    tab_bar(own, ("back", "forward", "share", "bookmark", "menu"))


def _profile(own: Sheet) -> None:
    y = title_bar(own, signs=("bell", "menu"))
    own.disc(3, y + 2.4, 1.9, fill=own.faint)
    for place, word in enumerate(("posts", "followers", "following")):
        own.text(6.2 + 4 * place, y + 1.5, str(own.whole(2, 999)), 0.95)
        own.text(6.2 + 4 * place, y + 2.6, word, 0.6)
    own.text(1, y + 5, f"{own.words()} | {own.words()}", 0.7)
    for place, word in enumerate(("Follow", "Message")):
        own.box((1 + 8.3 * place, y + 6.4, 8.8 + 8.3 * place, y + 7.9), 0.3, fill=own.raised)
        own.text(3.2 + 8.3 * place, y + 6.75, word, 0.75)
    _tiles(own, y + 9, 3)
    tab_bar(own, ("home", "search", "plus", "heart", "person"))


def _settings(own: Sheet) -> None:
    y = title_bar(own, signs=("search",))
    names = list(icons.ICONS)
    while y < own.bottom - 2:
        icons.draw(own, names[own.whole(0, len(names) - 1)], 1.5, y + 1, 1.1, colour=BLUE)
        own.text(3.2, y + 0.3, own.words().title(), 0.75)
        own.text(3.2, y + 1.25, own.words(), 0.55, colour=own.faint)
        if own.whole(0, 1):
            own.box((15, y + 0.5, 17, y + 1.5), 0.5, fill=GREEN)
            own.disc(16.5, y + 1, 0.42, fill=WHITE)
        else:
            icons.draw(own, "forward", 16.6, y + 1, 0.7, colour=own.faint)
        own.box((3.2, y + 2.2, 18, y + 2.24), fill=own.raised)
        y += 2.4


def _keyboard(own: Sheet) -> None:
    y = title_bar(own, signs=("camera", "handset"))
    for _ in range(3):
        y = _message(own, y) + 0.5
    top, wide = own.bottom - 9.5, 1.8
    own.box((0, top - 0.5, 18, own.bottom), fill=own.raised)
    for row, keys in enumerate(KEYS):
        for column, key in enumerate(keys):
            x, at = 9 - wide * len(keys) / 2 + column * wide, top + row * 2.2
            ground = (90, 92, 96) if own.dark else WHITE
            own.box((x + 0.08, at, x + wide - 0.08, at + 1.9), 0.2, fill=ground)
            own.text(x + 0.55, at + 0.4, key, 0.95)
    own.text(7.6, top + 7, "space", 0.75)
    own.text(15, top + 7, "return", 0.75)


FAMILIES: dict[str, Callable[[Sheet], None]] = {
    "chat": _chat,
    "chats": _chats,
    "feed": _feed,
    "gallery": _gallery,
    "viewer": _viewer,
    "story": _story,
    "clip": _clip,
    "browser": _browser,
    "profile": _profile,
    "settings": _settings,
    "keyboard": _keyboard,
}
