"""The demo's photographs can be listed: no list holds them yet, and the guard doesn't call them harmless."""

from __future__ import annotations

from pathlib import Path

from hashing.matching import guard
from portal.demo.story import PHOTOGRAPHS
from portal.embedded.sample import listed


def test_the_photographs_are_neither_listed_nor_harmless() -> None:
    names = {Path(name).stem for name in PHOTOGRAPHS}
    assert not set(PHOTOGRAPHS) & set(listed.PHOTOGRAPHS)
    assert not {f"picture/{name}" for name in names} & set(guard.background().names)
