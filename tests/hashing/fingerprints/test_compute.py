"""Fingerprints: fixed values, the same everywhere, and of really turned pixels."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pdqhash
import pytest
from PIL import Image, ImageOps

from hashing.fingerprints import answers, caged_full, pdq
from hashing.fingerprints.compute import fingerprint_file
from hashing.fingerprints.regional import serial
from portal.vault import cage, decode
from portal.vault.colours import to_rgb
from tests.attacks import hostile
from tests.photos import encoded, photo

# Computed once from scikit-image's photographs, saved as PNG (no loss), with the pinned libraries.
EXPECTED: dict[str, tuple[str, str]] = {
    "astronaut": ("2d6b1af3a956c529e79ca3d2526fa834d4196c81cedd04de0a26b855fc99b724", "c2924c5532bddfc8"),
    "coffee": ("88629e779a663698f9a338668026727c21a679f61eb6e1f8c79b27f27c0299e0", "bb8320376c0f3637"),
    "cat": ("5feb5321f01da156898e2bf629a5d3438412cdbd23f48942464526315db33ffd", "b15fe6465121175e"),
}


def hash_of(data: bytes) -> str:
    return fingerprint_file(data).pdq


def bits_of(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> str:
    """The library's own hash of these very pixels."""
    bits, _quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return np.packbits(bits.astype(np.uint8)).tobytes().hex()


@pytest.mark.parametrize("name", EXPECTED)
def test_fixed_values(name: str) -> None:
    found = fingerprint_file(encoded(photo(name), "PNG"))
    assert (found.pdq, found.phash) == EXPECTED[name]


def test_exact_hashes_are_of_the_bytes_as_given() -> None:
    data = encoded(photo())
    found = fingerprint_file(data)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("name", ["astronaut", "cat"])
def test_up_to_512_the_hash_is_the_reference_of_the_same_pixels(name: str) -> None:
    assert hash_of(encoded(photo(name), "PNG")) == bits_of(np.asarray(photo(name)))


def test_above_512_it_stays_near_both_conventions() -> None:
    """Some hash at full size, others reduce to 512 first, and these two drift apart. Ours is within 10 bits
    of plain reduction, and nearer to full size than plain reduction is."""
    ours_to_full, plain_to_full = [], []
    for name in ("astronaut", "coffee", "cat"):
        for scale in (2, 3, 5.5):
            small = photo(name)
            size = (int(small.width * scale), int(small.height * scale))
            large = small.resize(size, Image.Resampling.BICUBIC)
            ours = pdq.pdq(large).value
            full = bits_of(np.asarray(large))
            plain = bits_of(np.asarray(large.resize((512, 512), Image.Resampling.BILINEAR)))
            assert pdq.distance(ours, plain) <= 10
            ours_to_full.append(pdq.distance(ours, full))
            plain_to_full.append(pdq.distance(plain, full))
    assert sum(ours_to_full) < sum(plain_to_full)
    assert max(ours_to_full) <= 16


@pytest.mark.parametrize(
    "through",
    [
        lambda image: encoded(image, "JPEG", quality=90),
        lambda image: encoded(image, "WEBP", quality=80),
        lambda image: encoded(image, "AVIF", quality=80),
        lambda image: encoded(image, "TIFF"),
        lambda image: encoded(image, "GIF"),
    ],
    ids=["jpeg", "webp", "avif", "tiff", "gif"],
)
def test_other_encodings_are_within_ten_bits(through: Callable[[Image.Image], bytes]) -> None:
    large = photo("astronaut").resize((1400, 1400))
    assert pdq.distance(hash_of(through(large)), hash_of(encoded(large, "PNG"))) <= 10


def test_heic_is_within_ten_bits() -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    data = encoded(photo("astronaut"), "HEIF", quality=90)
    found = fingerprint_file(data)
    assert found.media_type == "image/heic"
    assert pdq.distance(found.pdq, hash_of(encoded(photo("astronaut"), "PNG"))) <= 10


