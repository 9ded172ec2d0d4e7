"""manage.py fingerprint: a JSON line per file, with nothing but the files."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hashing.fingerprints.compute import fingerprint_file
from tests.attacks import hostile
from tests.photos import encoded, photo

ROOT = Path(__file__).resolve().parents[3]


def run(*files: Path, home: Path) -> tuple[int, list[dict[str, Any]], str]:
    """As from a clean shell: no secret, no database, and a home that must stay empty."""
    environment = {"PATH": os.environ["PATH"], "PORTAL_HOME": str(home)}
    command = [sys.executable, "manage.py", "fingerprint", *map(str, files)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_every_file_has_its_line_and_a_damaged_one_its_error(tmp_path: Path) -> None:
    home = tmp_path / "home"
    good, bad, missing = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    data = encoded(photo("cat"))
    good.write_bytes(data)
    bad.write_bytes(hostile.truncated())
    code, lines, _errors = run(bad, missing, good, home=home)
    assert code == 1
    assert [line["file"] for line in lines] == [str(bad), str(missing), str(good)]
    assert "damaged" in lines[0]["error"]
    assert "can't be read" in lines[1]["error"]
    assert lines[0]["pdq"] is None
    found = fingerprint_file(data)
    assert lines[2] == {
        "file": str(good),
        "sha256": hashlib.sha256(data).hexdigest(),
        "md5": found.md5,
        "pdq": found.pdq,
        "pdq_quality": found.pdq_quality,
        "pdq_variants": lines[2]["pdq_variants"],
        "phash": found.phash,
        "regional": lines[2]["regional"],
        "error": None,
    }
    eight = [{"name": one.variant, "hash": one.value} for one in found.variants]
    assert lines[2]["pdq_variants"][:8] == eight
    assert 8 < len(lines[2]["pdq_variants"]) <= 64
    regional = lines[2]["regional"]
    assert regional["version"] == "regional-v1"
    assert regional["bytes"] == 4 + 36 * len(regional["codes"])
    assert not regional["too_plain"]
    assert not home.exists()


def test_all_good_is_exit_code_zero(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(encoded(photo("cat"), "PNG"))
    code, lines, errors = run(file, home=tmp_path / "home")
    assert (code, len(lines), errors) == (0, 1, "")


@pytest.mark.parametrize("make", [hostile.bomb, hostile.svg, bytes], ids=["bomb", "svg", "empty"])
def test_hostile_files_have_their_own_sentence(tmp_path: Path, make: Any) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(make())
    code, lines, _errors = run(file, home=tmp_path / "home")
    assert code == 1
    assert len(lines[0]["error"]) > 20
