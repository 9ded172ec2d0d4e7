#!/usr/bin/env python3
"""Co-signs an agency's audit log, as a witness that never signs two histories.

    audit_witness.py key FOLDER NAME                 make a key; prints what to give to the agency
    audit_witness.py cosign FOLDER URL --key KEY     check the published checkpoint, sign it, send it (hourly)

FOLDER keeps the private key and the checkpoint that was signed last. KEY is what `manage.py audit key`
printed, got on another way than the web. Exit 0: signed, or signed before. 1: the log went back or forked,
and nothing was signed: keep FOLDER and tell others. 2: it can't be reached or read. It needs
audit_verifier.py beside it.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import sys
import time
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path

from audit_verifier import TIMED, Broken, Head, Key, check_consistency, checkpoint, parse_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "/.well-known/audit-log/"
SECONDS = 30
LONGEST = 1 << 16
TRIES = 3
_NAME = re.compile(r"[^\s+]{1,64}")


def fetch(address: str, body: str | None = None) -> str:
    """What GET answers, or POST with a body. Raises OSError, HTTPException, ValueError (too long)."""
    request = urllib.request.Request(address, data=body.encode() if body else None)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        content: bytes = answer.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise ValueError(f"{address} answers more than a checkpoint or a proof")
    return content.decode()


def make_key(folder: Path, name: str) -> str:
    """A new key of that name, as text for the agency. Raises FileExistsError."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name has up to 64 characters, no spaces and no +")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(folder / "key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{name}\n{private.private_bytes_raw().hex()}\n")
    key = Key(name, private.public_key().public_bytes_raw())
    return f"{name}+{key.id_of(TIMED).hex()}+{base64.b64encode(bytes([TIMED]) + key.public).decode()}"


def cosign(folder: Path, address: str, keys: Sequence[Key]) -> str:
    """Check that the log goes on from what was signed last, and sign it. Raises Broken, or what reading
    raises."""
    place = address.rstrip("/") + PREFIX
    note = _grown(folder, place, keys)
    head = checkpoint(note, keys)
    # Kept before it is sent: a witness that forgets what it signed could sign another history.
    kept = folder / "checkpoint.new"
    kept.write_text(note, encoding="utf-8")
    kept.replace(folder / "checkpoint")
    fetch(f"{place}cosignatures", note + _line(folder, note))
    return f"{head.size} entries"


def _grown(folder: Path, place: str, keys: Sequence[Key], tries: int = TRIES) -> str:
    """The published note, once it is sure to go on from the last one."""
    note = fetch(f"{place}checkpoint")
    new = checkpoint(note, keys)
    last = folder / "checkpoint"
    if not last.exists():
        return note
    old = checkpoint(last.read_text(encoding="utf-8"), keys)
    if old.origin != new.origin or new.size < old.size:
        raise Broken(f"it has {new.size} entries, and had {old.size} when this witness signed: rolled back")
    try:
        check_consistency(old.size, new.size, (old.root, new.root), _proof(place, old, new))
    except Broken:
        # It may have been published anew between the two requests.
        if tries > 1 and fetch(f"{place}checkpoint") != note:
            return _grown(folder, place, keys, tries - 1)
        raise
    return note


def _proof(place: str, old: Head, new: Head) -> list[bytes]:
    if old.size == new.size:
        return []
    lines = fetch(f"{place}growth/{old.size}").splitlines()
    return [base64.b64decode(line, validate=True) for line in lines]


def _line(folder: Path, note: str) -> str:
    """https://c2sp.org/tlog-cosignature"""
    name, seed = (folder / "key").read_text(encoding="utf-8").split()
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    now = int(time.time())
    text = note.rpartition("\n\n")[0] + "\n"
    signature = private.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
    key_id = Key(name, private.public_key().public_bytes_raw()).id_of(TIMED)
    return f"— {name} {base64.b64encode(key_id + now.to_bytes(8, 'big') + signature).decode()}\n"


def _run(options: argparse.Namespace) -> str:
    if options.what == "key":
        return make_key(options.folder, options.name)
    return cosign(options.folder, options.url, [parse_key(text) for text in options.key])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parts = parser.add_subparsers(dest="what", required=True)
    key, sign = parts.add_parser("key"), parts.add_parser("cosign")
    for part in (key, sign):
        part.add_argument("folder", type=Path)
    key.add_argument("name", help="the witness's own name, such as platform.example/witness")
    sign.add_argument("url", help="the portal's address")
    sign.add_argument("--key", action="append", required=True, help="the log's public key; may be repeated")
    try:
        print(_run(parser.parse_args(arguments)))
    except Broken as error:
        print(f"broken: {error}")
        return 1
    except (OSError, ValueError, HTTPException) as error:
        print(f"can't be done: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
