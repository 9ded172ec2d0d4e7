"""manage.py fingerprint FILE…: a JSON line per file. Needs no secret, database or broker."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from hashing.fingerprints import answers
from hashing.fingerprints.compute import FileFingerprints
from hashing.fingerprints.regional import serial
from portal.vault import cage, refusals
from portal.vault.formats import MAX_BYTES

_EMPTY: dict[str, Any] = {
    "sha256": None,
    "md5": None,
    "pdq": None,
    "pdq_quality": None,
    "pdq_variants": [],
    "phash": None,
    "regional": None,
}


class Command(BaseCommand):
    help = "Prints the fingerprints of files, a JSON line each; exits 1 if one of them could not be read."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)

    def handle(self, *args: object, files: list[Path], **options: object) -> None:
        failed = False
        for file in files:
            line = _line(file)
            failed = failed or line["error"] is not None
            self.stdout.write(json.dumps(line))
            self.stdout.flush()
        if failed:
            sys.exit(1)


def _line(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > MAX_BYTES:
            return _failed(file, refusals.sentence("too_big"))
        answer = answers.unpack(cage.run("hashing.fingerprints.caged_full", [file.read_bytes()]))
    except OSError as error:
        return _failed(file, f"This file can't be read ({error.strerror}).")
    except (cage.CageError, answers.Unbelievable):
        return _failed(file, refusals.sentence("damaged"))
    if answer.fingerprints is None:
        return _failed(file, refusals.sentence(answer.refusal or "damaged"))
    return {"file": str(file), **_values(answer.fingerprints), "error": None}


def _failed(file: Path, sentence: str) -> dict[str, Any]:
    return {"file": str(file), **_EMPTY, "error": sentence}


def _values(found: FileFingerprints) -> dict[str, Any]:
    return {
        "sha256": found.sha256,
        "md5": found.md5,
        "pdq": found.pdq,
        "pdq_quality": found.pdq_quality,
        "pdq_variants": [{"name": one.variant, "hash": one.value} for one in found.pdq_set],
        "phash": found.phash,
        "regional": _regional(found.regional),
    }


def _regional(stored: str) -> dict[str, Any]:
    """`codes` in hex, the best regions first; `bytes` as stored; `too_plain`: never listed by this kind."""
    data = bytes.fromhex(stored)
    found = serial.parse(data)
    return {
        "version": f"regional-v{found.version}",
        "codes": [code.tobytes().hex() for code in found.codes],
        "bytes": len(data),
        "too_plain": found.plain,
    }
