#!/usr/bin/env python3
"""Checks what the portal's audit log gives out, without the portal: this file, Python and `cryptography`.

    audit_verifier.py proof FILE --key KEY            one entry (`manage.py audit prove`)
    audit_verifier.py certificate FILE --key KEY      a deletion certificate from the follow page, JSON or PDF
    audit_verifier.py growth FILE --key KEY           that it grew from an older checkpoint (`prove --since`)
    audit_verifier.py export FOLDER_OR_ZIP --key KEY  a part of the log (`manage.py audit export`)

KEY is what `manage.py audit key` printed, got from the agency on another way than the file. `--witness KEY`
demands a witness's co-signature as well; `--against FILE` demands that a checkpoint kept earlier is a
beginning of this log. Exit 0: it holds. 1: it does not. 2: it can't be read. Formats: RFC 6962 hashing,
https://c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof, tlog-tiles.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
PLAIN, TIMED = 1, 4
CERTIFICATES = ("portal-deletion-certificate/v1", "portal-deletion-certificate/v2")


# The longest file of an export: 256 entries, each with its length in two bytes.
LARGEST = 256 * (2 + 0xFFFF)
# What a file that isn't what it should be makes this one stumble over.
UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, EOFError, MemoryError),
    *(RuntimeError, zipfile.BadZipFile, zlib.error),  # too deep, locked, packed in another way
)


class Broken(Exception):
    """What was checked doesn't hold; the message says what."""


class Key(NamedTuple):
    name: str
    public: bytes

    def id_of(self, kind: int) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]


class Head(NamedTuple):
    origin: str
    size: int
    root: bytes


def parse_key(text: str) -> Key:
    """A verifier key of signed-note: name+id+base64."""
    name, key_id, encoded = text.strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    key = Key(name, raw[1:])
    if raw[0] not in {PLAIN, TIMED} or len(key.public) != 32 or key.id_of(raw[0]).hex() != key_id:
        raise ValueError(f"not an Ed25519 verifier key: {text}")
    return key


