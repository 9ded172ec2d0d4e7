"""The caged child's module that prepares a look-up. `args`: the versions of codes to make. No Django here."""

from __future__ import annotations

import cv2
from PIL import Image

from hashing.fingerprints import answers, asked, asked_answers, compute
from hashing.fingerprints.regional import table
from portal.vault import decode


def prepare() -> None:
    compute.prepare()
    cv2.setNumThreads(1)
    asked.of_picture(b"", Image.new("RGB", (64, 64)), map(table.version, table.versions()))


def answer(data: bytes, args: list[str]) -> bytes:
    """See hashing.fingerprints.asked_answers for the form."""
    try:
        decoded = decode.decode(data, every=True)
    except decode.Refused as refused:
        return answers.pack({"refusal": refused.code})
    tables = [table.version(int(number)) for number in args]
    return asked_answers.pack(asked.of_picture(data, decoded.image, tables, decoded.further))
