"""Drawing the background and keeping it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hashing.fingerprints.background import file, making, overlays, screens, shown
from hashing.fingerprints.background.file import Background
from hashing.fingerprints.regional import table
from tests.hashing.samples import sample


def test_every_app_is_drawn_light_and_dark(font: Path) -> None:
    pages = dict(screens.screens([font]))
    assert len(pages) == len(screens.FAMILIES) * 2 * screens.EACH
    assert len({page.tobytes() for page in pages.values()}) == len(pages)
    for name in ("chat", "chats", "settings", "browser", "keyboard"):
        light, dark = (np.median(np.asarray(pages[f"screen/{name}-{way}-1"])) for way in ("light", "dark"))
        assert light > 180
        assert dark < 60


def test_the_same_fonts_draw_the_same_pages(font: Path) -> None:
    first, second = ([(name, page.tobytes()) for name, page in overlays.overlays([font])] for _ in range(2))
    assert first == second
    assert len({page for _, page in first}) == len(first)


def test_it_keeps_fingerprints_and_says_of_what(
    font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screens, "FAMILIES", {"chat": screens.FAMILIES["chat"]})
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    sample("camera").save(pictures / "camera.png")
    Image.new("RGB", (200, 200), (10, 200, 30)).save(pictures / "plain.png")
    (pictures / "notes.txt").write_text("no picture")
    said: list[str] = []
    made = making.make(
        making.fonts_in([tmp_path]), making.pictures_in([pictures]), table.current(), said.append
    )
    assert list(made.names) == said
    assert {name.partition("/")[0] for name in said} >= {"screen", "letters", "caption", "picture"}
    assert "picture/plain" not in said
    assert made.about["fonts"] == ["Plain"]
    assert made.about["pictures"] == ["camera.png", "plain.png"]
    path = tmp_path / "made.bin"
    file.save(made, path)
    again = file.load(path)
    assert (again.names, again.projection, again.about) == (made.names, made.projection, made.about)
    assert [shown.dump(one) for one in again.pictures] == [shown.dump(one) for one in made.pictures]


def small() -> Background:
    own = shown.show(sample("camera"), most=20, mirror=False)
    return Background(("picture/camera",), (own,), file.projection_of(table.current()), {})


def test_the_same_background_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        file.save(small(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_file_of_another_kind_or_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    file.save(small(), path)
    whole = path.read_bytes()
    for broken in (b"", b"REGIONAL" + whole[8:], whole[:-1], whole[:-900]):
        path.write_bytes(broken)
        with pytest.raises(ValueError, match=r"\w"):
            file.load(path)


def test_a_background_of_another_projection_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = small()
    file.save(Background(own.names, own.pictures, "another", {}), tmp_path / "background-v1.bin")
    monkeypatch.setattr(table, "DATA", tmp_path)
    file.current.cache_clear()
    with pytest.raises(ValueError, match="another projection"):
        file.current()
    file.current.cache_clear()