def open_note(note: str, keys: Sequence[Key]) -> tuple[str, set[Key]]:
    """The note's text, and those of `keys` that signed it. Raises Broken for a false signature."""
    text, separator, lines = note.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise Broken("not a signed note")
    text += "\n"
    signed = set()
    for line in lines.removesuffix("\n").split("\n"):
        dash, name, encoded = line.split(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise Broken(f"the signature of {name} can't be read") from error
        for key in keys:
            if dash == "—" and key.name == name and _signed(key, raw, text):
                signed.add(key)
    return text, signed


def _signed(key: Key, raw: bytes, text: str) -> bool:
    if raw[:4] == key.id_of(PLAIN):
        signature, message = raw[4:], text.encode()
    elif raw[:4] == key.id_of(TIMED):
        time = int.from_bytes(raw[4:12], "big")
        signature, message = raw[12:], f"cosignature/v1\ntime {time}\n{text}".encode()
    else:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature as error:
        raise Broken(f"the signature of {key.name} is false") from error
    return True


def checkpoint(note: str, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> Head:
    """What a checkpoint says, once one of `keys` and every witness signed it."""
    text, signed = open_note(note, [*keys, *witnesses])
    origin, size, root, *_extensions = text.split("\n")
    if origin not in {key.name for key in signed.intersection(keys)}:
        raise Broken("the checkpoint isn't signed by the log's key")
    if missing := {key.name for key in witnesses if key not in signed}:
        raise Broken(f"the checkpoint isn't co-signed by {', '.join(sorted(missing))}")
    return Head(origin, int(size), base64.b64decode(root, validate=True))


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which the path leads from a leaf's hash (RFC 9162, 2.1.3.2). Raises Broken."""
    if not 0 <= index < size or len(leaf) != 32:
        raise Broken("the proof is for no place in this tree")
    place, last, root = index, size - 1, leaf
    for one in path:
        if len(one) != 32 or last == 0:
            raise Broken("the proof has a wrong length")
        if place & 1 or place == last:
            root = node_hash(one, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, one)
        place, last = place >> 1, last >> 1
    if last:
        raise Broken("the proof has a wrong length")
    return root


def check_consistency(old: int, size: int, roots: tuple[bytes, bytes], path: Sequence[bytes]) -> None:
    """That the tree of `old` leaves begins the one of `size` (RFC 9162, 2.1.4.2). Raises Broken."""
    if not 0 < old <= size or bool(path) != (old < size):
        raise Broken("the proof has a wrong length, or is for other trees")
    if old == size and roots[0] != roots[1]:
        raise Broken("the trees are not consistent")
    if path and _roots_of_consistency(old, size, roots[0], path) != roots:
        raise Broken("the trees are not consistent")


def _roots_of_consistency(old: int, size: int, root: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots of both trees to which the path leads."""
    hashes = list(path) if old & (old - 1) else [root, *path]
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = hashes[0]
    for one in hashes[1:]:
        if not last:
            raise Broken("the proof has a wrong length")
        if place & 1 or place == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, one)
        place, last = place >> 1, last >> 1
    if last:
        raise Broken("the proof has a wrong length")
    return first, second


def check_proof(leaf: str, proof: str, keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> dict[str, Any]:
    """One entry against its tlog-proof; what the entry says."""
    front, _blank, note = proof.partition("\n\n")
    lines = front.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise Broken("not a tlog-proof")
    head = checkpoint(note, keys, witnesses)
    path = [base64.b64decode(line, validate=True) for line in lines[2:]]
    found = root_of_inclusion(int(lines[1].removeprefix("index ")), head.size, leaf_hash(leaf.encode()), path)
    if found != head.root:
        raise Broken("the entry is not in the log that the checkpoint signed")
    entry: dict[str, Any] = json.loads(leaf)
    return entry


def check_growth(data: dict[str, Any], keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> str:
    """That the log of the newer checkpoint goes on from the older one's."""
    old, new = checkpoint(data["old"], keys), checkpoint(data["new"], keys, witnesses)
    if old.origin != new.origin:
        raise Broken(f"these are two logs: {old.origin} and {new.origin}")
    path = [base64.b64decode(text, validate=True) for text in data["proof"]]
    check_consistency(old.size, new.size, (old.root, new.root), path)
    return f"from {old.size} entries to {new.size}"


def check_certificate(data: dict[str, Any], keys: Sequence[Key], witnesses: Sequence[Key] = ()) -> list[str]:
    """A deletion certificate: its signature, every entry's proof, and that they say what the certificate
    says."""
    body = data["certificate"]
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    text, signed = open_note(data["signature"], keys)
    digest = hashlib.sha256(canonical).hexdigest()
    if not signed or body["format"] not in CERTIFICATES or text != f"{body['format']}\nsha256 {digest}\n":
        raise Broken("the certificate isn't signed by the log's key, or was changed")
    proven = [check_proof(one["leaf"], one["proof"], keys, witnesses) for one in body["entries"]]
    told = [(one["verb"], one["subject"]) for one in body["entries"]]
    if told != [(one["verb"], f"{one['subject_type']}:{one['subject_id']}") for one in proven]:
        raise Broken("an entry doesn't say what the certificate says of it")
    shredded = {one["subject_id"] for one in proven if one["verb"] == "picture.shredded"}
    if missing := set(body["files"]) - shredded:
        raise Broken(f"no proof that these were destroyed: {', '.join(sorted(missing))}")
    _check_counts(body, proven)
    lines = [f"{one['verb']} {one['subject_type']} {one['subject_id']}" for one in proven]
    return [*lines, *(_check_partner(one, keys, witnesses) for one in body.get("partners", []))]


def _check_counts(body: dict[str, Any], proven: Sequence[dict[str, Any]]) -> None:
    """How much was written: as the entry says that tells of the deletion."""
    counts = body.get("counts", {})
    if counts and counts["files"] != len(body["files"]):
        raise Broken("the certificate counts other files than it names")
    for name in {"locations", "messages"} & set(counts):
        said = [one["payload"].get(name) for one in proven if one["verb"] == "case.withdrawn"]
        if counts[name] not in said:
            raise Broken(f"no proof of the number of {name}")


def _check_partner(one: dict[str, Any], keys: Sequence[Key], witnesses: Sequence[Key]) -> str:
    """A partner's pull past the withdrawal, where the certificate says that there was one."""
    who = f"{one['partner']} ({one['wire']})"
    if not one["pull"]:
        if one["pulled_past_at"]:
            raise Broken(f"no proof that {who} has pulled past the withdrawal")
        return f"{who} has not pulled past the withdrawal of {one['entry']}"
    pull = check_proof(one["pull"]["leaf"], one["pull"]["proof"], keys, witnesses)
    at = datetime.fromtimestamp(0, tz=UTC) + timedelta(microseconds=pull["at"])
    said = (pull["verb"], pull["actor_id"], pull["payload"]["wire"], at)
    if said != ("list.pulled", one["partner_id"], one["wire"], datetime.fromisoformat(one["pulled_past_at"])):
        raise Broken(f"the pull of {who} is another one")
    return f"{who} pulled past the withdrawal of {one['entry']} at {one['pulled_past_at']}"


def read_certificate(raw: bytes) -> dict[str, Any]:
    """The certificate's JSON: the file itself, or what its PDF has inside."""
    text = raw.decode("utf-8", "replace")
    if raw.startswith(b"%PDF-"):
        start = text.find('{\n "certificate":')
        if start < 0:
            raise ValueError("there is no certificate in this PDF")
        text = text[start:]
    data: dict[str, Any] = json.JSONDecoder().raw_decode(text.lstrip())[0]
    return data


def check_export(read: Files, keys: Sequence[Key], witnesses: Sequence[Key], kept: Head | None) -> str:
    """A part of the log: its tree, every checkpoint, every entry; and that it goes on from `kept`."""
    head = checkpoint(read("checkpoint").decode(), keys, witnesses)
    heads = {head.size: head.root, **({kept.size: kept.root} if kept else {})}
    if kept and kept.origin != head.origin:
        raise Broken(f"the checkpoint kept earlier is of another log, {kept.origin}")
    for line in read.lines("checkpoints.jsonl"):
        row = json.loads(line)
        one = checkpoint(row["note"], keys)
        if one.origin != head.origin or heads.setdefault(one.size, one.root) != one.root:
            raise Broken(f"two checkpoints of {one.size} entries contradict each other: the log forked")
    if kept and kept.size > head.size:
        raise Broken(
            f"the checkpoint kept earlier has {kept.size} entries, this log {head.size}: rolled back"
        )
    first, entries = _leaves(read, head.size)
    tree = Tree(read, head.size, first)
    for size, root in sorted(heads.items()):
        if size and tree.can_reach(size) and tree.root(0, size) != root:
            raise Broken(f"the tree of {size} entries isn't the one that its checkpoint signed")
    if kept and not tree.can_reach(kept.size):
        raise Broken("this part starts after the checkpoint kept earlier: export from an earlier place")
    return f"{head.size} entries, of which {entries} from place {first * WIDTH} on; {len(heads)} checkpoints"


def _leaves(read: Files, size: int) -> tuple[int, int]:
    """Every bundle against its tile; the first tile there is, and how many entries."""
    first, count = None, 0
    for index, width in tiles_of(0, size):
        try:
            bundle = read(tile_path("entries", index, width))
        except (OSError, KeyError):
            if first is not None:
                raise Broken(f"entries from {index * WIDTH} on are missing") from None
            continue
        first = index if first is None else first
        hashes = [leaf_hash(leaf) for leaf in _entries(bundle)]
        tile = read(tile_path(0, index, width))
        stored = [tile[start : start + 32] for start in range(0, len(tile), 32)]
        for place, (one, other) in enumerate(zip(hashes, stored, strict=False)):
            if one != other:
                raise Broken(f"entry at {index * WIDTH + place}: it isn't the one that was sealed")
        if len(hashes) != width or len(stored) != width:
            raise Broken(
                f"entries or hashes are missing after {index * WIDTH + min(len(hashes), len(stored))}"
            )
        count += width
    if first is None:
        raise Broken("there are no entries")
    return first, count


def _entries(bundle: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(bundle):
        end = start + 2 + int.from_bytes(bundle[start : start + 2], "big")
        if end > len(bundle):
            raise Broken("a bundle of entries ends in the middle of one")
        yield bundle[start + 2 : end]
        start = end


def tile_path(level: int | str, index: int, width: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    place = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{place}" + ("" if width == WIDTH else f".p/{width}")


def tiles_of(level: int, size: int) -> Iterator[tuple[int, int]]:
    count = size >> (8 * level)
    for start in range(0, count, WIDTH):
        yield start // WIDTH, min(WIDTH, count - start)


class Tree:
    """The tree from its tiles; every full tile is checked against the hash that stands for it above."""

    def __init__(self, read: Files, size: int, first: int) -> None:
        self.first = first
        self.hashes: dict[int, list[bytes | None]] = {}
        level = 0
        while size >> (8 * level):
            self.hashes[level] = []
            for index, width in tiles_of(level, size):
                missing = not level and index < first
                tile = b"" if missing else read(tile_path(level, index, width))
                if not missing and len(tile) != 32 * width:
                    raise Broken(f"{tile_path(level, index, width)} has a wrong length")
                row = [tile[start : start + 32] for start in range(0, len(tile), 32)]
                self.hashes[level] += row or [None] * width
            level += 1
        self._check_levels()

    def _check_levels(self) -> None:
        for level in range(1, len(self.hashes)):
            below = self.hashes[level - 1]
            for index, known in enumerate(self.hashes[level]):
                group = below[index * WIDTH : (index + 1) * WIDTH]
                if None not in group and known != _complete([one for one in group if one]):
                    raise Broken(f"tile {index} of level {level - 1} isn't the one in the tree above it")

    def can_reach(self, size: int) -> bool:
        return size % WIDTH == 0 or size // WIDTH >= self.first

    def root(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0:
            level, rest = divmod(count.bit_length() - 1, 8)
            place = start >> (8 * level)
            return _complete([one for one in self.hashes[level][place : place + (1 << rest)] if one])
        middle = start + (1 << ((count - 1).bit_length() - 1))
        return node_hash(self.root(start, middle), self.root(middle, end))


def _complete(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


class Files:
    """An export's files, in a folder or an archive. Only names that this program makes up are ever opened,
    nothing is unpacked, and nothing is read that is longer than such a file can be."""

    def __init__(self, path: Path | IO[bytes]) -> None:
        folder = path if isinstance(path, Path) and path.is_dir() else None
        archive = None if folder else zipfile.ZipFile(path)
        self._open: Callable[[str], IO[bytes]] = (
            archive.open if archive else lambda name: (folder or Path()).joinpath(name).open("rb")
        )

    def __call__(self, name: str) -> bytes:
        with self._open(name) as file:
            return _bounded(file.read(LARGEST + 1), name)

    def lines(self, name: str) -> Iterator[bytes]:
        with self._open(name) as file:
            while line := file.readline(LARGEST + 1):
                yield _bounded(line, name)


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > LARGEST:
        raise ValueError(f"{name} is too long")
    return content


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file.read(LARGEST + 1), path.name)


def _run(options: argparse.Namespace) -> str:
    keys = [parse_key(text) for text in options.key]
    witnesses = [parse_key(text) for text in options.witness]
    if options.what == "export":
        kept = checkpoint(_read(options.against).decode(), keys) if options.against else None
        return check_export(Files(options.path), keys, witnesses, kept)
    if options.what == "certificate":
        return "\n".join(check_certificate(read_certificate(_read(options.path)), keys, witnesses))
    data = json.loads(_read(options.path).decode())
    if options.what == "growth":
        return check_growth(data, keys, witnesses)
    return json.dumps(check_proof(data["leaf"], data["proof"], keys, witnesses), indent=2)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["proof", "certificate", "growth", "export"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--key", action="append", required=True, help="the log's public key; may be repeated")
    parser.add_argument("--witness", action="append", default=[], help="a witness that must have co-signed")
    parser.add_argument("--against", type=Path, help="a checkpoint kept earlier (export)")
    try:
        said = _run(parser.parse_args(arguments))
    except Broken as error:
        print(f"broken: {error}")
        return 1
    except UNREADABLE as error:
        print(f"can't be read: {error!r}", file=sys.stderr)
        return 2
    print(f"holds\n{said}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
