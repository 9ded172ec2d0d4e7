"""Pictures on their way to full fingerprints, by the real cage or with a fixed answer of it."""

from __future__ import annotations

import json
from typing import Any

from PIL import Image

from hashing.enrolment.models import Enrolment, State
from hashing.enrolment.services import enrol_picture
from hashing.services import fingerprint_picture
from portal.core.context import Context
from portal.vault.models import Picture
from tests.hashing.listing import make_picture
from tests.hashing.regional_rows import codes
from tests.photos import encoded, fresh, photo, stored

CTX = Context.system("test")


def checked(data: bytes | None = None) -> Picture:
    """A picture whose full fingerprints are owed."""
    picture = stored(data)
    assert fingerprint_picture(CTX, picture_id=picture.pk)
    return fresh(picture.pk)


def owed() -> Picture:
    """The same without a photograph: nothing can open it, so the cage's answer has to be given."""
    picture = make_picture()
    Picture.objects.filter(pk=picture.pk).update(width=600, height=400)
    Enrolment.objects.filter(pk=picture.pk).update(
        state=State.OWED, looked=False, version=None, regions=None, strength=None, done_at=None
    )
    return fresh(picture.pk)


def enrolled(data: bytes | None = None) -> Picture:
    """The same, fingerprinted in full by the real child."""
    picture = checked(data)
    assert enrol_picture(CTX, picture_id=picture.pk)
    return fresh(picture.pk)


def enrolment_of(picture: Picture) -> Enrolment:
    return Enrolment.objects.get(pk=picture.pk)


def on_a_screen(name: str = "coffee") -> Image.Image:
    """A photograph on a white page, as a screenshot shows it: from (30, 200) to (330, 400)."""
    page = Image.new("RGB", (360, 640), "white")
    page.paste(photo(name).resize((300, 200)), (30, 200))
    return page


def screenshot(name: str = "coffee") -> bytes:
    return encoded(on_a_screen(name), "PNG")


def answer(*, box: list[int] | None = None, count: int = 64, seed: int = 0, **changes: Any) -> bytes:
    """What the caged child would say, with random codes; for a picture of 600 by 400."""
    values: dict[str, Any] = {
        "box": box,
        "phash": "8f" * 8,
        "pdq_set": [
            {"variant": "original", "value": "f8" * 32, "quality": 100},
            {"variant": "crop-1x1", "value": "a7" * 32, "quality": 100},
        ],
        "regional": codes(seed, count).hex(),
    }
    return json.dumps(values | changes).encode() + b"\n"
