"""`pip install deploy/kit` in an environment of its own, as a partner does it. Needs a package index."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parent.parent.parent / "deploy" / "kit"
_TRY = """
import hashlib, json, sys
from portal_kit import LocalList
from portal_kit.matching import Matcher
one = {"type": "sha256", "variant": "", "value": hashlib.sha256(b"x").hexdigest(), "max_distance": 0}
line = {"entry": "e", "state": "active", "verification": "agency_verified", "hashes": [one]}
with LocalList(sys.argv[1]) as local:
    local.apply([line], after="", cursor="1")
    answer = Matcher(local).match(b"x").as_json()
strangers = {"django", "hashing", "portal"} & {name.partition(".")[0] for name in sys.modules}
print(json.dumps([answer["decision"], sorted(strangers)]))
"""


@pytest.mark.soak
def test_installs_and_matches_in_an_environment_of_its_own(tmp_path: Path) -> None:
    fresh = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(fresh)], check=True)
    pip = [str(fresh / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", f"{KIT}[match]"]
    subprocess.run(pip, check=True, cwd=tmp_path)
    command = [str(fresh / "bin" / "portal-list"), "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "portal-list sync" in told
    command = [str(fresh / "bin" / "portal-audit"), "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "certificate" in told
    command = [str(fresh / "bin" / "python"), "-I", "-c", _TRY, str(tmp_path / "x.list")]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert json.loads(found) == ["copy", []]
