"""As `caged`, with the PDQ set and the regional fingerprint too. No Django here."""

from __future__ import annotations

from dataclasses import asdict, replace

import cv2
from PIL import Image

from hashing.fingerprints import answers, caged, compute, pdq_variants
from hashing.fingerprints.regional import enrol, serial
from portal.vault import decode


def prepare() -> None:
    caged.prepare()
    cv2.setNumThreads(1)
    enrol.enrol(Image.new("RGB", (64, 64)))


def answer(data: bytes, _args: list[str]) -> bytes:
    """See hashing.fingerprints.answers for the form."""
    try:
        decoded = decode.decode(data)
    except decode.Refused as refused:
        return answers.pack({"refusal": refused.code})
    found = replace(
        compute.fingerprint_decoded(data, decoded),
        pdq_set=pdq_variants.variants(decoded.image),
        regional=serial.dump(enrol.enrol(decoded.image)).hex(),
    )
    return answers.pack(asdict(found))
