"""The caged child's module for full fingerprinting: the PDQ set, pHash and the regional fingerprint of the
whole picture or of a part of it. No Django here."""

from __future__ import annotations

from dataclasses import asdict

import cv2
import imagehash
from PIL import Image

from hashing.fingerprints import answers, compute, pdq_variants, trimming
from hashing.fingerprints.boxes import Rectangle
from hashing.fingerprints.regional import enrol, serial
from portal.vault import decode

FIND, WHOLE = "find", "whole"


def prepare() -> None:
    compute.prepare()
    cv2.setNumThreads(1)
    enrol.enrol(Image.new("RGB", (64, 64)))


def answer(data: bytes, args: list[str]) -> bytes:
    """`args` is ["find"] (trim to the picture within, if there is one), ["whole"], or left, top, right and
    bottom in pixels of the upright picture. See hashing.fingerprints.full_answers for the form."""
    try:
        image = decode.decode(data).image
    except decode.Refused as refused:
        return answers.pack({"refusal": refused.code})
    box = _found(image) if args == [FIND] else None if args == [WHOLE] else Rectangle(*map(int, args))
    shown = image.crop(box) if box else image
    return answers.pack(
        {
            "box": box,
            "phash": str(imagehash.phash(shown)),
            "pdq_set": [asdict(one) for one in pdq_variants.variants(shown)],
            "regional": serial.dump(enrol.enrol(shown)).hex(),
        }
    )


def _found(image: Image.Image) -> Rectangle | None:
    found = trimming.picture_within(image)
    box = found and Rectangle(found.left, found.top, found.right, found.bottom)
    return box if box and box.fits(*image.size) and not box.covers(*image.size) else None
