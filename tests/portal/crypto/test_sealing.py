"""Sealing to a public key, and the symmetric form: only the right key, at the right place, unaltered."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from portal.crypto import sealing, symmetric
from portal.crypto.aad import bind, join
from portal.crypto.errors import Unsealable

PAIR, OTHER = sealing.KeyPair.generate(), sealing.KeyPair.generate()
KEY, OTHER_KEY = symmetric.new_key(), symmetric.new_key()
AAD = bind("cases_case", "1", "story")


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_sealed_opens(plaintext: bytes, aad: bytes) -> None:
    assert sealing.open_sealed(PAIR.private, sealing.seal(PAIR.public, plaintext, aad), aad) == plaintext
    assert symmetric.decrypt(KEY, symmetric.encrypt(KEY, plaintext, aad), aad) == plaintext


@given(st.binary(max_size=64), st.data())
def test_any_flipped_bit_is_refused(plaintext: bytes, data: st.DataObject) -> None:
    sealed = sealing.seal(PAIR.public, plaintext, AAD)
    with pytest.raises(Unsealable):
        sealing.open_sealed(PAIR.private, _flip(sealed, data), AAD)
    encrypted = symmetric.encrypt(KEY, plaintext, AAD)
    with pytest.raises(Unsealable):
        symmetric.decrypt(KEY, _flip(encrypted, data), AAD)


@given(st.binary(max_size=64), st.data())
def test_anything_cut_off_or_added_is_refused(plaintext: bytes, data: st.DataObject) -> None:
    sealed = sealing.seal(PAIR.public, plaintext, AAD)
    encrypted = symmetric.encrypt(KEY, plaintext, AAD)
    length = data.draw(st.integers(0, min(len(sealed), len(encrypted)) - 1))
    for wrong in (sealed[:length], sealed + b"\x00"):
        with pytest.raises(Unsealable):
            sealing.open_sealed(PAIR.private, wrong, AAD)
    for wrong in (encrypted[:length], encrypted + b"\x00"):
        with pytest.raises(Unsealable):
            symmetric.decrypt(KEY, wrong, AAD)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_another_place_is_refused(aad: bytes, other: bytes) -> None:
    if aad == other:
        return
    with pytest.raises(Unsealable):
        sealing.open_sealed(PAIR.private, sealing.seal(PAIR.public, b"story", aad), other)
    with pytest.raises(Unsealable):
        symmetric.decrypt(KEY, symmetric.encrypt(KEY, b"story", aad), other)


def test_another_key_is_refused() -> None:
    with pytest.raises(Unsealable, match="another key"):
        sealing.open_sealed(OTHER.private, sealing.seal(PAIR.public, b"story", AAD), AAD)
    with pytest.raises(Unsealable, match="another key"):
        symmetric.decrypt(OTHER_KEY, symmetric.encrypt(KEY, b"story", AAD), AAD)


def test_another_key_with_a_forged_id_is_refused() -> None:
    sealed = sealing.seal(PAIR.public, b"story", AAD)
    forged = sealed[:1] + sealing.key_id(OTHER.public) + sealed[9:]
    with pytest.raises(Unsealable):
        sealing.open_sealed(OTHER.private, forged, AAD)
    encrypted = symmetric.encrypt(KEY, b"story", AAD)
    with pytest.raises(Unsealable):
        symmetric.decrypt(OTHER_KEY, encrypted[:1] + symmetric.key_id(OTHER_KEY) + encrypted[9:], AAD)


def test_the_stored_forms_are_as_documented() -> None:
    sealed = sealing.seal(PAIR.public, b"story", AAD)
    assert sealed[:9] == b"\x01" + sealing.key_id(PAIR.public)
    assert len(sealed) == 9 + 32 + len(b"story") + 16
    encrypted = symmetric.encrypt(KEY, b"story", AAD)
    header, nonce, rest = encrypted[:9], encrypted[9:21], encrypted[21:]
    assert header == b"\x01" + symmetric.key_id(KEY)
    assert AESGCM(KEY).decrypt(nonce, rest, header + AAD) == b"story"


def test_two_sealings_of_the_same_differ() -> None:
    assert sealing.seal(PAIR.public, b"story", AAD) != sealing.seal(PAIR.public, b"story", AAD)
    assert symmetric.encrypt(KEY, b"story", AAD) != symmetric.encrypt(KEY, b"story", AAD)


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_joined_parts_never_run_together(parts: list[bytes], others: list[bytes]) -> None:
    assert (join(*parts) == join(*others)) == (parts == others)


def test_a_private_key_stays_out_of_reprs() -> None:
    assert repr(PAIR.private) not in repr(PAIR)
    assert PAIR.private.hex() not in repr(PAIR)


def _flip(value: bytes, data: st.DataObject) -> bytes:
    place = data.draw(st.integers(0, len(value) * 8 - 1))
    flipped = bytearray(value)
    flipped[place // 8] ^= 1 << place % 8
    return bytes(flipped)
