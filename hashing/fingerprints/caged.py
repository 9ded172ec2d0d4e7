"""The caged child's module that checks a picture: fingerprints and preview in one go. No Django here."""

from __future__ import annotations

from dataclasses import asdict

from hashing.fingerprints import answers, compute
from portal.vault import decode, encodings


def prepare() -> None:
    compute.prepare()


def answer(data: bytes, args: list[str]) -> bytes:
    """`args` is ["preview"] or empty. See hashing.fingerprints.answers for the form."""
    try:
        decoded = decode.decode(data)
    except decode.Refused as refused:
        return answers.pack({"refusal": refused.code})
    found = compute.fingerprint_decoded(data, decoded)
    shown = encodings.preview(decoded.image) if "preview" in args else b""
    return answers.pack(asdict(found), shown)
