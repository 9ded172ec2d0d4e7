"""The kit as it is installed: complete, without Django, and under no name but its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
KIT = ROOT / "deploy" / "kit"
_IMPORT_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import portal_kit
for module in pkgutil.walk_packages(portal_kit.__path__, "portal_kit."):
    importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture(scope="module")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("kit")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import hatch_build, pathlib;"
    code += "hatch_build.assemble(pathlib.Path(sys.argv[2]))"
    subprocess.run([sys.executable, "-I", "-c", code, str(KIT), str(target)], check=True)
    return target


def test_every_module_of_it_imports_alone(assembled: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", _IMPORT_ALL, str(assembled)],
        capture_output=True,
        text=True,
        check=True,
        cwd=assembled,
    )
    loaded = set(done.stdout.split())
    assert "portal_kit" in loaded
    assert not loaded & {"django", "hashing", "portal", "rest_framework"}


def test_the_portals_modules_are_its_own_but_for_their_names(assembled: Path) -> None:
    packed = sorted((assembled / "portal_kit" / "product").rglob("*.py"))
    assert len(packed) > 20
    for path in packed:
        own = path.relative_to(assembled / "portal_kit" / "product")
        if own == Path("__init__.py"):
            continue
        text = path.read_text().replace("portal_kit.product.", "")
        assert text == (ROOT / own).read_text(), own


def test_ends_quietly_when_nobody_reads_on(assembled: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from portal_kit.store import LocalList; from portal_kit.command import main\n"
        "LocalList(sys.argv[2]).close(); sys.exit(main(['status', sys.argv[2]]))"
    )
    command = [sys.executable, "-I", "-c", code, str(assembled), str(tmp_path / "x.list")]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def test_says_what_to_install_where_pictures_cannot_be_read(assembled: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.modules['numba'] = None\n"
        "from portal_kit.store import LocalList; from portal_kit.command import main\n"
        "LocalList(sys.argv[2]).close(); sys.exit(main(['match', sys.argv[2], sys.argv[2]]))"
    )
    command = [sys.executable, "-I", "-c", code, str(assembled), str(tmp_path / "x.list")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "portal-kit[match]" in done.stderr
