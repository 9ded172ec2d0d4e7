"""What a photograph of 12 megapixels costs in the browser, beside the server's enrolment of the same file."""

from __future__ import annotations

import io

from PIL import Image

from hashing.fingerprints import caged_enrol
from portal.bench.device import chromium
from portal.bench.measuring import fastest

LARGE = (4000, 3000)
TURNS = 2


def of(picture: Image.Image) -> dict[str, float]:
    """Clock seconds of the quicker of two turns, taken one after the other; memory of the page's process."""
    made = io.BytesIO()
    picture.resize(LARGE, Image.Resampling.LANCZOS).save(made, "JPEG", quality=90)
    data = made.getvalue()
    caged_enrol.prepare()
    server, _ = fastest(lambda: caged_enrol.answer(data, [caged_enrol.WHOLE]), TURNS)
    with chromium.hand() as hand:
        before = hand.peak_megabytes()
        seconds = min(float(hand.fingerprint(data)["seconds"]) for _ in range(TURNS))
        peak = hand.peak_megabytes()
    return {
        "browser_seconds": round(seconds, 2),
        "server_seconds": round(server, 2),
        "browser_to_server": round(seconds / server, 2),
        "browser_megabytes": round(peak),
        "of_these_before_the_picture": round(before),
    }
