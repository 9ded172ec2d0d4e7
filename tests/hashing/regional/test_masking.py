"""Codes on their way to a partner and back."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from hashing.fingerprints.regional import codes, masking, masks, serial
from hashing.fingerprints.regional.arrays import Bytes
from hashing.fingerprints.regional.masks import Mask

# What the secret 00 01 … 1f gives: a partner's own software can be checked with it.
ORDER = [96, 127, 122, 153, 193, 201, 209, 9]
FLIPS = "80c4b62aebb8888e1a719027c9106fc627253d4737c2f6f0a595e853bf53463d"
ANNE, BERT = UUID(int=1), UUID(int=2)
REVIEWED, OTHER = UUID(int=11), UUID(int=12)

secrets = st.binary(min_size=32, max_size=32)
several = st.integers(0, 70).flatmap(lambda n: st.binary(min_size=32 * n, max_size=32 * n))


def rows(data: bytes) -> Bytes:
    return np.frombuffer(data, dtype=np.uint8).reshape(-1, 32)


def some(count: int = 64, seed: int = 5) -> bytes:
    return np.random.default_rng(seed).bytes(32 * count)


@given(several, secrets)
def test_what_went_out_comes_back_the_same(data: bytes, secret: bytes) -> None:
    mask = Mask.of(secret)
    assert mask.incoming(mask.outgoing(rows(data))).tobytes() == data
    assert mask.outgoing(mask.incoming(rows(data))).tobytes() == data


@given(several, several, secrets)
def test_distances_stay(some_codes: bytes, others: bytes, secret: bytes) -> None:
    mask = Mask.of(secret)
    plain = codes.distances(rows(some_codes), rows(others))
    masked = codes.distances(mask.outgoing(rows(some_codes)), mask.outgoing(rows(others)))
    assert (plain == masked).all()


@given(secrets)
def test_a_mask_is_a_permutation_and_flips(secret: bytes) -> None:
    mask = Mask.of(secret)
    assert sorted(mask.order.tolist()) == list(range(256))
    assert set(mask.flips.tolist()) <= {0, 1}


def test_one_secret_gives_one_mask_on_every_machine() -> None:
    mask = Mask.of(bytes(range(32)))
    assert mask.order[:8].tolist() == ORDER
    assert mask.outgoing(rows(bytes(32))).tobytes().hex() == FLIPS


def test_masks_differ_by_partner_and_by_list() -> None:
    plain = some()
    seen = {
        masking.outgoing(plain, partner_id=partner, list_id=hash_list)
        for partner in (ANNE, BERT)
        for hash_list in (REVIEWED, OTHER)
    }
    assert len(seen | {plain}) == 5


def test_codes_of_two_partners_are_as_far_apart_as_chance() -> None:
    plain = some(400)
    ours = rows(masking.outgoing(plain, partner_id=ANNE, list_id=REVIEWED))
    theirs = rows(masking.outgoing(plain, partner_id=BERT, list_id=REVIEWED))
    far = np.bitwise_count(ours ^ theirs).sum(axis=1)
    assert 122 < far.mean() < 134
    assert far.min() > 80


def test_a_partners_query_is_read_with_its_own_mask_only() -> None:
    plain = some(3)
    sent = masking.outgoing(plain, partner_id=ANNE, list_id=REVIEWED)
    assert masking.incoming(sent, partner_id=ANNE, list_id=REVIEWED) == plain
    assert masking.incoming(sent, partner_id=BERT, list_id=REVIEWED) != plain
    assert masking.incoming(sent, partner_id=ANNE, list_id=OTHER) != plain


def test_another_key_of_the_agency_gives_other_masks(settings: Settings) -> None:
    before = masking.secret(partner_id=ANNE, list_id=REVIEWED)
    settings.BLIND_INDEX_KEY = "QUFB" * 11
    assert masking.secret(partner_id=ANNE, list_id=REVIEWED) != before
    assert len(before) == masks.SECRET_BYTES


def test_a_whole_fingerprint_keeps_its_places_but_not_the_agencys_order() -> None:
    plain, count = some(40), 40
    places = np.arange(count, dtype=np.uint32) * 7919
    stored = serial.dump(serial.Enrolled(1, 512, 384, rows(plain), places))
    sent = serial.parse(masking.outgoing_fingerprint(stored, partner_id=ANNE, list_id=REVIEWED))
    assert (sent.version, sent.width, sent.height, len(sent)) == (1, 512, 384, count)
    listed = [code.tobytes() for code in sent.codes]
    assert listed == sorted(listed)
    back = masking.incoming(sent.codes.tobytes(), partner_id=ANNE, list_id=REVIEWED)
    pairs = {(code.tobytes(), int(place)) for code, place in zip(rows(back), sent.places, strict=True)}
    assert pairs == {(code.tobytes(), int(place)) for code, place in zip(rows(plain), places, strict=True)}
    assert sent.places.tolist() != places.tolist()


def test_an_empty_fingerprint_stays_empty() -> None:
    stored = serial.dump(serial.Enrolled(1, 512, 512, rows(b""), np.zeros(0, dtype=np.uint32)))
    assert masking.outgoing_fingerprint(stored, partner_id=ANNE, list_id=REVIEWED) == stored


@pytest.mark.parametrize("broken", [b"x", some(1)[:-1], some(2) + b"x"])
def test_half_a_code_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes each"):
        masking.outgoing(broken, partner_id=ANNE, list_id=REVIEWED)
    with pytest.raises(ValueError, match="32 bytes each"):
        masking.incoming(broken, partner_id=ANNE, list_id=REVIEWED)
