"""Signed notes (https://c2sp.org/signed-note) with the time they were signed (https://c2sp.org/tlog-cosignature).

<text, which ends in a newline>

— <key name> <base64 of key id and Ed25519 signature of the text>
— <key name> <base64 of key id, time and Ed25519 signature of the text and that time>
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

# Signature types: they go into the key id, so one key may sign in both ways.
PLAIN = b"\x01"
TIMED = b"\x04"
_KEY_ID_LENGTH = 4
_TIME_LENGTH = 8
_LINE = re.compile(r"— (\S+) (\S+)")
_NAME = re.compile(r"[^\s+]{1,64}")
_PUBLIC_LENGTH = 32
# The specification asks verifiers to take at least 16 signatures, and to have a limit.
_MOST_SIGNATURES = 64


class BadNote(ValueError):
    """Not a note, or not signed by a key that is trusted here."""


@dataclass(frozen=True)
class Opened:
    """A verified note: its text, and the second (UTC) that a trusted key says it signed it, if one does."""

    text: str
    at: datetime | None


@dataclass(frozen=True)
class Verifier:
    """A public key under its name; `text` is the form that other tools take: name+id+base64."""

    name: str
    public: bytes

    def key_id(self, kind: bytes) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + kind + self.public).digest()[:_KEY_ID_LENGTH]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.key_id(PLAIN).hex()}+{base64.b64encode(PLAIN + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises BadNote for anything but an Ed25519 verifier key whose id fits."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        key = from_base64(encoded)
        kind, verifier = key[:1], cls(name, key[1:])
        # A witness may write its key with the type of its signatures.
        if len(verifier.public) != _PUBLIC_LENGTH or not _NAME.fullmatch(name):
            raise BadNote("not an Ed25519 verifier key")
        if kind not in {PLAIN, TIMED} or verifier.key_id(kind).hex() != key_id:
            raise BadNote("not an Ed25519 verifier key")
        return verifier

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raises BadNote."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise BadNote("the signature is wrong") from error


@dataclass(frozen=True, repr=False)
class Signer:
    """A private key (32-byte seed) under its name, which has no space and no plus sign."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, key.public_key().public_bytes_raw())

    def sign(self, text: str, at: datetime) -> str:
        """The note, signed in both ways. Fractions of a second of `at` are dropped."""
        return sign(text, [self], at)

    def lines(self, text: str, at: datetime) -> str:
        """The lines of both signatures."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return self._line(PLAIN, key.sign(text.encode())) + self.cosign(text, at)

    def cosign(self, text: str, at: datetime) -> str:
        """The line of the signature with the time alone: what a witness adds."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        time = int(at.timestamp())
        return self._line(TIMED, time.to_bytes(_TIME_LENGTH, "big") + key.sign(_timed(text, time)))

    def _line(self, kind: bytes, signature: bytes) -> str:
        return f"— {self.name} {base64.b64encode(self.verifier.key_id(kind) + signature).decode()}\n"


def sign(text: str, signers: Sequence[Signer], at: datetime) -> str:
    """The note with the signatures of all `signers`: of two while one key replaces another."""
    return f"{text}\n" + "".join(signer.lines(text, at) for signer in signers)


def open_note(note: str, trusted: Sequence[Verifier]) -> Opened:
    """The note's text and time, if a trusted key signed the text and none of its signatures is wrong.

    Raises BadNote.
    """
    text, lines = _split(note)
    plain, at = False, None
    for name, signature in map(_parts, lines):
        for verifier in trusted:
            key_id, rest = signature[:_KEY_ID_LENGTH], signature[_KEY_ID_LENGTH:]
            if (verifier.name, verifier.key_id(PLAIN)) == (name, key_id):
                verifier.verify(rest, text.encode())
                plain = True
            elif (verifier.name, verifier.key_id(TIMED)) == (name, key_id):
                at = _verify_timed(verifier, rest, text)
    if not plain:
        raise BadNote("not signed by a key that is trusted here")
    return Opened(text, at)


@dataclass(frozen=True)
class Cosigned:
    """One witness's line under a note, verified, and the second (UTC) that it says it signed."""

    name: str
    line: str
    at: datetime


def cosignatures(note: str, witnesses: Sequence[Verifier]) -> tuple[str, list[Cosigned]]:
    """The note's text and the timed signatures of `witnesses`. Raises BadNote for a false one, or for
    none."""
    text, lines = _split(note)
    found = []
    for line in lines:
        name, signature = _parts(line)
        for witness in witnesses:
            key_id, rest = signature[:_KEY_ID_LENGTH], signature[_KEY_ID_LENGTH:]
            if (witness.name, witness.key_id(TIMED)) == (name, key_id):
                found.append(Cosigned(name, f"{line}\n", _verify_timed(witness, rest, text)))
    if not found:
        raise BadNote("no known witness has signed it")
    return text, found


def _split(note: str) -> tuple[str, list[str]]:
    """The text with its newline, and the signature lines."""
    text, separator, signatures = note.rpartition("\n\n")
    lines = signatures.removesuffix("\n").split("\n")
    if not separator or not signatures.endswith("\n") or len(lines) > _MOST_SIGNATURES:
        raise BadNote("not a signed note")
    return f"{text}\n", lines


def from_base64(text: str) -> bytes:
    """Raises BadNote."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error


def _parts(line: str) -> tuple[str, bytes]:
    match = _LINE.fullmatch(line)
    if not match:
        raise BadNote("not a signature line")
    return match[1], from_base64(match[2])


def _verify_timed(verifier: Verifier, signature: bytes, text: str) -> datetime:
    time = int.from_bytes(signature[:_TIME_LENGTH], "big")
    verifier.verify(signature[_TIME_LENGTH:], _timed(text, time))
    try:
        return datetime.fromtimestamp(time, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadNote("its time is out of range") from error


def _timed(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
