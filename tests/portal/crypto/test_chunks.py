"""A stream of chunks opens whole and in order, or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.crypto.chunks import CHUNK, TAG, ChunkEncryptor, decrypt_chunks
from portal.crypto.errors import Unsealable

KEY = bytes(range(32))
AAD = b"picture 1"
HEADER, BLOCK = 17, CHUNK + TAG
BYTES = os.urandom(3 * CHUNK + 1000)


def encrypt(pieces: Iterable[bytes], key: bytes = KEY, aad: bytes = AAD) -> bytes:
    stream = ChunkEncryptor(key, aad)
    return b"".join([*(stream.update(piece) for piece in pieces), stream.finish()])


def decrypt(sealed: bytes, key: bytes = KEY, aad: bytes = AAD) -> bytes:
    return b"".join(decrypt_chunks(key, aad, io.BytesIO(sealed)))


def chunks_of(sealed: bytes) -> list[bytes]:
    return [sealed[start : start + BLOCK] for start in range(HEADER, len(sealed), BLOCK)]


@pytest.mark.parametrize(
    ("size", "chunks"), [(0, 1), (1, 1), (CHUNK - 1, 1), (CHUNK, 1), (CHUNK + 1, 2), (3 * CHUNK, 3)]
)
def test_sizes_around_a_chunk(size: int, chunks: int) -> None:
    sealed = encrypt([BYTES[:size]])
    assert len(sealed) == HEADER + size + chunks * TAG
    assert decrypt(sealed) == BYTES[:size]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(BYTES)), max_size=6))
def test_any_split_of_the_input_gives_the_same_plaintext(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(BYTES)]
    pieces = [BYTES[start:end] for start, end in pairwise(places)]
    assert decrypt(encrypt(pieces)) == BYTES


class Drip(io.BytesIO):
    """A source that gives less than it is asked for, as pipes and object stores do."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 1000))


def test_a_source_that_drips_is_read_whole() -> None:
    assert b"".join(decrypt_chunks(KEY, AAD, Drip(encrypt([BYTES])))) == BYTES


def test_ciphertext_comes_as_soon_as_a_chunk_is_full() -> None:
    stream = ChunkEncryptor(KEY, AAD)
    assert len(stream.update(BYTES[:CHUNK])) == HEADER
    assert len(stream.update(b"x")) == BLOCK


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    sealed = bytearray(encrypt([BYTES]))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8
    with pytest.raises(Unsealable):
        decrypt(bytes(sealed))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_cut_is_refused(data: st.DataObject) -> None:
    sealed = encrypt([BYTES])
    with pytest.raises(Unsealable):
        decrypt(sealed[: data.draw(st.integers(0, len(sealed) - 1))])


@pytest.mark.parametrize("kept", [0, 1, 2, 3])
def test_a_cut_between_chunks_is_refused(kept: int) -> None:
    with pytest.raises(Unsealable):
        decrypt(encrypt([BYTES])[: HEADER + kept * BLOCK])


@given(st.permutations(range(4)))
@settings(max_examples=24, deadline=None)
def test_any_other_order_is_refused(order: list[int]) -> None:
    sealed = encrypt([BYTES])
    parts = chunks_of(sealed)
    moved = sealed[:HEADER] + b"".join(parts[place] for place in order)
    if order == [0, 1, 2, 3]:
        assert decrypt(moved) == BYTES
        return
    with pytest.raises(Unsealable):
        decrypt(moved)


def test_a_repeated_missing_or_added_chunk_is_refused() -> None:
    sealed = encrypt([BYTES])
    header, (first, second, third, last) = sealed[:HEADER], chunks_of(sealed)
    for parts in (
        [first, first, second, third, last],
        [first, third, last],
        [first, second, third, last, last],
        [first, second, third, last, b"more"],
        [last],
        [],
    ):
        with pytest.raises(Unsealable):
            decrypt(header + b"".join(parts))


def test_a_chunk_of_another_stream_is_refused() -> None:
    one, other = encrypt([BYTES]), encrypt([BYTES])
    mixed = one[:HEADER] + chunks_of(other)[0] + b"".join(chunks_of(one)[1:])
    with pytest.raises(Unsealable):
        decrypt(mixed)


def test_another_key_or_picture_is_refused() -> None:
    sealed = encrypt([BYTES[:100]])
    with pytest.raises(Unsealable):
        decrypt(sealed, key=bytes(32))
    with pytest.raises(Unsealable):
        decrypt(sealed, aad=b"picture 2")


def test_the_same_key_twice_repeats_no_ciphertext() -> None:
    """Streams have a salt, so a nonce never meets the same key twice."""
    assert encrypt([BYTES[:100]])[HEADER:] != encrypt([BYTES[:100]])[HEADER:]


def test_a_finished_stream_takes_no_more() -> None:
    stream = ChunkEncryptor(KEY, AAD)
    stream.finish()
    with pytest.raises(ValueError, match="finished"):
        stream.update(b"more")
    with pytest.raises(ValueError, match="finished"):
        stream.finish()
