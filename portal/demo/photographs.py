"""Ordinary photographs from a package's sample data, as somebody's phone would hold them; their copies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import skimage
from PIL import Image, ImageDraw, ImageFont

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


def uploads_of(photograph: Photograph, folder: Path) -> dict[str, Path]:
    """What else people upload of it, by what it is: a part, a screenshot, a part with words on it."""
    with Image.open(photograph.path) as found:
        picture = found.convert("RGB")
    width, height = picture.size
    part = picture.crop((width // 10, 0, width * 9 // 10, height))
    corner = picture.crop((width // 4, 0, width, height * 2 // 3))
    made = {"a part": part, "a screenshot": _screenshot(picture), "a corner with words on it": _words(corner)}
    paths = {}
    for number, (name, image) in enumerate(made.items()):
        paths[name] = folder / f"other-{number}.jpg"
        image.save(paths[name], "JPEG", quality=75)
    return paths


def _screenshot(picture: Image.Image) -> Image.Image:
    """An app's page on a phone: a name above, the picture, words below."""
    page = Image.new("RGB", (540, 1080), "white")
    shown = picture.resize((500, 500 * picture.height // picture.width))
    page.paste(shown, (20, 190))
    draw = ImageDraw.Draw(page)
    draw.ellipse((20, 120, 70, 170), fill="steelblue")
    for top, text in ((10, "10:42"), (130, "somebody_2041"), (210 + shown.height, "look at this")):
        draw.text((85 if top else 20, top), text, "black", ImageFont.load_default(26))
    return page


def _words(picture: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(picture)
    top = picture.height * 3 // 4
    draw.rectangle((0, top, picture.width, picture.height), fill="black")
    draw.text((20, top + 10), "wait for it", "white", ImageFont.load_default(picture.width // 9))
    return picture
