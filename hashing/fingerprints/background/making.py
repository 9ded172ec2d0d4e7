"""Makes the background: draws, fingerprints what was drawn, and keeps the fingerprints only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from hashing.fingerprints.background import file, overlays, screens, shown
from hashing.fingerprints.background.file import Background
from hashing.fingerprints.background.shown import Shown
from hashing.fingerprints.regional.table import Table

FONT_SUFFIXES = {".ttf", ".otf", ".woff", ".woff2"}
PICTURE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
# Screens are full of small things, all of which other screens show too.
MOST_OF_SCREENS, MOST_OF_OTHERS = 420, 300
FEWEST_REGIONS = 12

Progress = Callable[[str], object]


def make(
    fonts: Sequence[Path], pictures: Sequence[Path], made_with: Table, progress: Progress = lambda _name: None
) -> Background:
    """From drawn screens, captions and watermarks in these fonts, and from files of harmless pictures.

    What is too plain to hit anything is left out.
    """
    kept: dict[str, Shown] = {}
    for name, picture in _sources(fonts, pictures):
        most = MOST_OF_SCREENS if name.startswith("screen/") else MOST_OF_OTHERS
        found = shown.show(picture, made_with, most=most, mirror=name.startswith("picture/"))
        if len(found) >= FEWEST_REGIONS:
            kept[name] = found
            progress(name)
    about = {
        "fonts": sorted(font.stem for font in fonts),
        "pictures": sorted(path.name for path in pictures),
        "with": {name: version(name) for name in ("opencv-python-headless", "numpy", "pillow", "pdqhash")},
    }
    return Background(tuple(kept), tuple(kept.values()), file.projection_of(made_with), about)


def fonts_in(folders: Sequence[Path]) -> list[Path]:
    """Font files below these folders, one per name, in the order of their names."""
    found = {path.stem: path for path in _below(folders, FONT_SUFFIXES)}
    return [found[stem] for stem in sorted(found)]


def pictures_in(folders: Sequence[Path]) -> list[Path]:
    return sorted(_below(folders, PICTURE_SUFFIXES), key=lambda path: path.name)


def _sources(fonts: Sequence[Path], pictures: Sequence[Path]) -> Iterator[tuple[str, Image.Image]]:
    yield from screens.screens(fonts)
    yield from overlays.overlays(fonts)
    for path in pictures:
        with Image.open(path) as opened:
            yield f"picture/{path.stem}", opened.convert("RGB")


def _below(folders: Sequence[Path], suffixes: set[str]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in suffixes)
