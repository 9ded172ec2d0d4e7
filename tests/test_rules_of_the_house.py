"""What import-linter can't say: rules know no request, and nothing is a grab-bag."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(
    path
    for folder in ("deploy", "portal/ui", "tests")
    for path in (ROOT / folder).rglob("package-lock.json")
    if "node_modules" not in path.parts
)
SOURCES = [path for name in ("portal", "hashing", "cases") for path in sorted((ROOT / name).rglob("*.py"))]
RULES = [
    path
    for path in SOURCES
    if "services" in path.parts
    or path.name in {"services.py", "selectors.py", "states.py"}
    or "models" in path.parts
]


def _imported(path: Path) -> set[str]:
    """Every module that the file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_there_is_something_to_check() -> None:
    assert len(RULES) > 10


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_know_no_request(path: Path) -> None:
    """A service is told who acts and what is wanted; it can be called from a page, a task or a test alike."""
    pages = ("django.http", "django.shortcuts", "django.views", "django.forms", "rest_framework")

    assert not {name for name in _imported(path) if name.startswith(pages)}


def test_no_file_is_a_grab_bag() -> None:
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "misc", "common"}]


def test_no_rule_hides_in_a_signal() -> None:
    assert not [
        path
        for path in SOURCES
        if any(name.startswith("django.db.models.signals") for name in _imported(path))
    ]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_locks_name_hashes_and_no_address(path: Path) -> None:
    """Whoever installs chooses the registry; where to send money is no part of a build."""
    text = path.read_text()
    assert '"integrity": "sha' in text
    assert "://" not in text
