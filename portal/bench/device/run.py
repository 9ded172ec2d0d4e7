"""manage.py bench device --bank DIR --sample N: what a browser makes of photographs, beside the server."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import cv2
from PIL import Image

from hashing.fingerprints import pdq
from hashing.fingerprints.regional import serial
from hashing.matching import folders
from hashing.matching.matcher import Kept, keep
from portal.bench import photos
from portal.bench.device import chromium, cost, finding
from portal.bench.registry import Options, Result, benchmark
from portal.vault import decode

FAR = 8
SMALL = (96, 96)


@benchmark("device", "fingerprints made in Chromium, beside the server's of the same photographs")
def device(options: Options) -> Result:
    """PDQ distances; the share of altered copies that each side's fingerprints find; a canvas that returns
    noise; time and memory of a 12-megapixel photograph."""
    cv2.setNumThreads(1)
    files = photos.files(options.bank)[:: options.sample]
    paths = folders.pictures(options.bank) if options.bank else []
    with chromium.hand() as hand:
        theirs = [_in_browser(hand, number, data) for number, data in enumerate(files, start=1)]
    images = [decode.decode(data).image for data in files]
    ours = [keep(data, image) for data, image in zip(files, images, strict=True)]
    chosen = paths[:: options.sample]
    return {
        "pictures": len(files),
        **_distances(ours, theirs),
        **_noise(images),
        **(finding.compare(chosen, paths, ours, theirs) if chosen else {}),
        **cost.of(images[0]),
    }


def _in_browser(hand: chromium.Hand, number: int, data: bytes) -> Kept:
    answer = hand.fingerprint(data)
    if answer["kind"] != "done":
        raise RuntimeError(f"the browser refused picture {number}: {answer}")
    sys.stderr.write(f"in the browser {number}\n")
    return kept(answer["fingerprints"])


def kept(found: Mapping[str, Any]) -> Kept:
    """As the matcher takes it: of the PDQ set the orientations, as `keep` makes them."""
    hashes = [pdq.PdqHash(one["variant"], one["value"], one["quality"]) for one in found["pdq"]]
    plain = tuple(one for one in hashes if one.variant in pdq.ORIENTATIONS)
    return Kept(found["sha256"], plain, serial.parse(base64.b64decode(found["regional"])))


def _distances(ours: Sequence[Kept], theirs: Sequence[Kept]) -> dict[str, float]:
    """Bits between the hashes of each picture as it is, and how many regional codes are the very same."""
    apart = [
        pdq.distance(one.pdq[0].value, other.pdq[0].value) for one, other in zip(ours, theirs, strict=True)
    ]
    same = [
        len({bytes(code) for code in one.regional.codes} & {bytes(code) for code in other.regional.codes})
        / max(1, len(one.regional))
        for one, other in zip(ours, theirs, strict=True)
    ]
    return {
        "pdq_median": median(apart),
        "pdq_most": max(apart),
        "pdq_over_8": sum(bits > FAR for bits in apart),
        "same_codes": round(median(same), 3),
    }


def _noise(images: Sequence[Image.Image]) -> dict[str, int]:
    """In how many tries a canvas that returns noise was noticed: nothing but JPEG is taken then."""
    noticed = 0
    with chromium.hand(noise=True) as hand:
        for image in images:
            made = io.BytesIO()
            image.resize(SMALL).save(made, "PNG")
            answer = hand.fingerprint(made.getvalue(), "image/png")
            noticed += answer["kind"] == "refused" and answer["code"] == "hidden"
    return {"noise_tries": len(images), "noise_noticed": noticed}
