"""What a browser says is checked as far as it can be; a set that contradicts itself is refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from hashing.fingerprints import claims, pdq
from hashing.fingerprints.claims import Unbelievable
from hashing.fingerprints.regional import enrol, geometry, serial
from hashing.fingerprints.regional.table import current
from tests.devices import claim_of
from tests.photos import photo

Change = Callable[[dict[str, Any]], object]


def read(item: object) -> claims.Claim:
    return claims.read(json.dumps([item]), most=20)[0]


@pytest.mark.parametrize("name", ["astronaut", "coffee", "cat"])
def test_what_a_browser_makes_of_a_photograph_is_believed(name: str) -> None:
    sent = claim_of(photo(name))
    found = read(sent)
    assert (found.sha256, found.width, found.height) == (sent["sha256"], *photo(name).size)
    assert [(one.variant, one.value, one.quality) for one in found.pdq] == [
        (one["variant"], one["value"], one["quality"]) for one in sent["pdq"]
    ]
    assert len(found.regional) == serial.MOST_REGIONS
    assert found.within is None


@pytest.mark.parametrize("name", ["astronaut", "coffee", "cat"])
def test_the_orientations_of_a_photograph_follow_from_each_other(name: str) -> None:
    by_name = {one.variant: one.value for one in pdq.orientations(photo(name))}
    expected = claims.turned(claims.bits_of(by_name["original"]))
    apart = {key: int((bits != claims.bits_of(by_name[key])).sum()) for key, bits in expected.items()}
    assert set(apart) == set(pdq.ORIENTATIONS) - {"original"}
    assert max(apart.values()) <= claims.TOLERANCE // 2


def other_picture(item: dict[str, Any]) -> None:
    item["pdq"][3]["value"] = claim_of(photo("cat"))["pdq"][3]["value"]


def swapped(item: dict[str, Any]) -> None:
    item["pdq"][1]["value"], item["pdq"][2]["value"] = item["pdq"][2]["value"], item["pdq"][1]["value"]


def one_code(item: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(item["regional"]))
    raw[4 : 4 + raw[1] * 32] = raw[4:36] * raw[1]
    item["regional"] = base64.b64encode(raw).decode()


def moved(item: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(item["regional"]))
    raw[3] = 1
    item["regional"] = base64.b64encode(raw).decode()


def taller(item: dict[str, Any]) -> None:
    """Regions of a picture twice as high as it is said to be."""
    item["height"] //= 2


def half(item: dict[str, Any]) -> None:
    """Another part than the one that the page found and asked about."""
    item["proposed"] = {"left": 0, "top": 0, "right": 600, "bottom": 200}
    item["within"] = {"left": 0, "top": 0, "right": 600, "bottom": 399}


def version(item: dict[str, Any]) -> None:
    raw = bytearray(base64.b64decode(item["regional"]))
    raw[0] = 99
    item["regional"] = base64.b64encode(raw).decode()


TAMPERED: dict[str, Change] = {
    "another picture's orientation": other_picture,
    "orientations swapped": swapped,
    "a variant that there isn't": lambda item: item["pdq"][9].update(variant="upside-down"),
    "a variant twice": lambda item: item["pdq"].append(item["pdq"][9]),
    "no hash of the whole": lambda item: item["pdq"].pop(0),
    "too many bits": lambda item: item["pdq"][20].update(value="f" * 64),
    "quality over 100": lambda item: item["pdq"][0].update(quality=101),
    "a hash that is no hex": lambda item: item.update(sha256="x" * 64),
    "no width": lambda item: item.pop("width"),
    "a width that is no number": lambda item: item.update(width="600"),
    "a part outside": lambda item: item.update(within={"left": 0, "top": 0, "right": 601, "bottom": 400}),
    "the same code again and again": one_code,
    "regions outside the frame": moved,
    "regions of another shape": taller,
    "a part that was not asked about": half,
    "another version": version,
    "regions cut short": lambda item: item.update(regional=item["regional"][:-8]),
    "regions that are no base64": lambda item: item.update(regional="%%%"),
}


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_set_that_contradicts_itself_is_refused(change: Change) -> None:
    item = claim_of(photo())
    change(item)
    with pytest.raises(Unbelievable):
        read(item)


@pytest.mark.parametrize("share", [0.0, 0.02])
def test_a_picture_that_is_nearly_its_own_mirror_image_is_believed(share: float) -> None:
    whole = photo("astronaut").convert("RGB")
    left = whole.crop((0, 0, whole.width // 2, whole.height))
    mirrored = whole.copy()
    mirrored.paste(ImageOps.mirror(left), (whole.width - left.width, 0))
    item = claim_of(Image.blend(mirrored, whole, share))
    assert len(read(item).pdq) == len(item["pdq"])
    item["pdq"][1]["value"] = claim_of(photo("cat"))["pdq"][1]["value"]
    with pytest.raises(Unbelievable):
        read(item)


def mirrored(picture: Image.Image, axes: str) -> Image.Image:
    """The mean of a square picture and its mirror images across these axes: x, y, or t for the diagonal."""
    pixels = np.asarray(picture.resize((512, 512))).astype(float)
    for axis in axes:
        other = {"x": pixels[:, ::-1], "y": pixels[::-1], "t": pixels.transpose(1, 0, 2)}[axis]
        pixels = (pixels + other) / 2
    return Image.fromarray(pixels.round().astype(np.uint8))


def orientations(picture: Image.Image) -> list[dict[str, Any]]:
    """As a browser sends them: without those that repeat an earlier one."""
    found: dict[str, dict[str, Any]] = {}
    for one in pdq.orientations(picture):
        found.setdefault(one.value, {"variant": one.variant, "value": one.value, "quality": one.quality})
    return list(found.values())


@pytest.mark.parametrize(("axes", "different"), [("x", 4), ("y", 4), ("xy", 2), ("t", 4), ("xyt", 1)])
@pytest.mark.parametrize("name", ["astronaut", "coffee"])
def test_orientations_may_be_missing_where_the_picture_is_its_own_mirror_image(
    name: str, axes: str, different: int
) -> None:
    sent = orientations(mirrored(photo(name), axes))
    assert len(sent) == different
    assert len(read(claim_of(photo()) | {"pdq": sent}).pdq) == different


@pytest.mark.parametrize(
    "left", [("original",), ("original", "rotate90"), ("original", "rotate90", "rotate180", "rotate270")]
)
def test_they_may_not_be_missing_otherwise(left: tuple[str, ...]) -> None:
    item = claim_of(photo())
    sent = [one for one in item["pdq"] if one["variant"] in left]
    assert len(sent) == len(left)
    with pytest.raises(Unbelievable, match="left out"):
        read(item | {"pdq": sent})
    bits = np.zeros((16, 16), dtype=np.uint8)
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):  # half of each, so that each orientation has half
        bits[row::2, column::2] = (
            np.random.default_rng(row + 2 * column).permuted(np.arange(64) % 2).reshape(8, 8)
        )
    made_up = {"original": bits} | claims.turned(bits)
    for one in sent:
        one["value"] = np.packbits(made_up[one["variant"]].ravel()[::-1]).tobytes().hex()
    with pytest.raises(Unbelievable, match="left out"):
        read(item | {"pdq": sent})


def test_a_single_one_may_not_be_missing() -> None:
    item = claim_of(photo())
    item["pdq"] = [one for one in item["pdq"] if one["variant"] != "flipy"]
    with pytest.raises(Unbelievable, match="left out"):
        read(item)


def test_nobody_may_call_a_common_code_rare() -> None:
    """What the browser says counts only where it makes a code weigh less."""
    item = claim_of(photo())
    raw = base64.b64decode(item["regional"])
    said = serial.parse(raw)
    background = current().background[:1]
    count = len(said)
    codes = np.concatenate([background, said.codes[1:]])
    forged = replace(said, codes=codes, places=said.places & ~np.uint32(7 << 28))
    item["regional"] = base64.b64encode(serial.dump(forged)).decode()
    kept = geometry.unpack(read(item).regional.places).common
    honest = geometry.unpack(read(claim_of(photo())).regional.places).common
    assert len(kept) == count
    assert kept[0] >= enrol.commonness(background, current())[0]
    assert (kept[1:] == enrol.commonness(said.codes[1:], current())).all()
    assert (honest >= geometry.unpack(said.places).common).all()


def test_more_pictures_than_allowed_are_refused() -> None:
    item = claim_of(photo())
    assert len(claims.read(json.dumps([item, item]), most=2)) == 2
    with pytest.raises(Unbelievable):
        claims.read(json.dumps([item, item]), most=1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
)
def test_anything_else_is_refused_and_nothing_breaks(value: object) -> None:
    if value == []:
        assert claims.read("[]", most=20) == []
        return
    with pytest.raises(Unbelievable):
        claims.read(json.dumps(value), most=20)


@pytest.mark.parametrize("text", ["", "nonsense", "[" * 100_000, '["\\ud800"]', "[NaN]"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(Unbelievable):
        claims.read(text, most=20)
