"""Puts the portal's fingerprints and matcher into the kit, under the kit's own name.

The portal's modules are `hashing…` and `portal…`; two such names would be in the way in somebody else's
environment. So they go in as `portal_kit.product.hashing…` and `portal_kit.product.portal…`, and what imports
them is changed to match. Nothing else of them is.
"""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent
PRODUCT = "portal_kit/product"
OWN = {"hashing", "portal"}
VERIFIER = "audit_verifier.py"
DATA = "hashing/fingerprints/data/regional-v*.bin"
_IMPORT = re.compile(r"^(\s*(?:from|import) )(hashing|portal)\b", re.MULTILINE)


def sources() -> Path:
    """The portal's sources: around this folder in its repository, in it after unpacking an sdist."""
    inside = HERE / "sources"
    return inside if inside.is_dir() else HERE.parent.parent


def chosen(root: Path) -> list[Path]:
    """What the kit imports of the portal, what that imports, and its data: no Django, a test sees to it."""
    found: set[Path] = set()
    asked = list((HERE / "portal_kit").rglob("*.py"))
    while asked:
        for path in imported(asked.pop(), root) - found:
            found.add(path)
            asked.append(path)
    packages = {folder / "__init__.py" for path in found for folder in path.relative_to(root).parents}
    found |= {root / path for path in packages if path.parent.name}
    return sorted(found | set(root.glob(DATA)))


def imported(file: Path, root: Path) -> set[Path]:
    """The portal's modules that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] in OWN:
            names |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    paths = {root / f"{name.replace('.', '/')}.py" for name in names}
    return {path for path in paths if path.is_file()}


def assemble(target: Path) -> None:
    """Write the kit as it is installed: `target/portal_kit`, with the product's modules in it."""
    root, kit = sources(), target / "portal_kit"
    shutil.copytree(HERE / "portal_kit", kit, ignore=shutil.ignore_patterns("__pycache__"))
    # A file of its own in the repository, since not only platforms check a log.
    shutil.copyfile(HERE / VERIFIER, kit / VERIFIER)
    for path in chosen(root):
        to = target / PRODUCT / path.relative_to(root)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    (target / PRODUCT / "__init__.py").write_text(
        '"""The portal\'s own modules, unchanged but for their names."""\n'
    )
    for path in kit.rglob("*.py"):
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