@pytest.mark.parametrize("size", [(800, 530), (530, 800), (451, 300)])
def test_each_orientation_is_the_hash_of_the_turned_picture(size: tuple[int, int]) -> None:
    image = photo("cat").resize(size)
    variants = fingerprint_file(encoded(image, "PNG")).variants
    assert [one.variant for one in variants] == list(pdq.ORIENTATIONS)
    for one in variants:
        turn = pdq.ORIENTATIONS[one.variant]
        turned = image if turn is None else image.transpose(turn)
        assert pdq.distance(one.value, hash_of(encoded(turned, "PNG", compress_level=1))) <= 2
        assert int(one.value, 16).bit_count() == 128


def test_orientations_have_the_reference_librarys_names_and_order() -> None:
    """It derives them from one transform, which is off by a few bits: near enough to tell them apart."""
    image = photo("astronaut")
    theirs, _quality = pdqhash.compute_dihedral(np.asarray(image))
    for one, bits in zip(pdq.orientations(image), theirs, strict=True):
        assert pdq.distance(one.value, np.packbits(bits.astype(np.uint8)).tobytes().hex()) <= 16


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = photo("cat").resize((900, 600))
    lying = encoded(image, "PNG", exif=exif)
    marked = image.copy()
    marked.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(marked)
    found = fingerprint_file(lying)
    assert (found.width, found.height) == upright.size
    assert found.pdq == hash_of(encoded(upright, "PNG"))


def test_transparent_parts_are_white() -> None:
    image = photo("astronaut").convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 512, 200))
    white = photo("astronaut")
    white.paste("white", (0, 0, 512, 200))
    assert hash_of(encoded(image, "PNG")) == hash_of(encoded(white, "PNG"))


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16", "F", "CMYK", "YCbCr", "LAB", "PA", "RGBa", "HSV"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    if mode in {"I;16", "F", "LAB"}:
        grey = np.asarray(photo().convert("L"))
        image = {
            "I;16": lambda: Image.fromarray(grey.astype(np.uint16) * 257),
            "F": lambda: Image.fromarray(grey.astype(np.float32) / 255),
            "LAB": lambda: Image.merge("LAB", [Image.fromarray(grey)] * 3),
        }[mode]()
    else:
        image = photo().convert("RGBA" if mode in {"PA", "RGBa"} else "RGB").convert(mode)
    rgb = to_rgb(image)
    assert (rgb.mode, rgb.size) == ("RGB", (600, 400))
    assert 20 < np.asarray(rgb).mean() < 235


def test_an_animation_is_its_first_frame() -> None:
    assert hash_of(hostile.animated()) == hash_of(encoded(photo(), "PNG"))


def test_little_detail_has_little_quality() -> None:
    found = fingerprint_file(encoded(Image.new("RGB", (700, 700), (90, 120, 60)), "PNG"))
    assert found.pdq_quality < 50


@pytest.mark.parametrize("make", [hostile.truncated, hostile.html, bytes], ids=["truncated", "html", "empty"])
def test_what_is_no_picture_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(decode.Refused):
        fingerprint_file(make())


def test_every_process_computes_the_same() -> None:
    data = encoded(photo("cat").resize((1300, 900)))
    here = fingerprint_file(data)
    for _ in range(2):
        assert answers.unpack(cage.run("hashing.fingerprints.caged", [data])).fingerprints == here


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "TIFF", "HEIF"])
def test_the_caged_child_opens_every_format(kind: str) -> None:
    """It may open no file any more when it decodes: everything was loaded before."""
    if kind == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    options = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
    data = encoded(photo("cat"), kind, **options)
    found = answers.unpack(cage.run("hashing.fingerprints.caged", [data], args=["preview"]))
    assert found.fingerprints == fingerprint_file(data)
    assert found.preview


def test_the_childs_module_never_loads_django() -> None:
    program = "import sys, hashing.fingerprints.caged, portal.vault.rendering; print('django' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_strip_is_fingerprinted_within_the_cages_memory() -> None:
    strip = encoded(Image.new("RGB", (1, 10_000), (200, 30, 30)), "PNG")
    found = answers.unpack(cage.run(caged_full.__name__, [strip])).fingerprints
    assert found is not None
    assert (found.width, found.height, found.pdq_quality) == (1, 10_000, 0)
    assert serial.parse(bytes.fromhex(found.regional)).plain
