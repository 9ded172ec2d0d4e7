"""Photographs for tests, from scikit-image's samples, in any encoding."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import numpy as np
import skimage.data
from PIL import Image

from hashing.services import fingerprint_picture
from portal.audit.models import Entry
from portal.core.context import Context
from portal.vault.models import Picture, PictureState
from portal.vault.services import accept
from portal.vault.staging import Stage, StagedPicture

_SAMPLES: dict[str, Callable[[], Any]] = {
    "astronaut": skimage.data.astronaut,
    "coffee": skimage.data.coffee,
    "cat": skimage.data.chelsea,
}


def photo(name: str = "coffee") -> Image.Image:
    """A colour photograph: astronaut is 512 by 512, coffee 600 by 400, cat 451 by 300."""
    return Image.fromarray(_SAMPLES[name]())


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def unusual(image: Image.Image) -> dict[str, bytes]:
    """The same photograph as files of every mode and form that a decoder has to understand, by name."""
    grey16 = Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    palette = image.convert("P", palette=Image.Palette.ADAPTIVE)
    other = image.transpose(Image.Transpose.ROTATE_180)
    files = {
        "cmyk.jpg": encoded(image.convert("CMYK")),
        "grey16.png": encoded(grey16, "PNG"),
        "palette.png": encoded(palette, "PNG", transparency=0),
        "alpha.webp": encoded(image.convert("RGBA"), "WEBP", quality=80),
        "animated.webp": encoded(image, "WEBP", save_all=True, append_images=[other], quality=80),
        "animated.gif": encoded(image, "GIF", save_all=True, append_images=[other]),
    }
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        files[f"turned-{orientation}.jpg"] = encoded(image, "JPEG", exif=exif, quality=80)
    return files


def staged(data: bytes, piece: int = 64 * 1024) -> StagedPicture:
    """What an upload of these bytes becomes, arriving in pieces."""
    stage = Stage()
    for at in range(0, len(data), piece):
        stage.add(data[at : at + piece])
    return stage.finish()


def stored(data: bytes | None = None) -> Picture:
    """A picture in the vault whose check is owed."""
    return accept(Context.visitor(), staged=staged(data or encoded(photo())))


def fresh(picture_id: UUID) -> Picture:
    return Picture.objects.get(pk=picture_id)


def entries_of(picture_id: UUID) -> list[str]:
    """The verbs in the log about a picture, sorted."""
    found = Entry.objects.filter(subject_type="picture", subject_id=str(picture_id))
    return sorted(found.values_list("verb", flat=True))


def refused() -> Picture:
    """A picture in the vault that was checked and can't be opened."""
    picture = stored(encoded(photo())[:2000])
    assert fingerprint_picture(Context.system("test"), picture_id=picture.pk)
    picture.refresh_from_db()
    assert picture.state == PictureState.REFUSED
    return picture
