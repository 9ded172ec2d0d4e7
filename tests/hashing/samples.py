"""Sample photographs enrolled once for all tests of fingerprints and matching."""

from __future__ import annotations

from functools import cache

import numpy as np
import skimage.data
from PIL import Image

from hashing.matching.matcher import Kept, Matcher, keep
from tests.photos import encoded

LISTED = ("astronaut", "coffee", "chelsea", "rocket", "coins")
UNLISTED = ("camera", "hubble_deep_field", "page", "brick", "immunohistochemistry", "clock")


@cache
def sample(name: str) -> Image.Image:
    """A photograph of scikit-image's, RGB, its longer side at most 640."""
    picture = Image.fromarray(np.asarray(getattr(skimage.data, name)())).convert("RGB")
    picture.thumbnail((640, 640))
    return picture


@cache
def kept(name: str) -> Kept:
    return keep(encoded(sample(name), "PNG"), sample(name))


@cache
def matcher() -> Matcher:
    """Over the listed samples, in their order."""
    return Matcher([kept(name) for name in LISTED])
