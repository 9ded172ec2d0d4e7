"""manage.py match: a JSON line per picture, with nothing but two folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageOps

from tests.attacks import hostile
from tests.hashing.samples import sample
from tests.photos import encoded, unusual

ROOT = Path(__file__).resolve().parents[3]


def run(folder: Path, processes: int) -> tuple[list[dict[str, Any]], str]:
    """As from a clean shell: no secret, no database, and a home that must stay empty."""
    out = folder / f"out-{processes}.jsonl"
    environment = {"PATH": os.environ["PATH"], "PORTAL_HOME": str(folder / "home")}
    command = [sys.executable, "manage.py", "match", "--bank", str(folder / "bank"), "--queries"]
    command += [str(folder / "queries"), "--out", str(out), "--processes", str(processes)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert not (folder / "home").exists()
    return [json.loads(line) for line in out.read_text().splitlines()], done.stderr


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    bank, queries = tmp_path / "bank" / "deep", tmp_path / "queries" / "deeper"
    bank.mkdir(parents=True)
    queries.mkdir(parents=True)
    for name in ("astronaut", "coffee"):
        (bank / f"{name}.png").write_bytes(encoded(sample(name), "PNG"))
    (bank / "broken.jpg").write_bytes(encoded(sample("coffee"))[:2000])
    (queries / "1-same.png").write_bytes(encoded(sample("coffee"), "PNG"))
    (queries / "2-mirror.jpg").write_bytes(encoded(ImageOps.mirror(sample("astronaut"))))
    (queries / "3-other.jpg").write_bytes(encoded(sample("brick")))
    (queries / "4-broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    (queries / "5-plain.png").write_bytes(encoded(Image.new("L", (40, 40), 9), "PNG"))
    return tmp_path


def test_every_query_has_its_line_whatever_the_number_of_processes(folders: Path) -> None:
    lines, errors = run(folders, 1)
    bank, queries = folders / "bank" / "deep", folders / "queries" / "deeper"
    assert [line["query"] for line in lines] == [str(path) for path in sorted(queries.iterdir())]
    assert [line["decision"] for line in lines] == ["copy", "copy", "none", "none", "none"]
    assert [line["match"] for line in lines[:2]] == [str(bank / "coffee.png"), str(bank / "astronaut.png")]
    assert [line["how"] for line in lines] == ["exact", "regional", None, None, None]
    assert lines[1]["region"] == pytest.approx([0, 0, 512, 512], abs=6)
    assert lines[1]["score"] > 100
    assert lines[2] == {**lines[2], "match": None, "score": 0, "region": None, "error": None}
    assert len(lines[3]["error"]) > 20
    assert "broken.jpg" in errors
    assert "matched 5 of 5" in errors
    again, _errors = run(folders, 2)
    for line in lines + again:
        del line["ms"]
    assert again == lines


def test_every_kind_of_file_has_a_clear_answer(tmp_path: Path) -> None:
    """The same picture in every form is found; one colour, one pixel, too large and damaged never are."""
    files = unusual(sample("coffee"))
    never = {
        "x-colour.png": encoded(Image.new("RGB", (900, 700), "red"), "PNG"),
        "x-pixel.png": encoded(Image.new("RGB", (1, 1)), "PNG"),
        "x-huge.tif": hostile.bomb(),
        "x-cut.jpg": encoded(sample("coffee"))[:3000],
    }
    for folder, held in (
        ("bank", never | {"coffee.png": encoded(sample("coffee"), "PNG")}),
        ("queries", files | never),
    ):
        (tmp_path / folder).mkdir()
        for name, data in held.items():
            (tmp_path / folder / name).write_bytes(data)
    lines, _errors = run(tmp_path, 2)
    answers = {Path(line["query"]).name: line for line in lines}
    assert {name for name in files if answers[name]["decision"] != "copy"} == set()
    assert {answers[name]["match"] for name in files} == {str(tmp_path / "bank" / "coffee.png")}
    told = {name: (answers[name]["decision"], answers[name]["error"]) for name in never}
    exact = [name for name in never if told[name] == ("copy", None)]
    assert exact == ["x-colour.png", "x-pixel.png"]  # the very same file, which the bank was given
    assert {answers[name]["how"] for name in exact} == {"exact"}
    assert all(
        told[name][0] == "none" and len(told[name][1] or "") > 20 for name in never if name not in exact
    )


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere is not a folder"):
        call_command("match", bank=tmp_path, queries=tmp_path / "nowhere", out=tmp_path / "out")


def test_what_can_t_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    folders = {"bank": tmp_path, "queries": tmp_path}
    with pytest.raises(CommandError, match="nowhere is not a folder"):
        call_command("match", **folders, out=tmp_path / "nowhere" / "out.jsonl")
    with pytest.raises(CommandError, match="1 or more"):
        call_command("match", **folders, out=tmp_path / "out.jsonl", processes=-1)
    assert not any(tmp_path.iterdir())
