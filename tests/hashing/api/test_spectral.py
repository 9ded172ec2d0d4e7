"""The API's description is as its linter wants it.

Spectral brings 200 packages, so it runs in the soak; what its rules ask of a description that code makes is
checked here by hand.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

HERE = Path(__file__).parent / "spectral"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "openapi.json"
    call_command("spectacular", format="openapi-json", api_version="1", file=str(file))
    return file


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def test_what_spectral_asks_for(document: Path) -> None:
    described = json.loads(document.read_text())
    assert described["openapi"] == "3.1.0"
    assert {"title", "version", "description", "contact"} <= set(described["info"])
    assert described["servers"][0]["url"] == settings.BASE_URL
    tags = {tag["name"] for tag in described["tags"]}
    found = list(operations(described))
    ids = [operation["operationId"] for _, operation in found]
    assert len(ids) == len(set(ids)) == 19
    for name, operation in found:
        assert not name.endswith("/"), name
        assert {"summary", "description", "responses"} <= set(operation), name
        assert set(operation["tags"]) <= tags, name
        assert len(operation["tags"]) == 1, name
        assert any(status.startswith(("2", "3")) for status in operation["responses"]), name
        assert all(parameter.get("description") for parameter in operation.get("parameters", [])), name
        wanted = {part[1:-1] for part in name.split("/") if part.startswith("{")}
        given = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert wanted == given, name


@pytest.mark.soak
def test_spectral_finds_nothing(document: Path, tmp_path: Path) -> None:
    npm = shutil.which("npm") or str(settings.BASE_DIR / ".venv" / "bin" / "npm")
    for name in ("package.json", "package-lock.json", "ruleset.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=tmp_path, check=True)
    command = ["node_modules/.bin/spectral", "lint", str(document), "-r", "ruleset.yaml", "-f", "json"]
    done = subprocess.run(
        [*command, "--fail-severity", "hint"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout[:2]) == (0, "[]"), done.stdout
