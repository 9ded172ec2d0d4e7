"""Puts the portal's fingerprints and matcher into the kit, under the kit's own name.

The portal's modules are `hashing…` and `portal…`; two such names would be in the way in somebody else's
environment. So they go in as `portal_kit.product.hashing…` and `portal_kit.product.portal…`, and what imports
them is changed to match. Nothing else of them is.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
PRODUCT = "portal_kit/product"
# Without Django, all of them: a test imports each one alone.
MODULES = (
    "hashing/__init__.py",
    "hashing/fingerprints/__init__.py",
    "hashing/fingerprints/compute.py",
    "hashing/fingerprints/pdq.py",
    "hashing/fingerprints/trimming.py",
    "hashing/fingerprints/regional/*.py",
    "hashing/fingerprints/data/regional-v*.bin",
    "hashing/matching/*.py",
    "portal/__init__.py",
    "portal/vault/__init__.py",
    "portal/vault/decode.py",
    "portal/vault/formats.py",
)
# Learning codes, making masks and matching whole folders are the agency's.
LEFT_OUT = {"figures.py", "folders.py", "learning.py", "masking.py", "pages.py", "split.py"}
_IMPORT = re.compile(r"^(\s*(?:from|import) )(hashing|portal)\b", re.MULTILINE)


def sources() -> Path:
    """The portal's sources: around this folder in its repository, in it after unpacking an sdist."""
    inside = HERE / "sources"
    return inside if inside.is_dir() else HERE.parent.parent


def chosen(root: Path) -> Iterable[Path]:
    for pattern in MODULES:
        yield from sorted(path for path in root.glob(pattern) if path.name not in LEFT_OUT)


def assemble(target: Path) -> None:
    """Write the kit as it is installed: `target/portal_kit`, with the product's modules in it."""
    root, kit = sources(), HERE / "portal_kit"
    shutil.copytree(kit, target / "portal_kit", ignore=shutil.ignore_patterns("__pycache__"))
    for path in chosen(root):
        to = target / PRODUCT / path.relative_to(root)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    (target / PRODUCT / "__init__.py").write_text(
        '"""The portal\'s own modules, unchanged but for their names."""\n'
    )
    for path in (target / "portal_kit").rglob("*.py"):
        path.write_text(_IMPORT.sub(rf"\1{PRODUCT.replace('/', '.')}.\2", path.read_text()))


class ProductHook(BuildHookInterface[Any]):
    """What hatchling calls: for a wheel the assembled tree, for an sdist the sources as they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        if self.target_name == "sdist":
            root = sources()
            included = {str(path): f"sources/{path.relative_to(root)}" for path in chosen(root)}
            build_data["force_include"].update(included)
            return
        target = Path(mkdtemp(prefix="portal-kit-"))
        assemble(target)
        for path in (target / "portal_kit").rglob("*"):
            if path.is_file():
                build_data["force_include"][str(path)] = str(path.relative_to(target))
