"""What the guard drops, refuses and lets through."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from hashing.fingerprints import pdq_variants
from hashing.fingerprints.background import shown
from hashing.fingerprints.regional import enrol, query, serial
from hashing.fingerprints.regional.serial import Enrolled
from hashing.matching import decide, guard, index, regional
from hashing.matching.guard import Ground
from tests.hashing.samples import kept, sample


@cache
def ground(*names: str) -> Ground:
    return Ground.of((name, shown.show(sample(name))) for name in names)


@cache
def variants(name: str) -> dict[str, str]:
    return {one.variant: one.value for one in pdq_variants.variants(sample(name))}


def signs(seed: int) -> Image.Image:
    """A page of small shapes, as an app's bars are; a seed for each app."""
    rng = np.random.default_rng(seed)
    page = Image.new("RGB", (512, 512), (250, 250, 250))
    draw = ImageDraw.Draw(page)
    for row in range(3):
        for column in range(8):
            corners = rng.uniform(4, 56, (5, 2)) + np.array([column * 62 + 8, row * 62 + 8])
            red, green, blue = rng.integers(0, 160, 3).tolist()
            draw.polygon([(float(x), float(y)) for x, y in corners], fill=(red, green, blue))
    return page


def framed(name: str, seed: int) -> Image.Image:
    """A photograph below an app's signs."""
    page = signs(seed)
    page.paste(ImageOps.fit(sample(name), (512, 300)), (0, 212))
    return page


def score(own: Enrolled, picture: Image.Image) -> float:
    found = regional.exhaustive(index.build([own]), query.prepare(picture))
    return found[0].score if found else 0.0


def test_a_picture_of_its_own_passes_untouched() -> None:
    own = kept("coffee").regional
    checked = guard.check(own, variants("coffee"), ground("camera", "page", "brick"), signs=True)
    assert checked.regional is not None
    assert serial.dump(checked.regional) == serial.dump(own)
    assert (checked.dropped, checked.hits, checked.pdq) == (0, (), tuple(variants("coffee")))
    assert not checked.same


@pytest.mark.parametrize(("variant", "same"), [("", True), ("original", True), ("crop-1x1", False)])
def test_a_hash_of_no_named_variant_is_the_picture_s_own(variant: str, *, same: bool) -> None:
    hashes = {variant: variants("camera")["original"], "other": variants("coffee")["original"]}
    checked = guard.check(None, hashes, ground("camera"))
    assert checked.same is same
    assert checked.pdq == (() if same else ("other",))


@pytest.mark.parametrize("turn", [lambda picture: picture, ImageOps.mirror], ids=["as it is", "mirrored"])
def test_a_copy_of_a_harmless_picture_is_refused_in_every_kind(turn: object) -> None:
    picture: Image.Image = turn(sample("camera"))  # type: ignore[operator]  # one of the two above
    hashes = {one.variant: one.value for one in pdq_variants.variants(picture)}
    checked = guard.check(enrol.enrol(picture), hashes, ground("page", "camera"))
    assert checked.same
    assert (checked.regional, checked.pdq) == (None, ())
    assert {hit.name for hit in checked.hits} == {"camera"}


def test_regions_of_an_apps_signs_are_dropped_and_the_picture_is_still_found() -> None:
    own = enrol.enrol(framed("coffee", 1))
    app = Ground.of([("app", shown.show(framed("chelsea", 1)))])
    assert score(own, framed("astronaut", 1)) > 30
    checked = guard.check(own, {}, app)
    assert checked.regional is not None
    assert 0 < checked.dropped == len(own) - len(checked.regional)
    assert [(hit.name, hit.by, hit.copy) for hit in checked.hits] == [("app", "regional", False)]
    assert score(checked.regional, framed("astronaut", 1)) < decide.AT_SHORT_LIST
    assert score(checked.regional, sample("coffee")) > 30


def test_too_few_codes_left_is_no_fingerprint() -> None:
    own = enrol.enrol(signs(2))
    checked = guard.check(own, {}, Ground.of([("app", shown.show(framed("chelsea", 2)))]))
    assert checked.regional is None
    assert checked.dropped > len(own) - guard.FEWEST_LEFT


def test_signs_held_by_several_pages_are_dropped_wherever_they_lie() -> None:
    pages = [shown.show(signs(3).rotate(turn)) for turn in (0, 90, 180)]
    own = enrol.enrol(framed("coffee", 3))
    many, few = (Ground.of((str(at), one) for at, one in enumerate(some)) for some in (pages, pages[:2]))
    assert guard.sign_like(own, few).sum() == 0
    assert 5 <= guard.sign_like(own, many).sum() < len(own)
    assert guard.sign_like(kept("astronaut").regional, many).sum() <= 2


def test_a_pdq_variant_near_a_harmless_picture_is_refused_alone() -> None:
    hashes = dict(variants("coffee"))
    near = bytearray.fromhex(hashes["crop-1x1"])
    near[0] ^= 0xFF
    own = shown.Shown(512, 512, 0, np.zeros((0, 32), np.uint8), np.zeros(0, np.uint32), bytes(near))
    checked = guard.check(None, hashes, Ground.of([("poster", own)]))
    assert "crop-1x1" not in checked.pdq
    assert len(checked.pdq) >= len(hashes) - 3
    assert not checked.same
    assert ("poster", "crop-1x1", False) in [(hit.name, hit.by, hit.copy) for hit in checked.hits]


def test_the_limit_of_a_pdq_hit() -> None:
    value = variants("coffee")["original"]
    for bits, refused in ((guard.PDQ_WITHIN, True), (guard.PDQ_WITHIN + 1, False)):
        other = (int(value, 16) ^ ((1 << bits) - 1)).to_bytes(32)
        own = shown.Shown(512, 512, 0, np.zeros((0, 32), np.uint8), np.zeros(0, np.uint32), other)
        checked = guard.check(None, {"original": value}, Ground.of([("poster", own)]))
        assert (checked.pdq == ()) is refused
        assert checked.same is refused


def test_against_nothing_everything_passes() -> None:
    own = kept("coffee").regional
    checked = guard.check(own, variants("coffee"), Ground.of([]), signs=True)
    assert checked.regional is not None
    assert serial.dump(checked.regional) == serial.dump(own)
    assert (checked.dropped, checked.hits, checked.pdq) == (0, (), tuple(variants("coffee")))


def test_a_plain_picture_without_regions_passes_with_none() -> None:
    plain = enrol.enrol(Image.new("RGB", (256, 256), (120, 120, 120)))
    checked = guard.check(plain, {}, ground("camera"), signs=True)
    assert (checked.regional, checked.dropped, checked.hits) == (None, 0, ())
