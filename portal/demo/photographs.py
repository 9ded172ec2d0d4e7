"""Ordinary photographs from a package's sample data, as somebody's phone would hold them; their copies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import skimage
from PIL import Image

SAMPLES = Path(skimage.__file__).parent / "data"
COMMENT_TAG = 0x9286  # Exif UserComment


@dataclass(frozen=True)
class Photograph:
    """A JPEG file with a random word in its metadata, to look for wherever it may not be."""

    path: Path
    word: bytes

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()


def take(name: str, folder: Path, number: int) -> Photograph:
    """The sample photograph `name` as a JPEG in `folder`, under a name that says nothing."""
    word = secrets.token_hex(16).encode()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[COMMENT_TAG] = b"ASCII\0\0\0" + word
    path = folder / f"DSC_{number:04}.JPG"
    with Image.open(SAMPLES / name) as sample:
        sample.convert("RGB").save(path, "JPEG", quality=92, exif=exif)
    return Photograph(path, word)


def copy_of(photograph: Photograph, path: Path) -> Path:
    """What somebody else would upload: smaller, and saved again at low quality."""
    with Image.open(photograph.path) as picture:
        width, height = picture.size
        picture.resize((width * 6 // 10, height * 6 // 10)).save(path, "JPEG", quality=55)
    return path
