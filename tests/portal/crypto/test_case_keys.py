"""A case's private key opens for the desk and for the code, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from argon2.low_level import Type, hash_secret_raw
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from portal.crypto import blind_index, case_keys, configured, passwords, sealing
from portal.crypto.errors import Unsealable

DESK = sealing.KeyPair.generate()
CODE = "ABCDEFGH01234567"
SALT = bytes(range(16))


@pytest.fixture(scope="module")
def keys() -> case_keys.CaseKeys:
    return case_keys.new_case_keys(DESK.public, CODE, SALT)


def test_the_desk_opens_a_case(keys: case_keys.CaseKeys) -> None:
    sealed = sealing.seal(keys.public, b"story", b"place")
    private = case_keys.open_with_desk(keys, DESK.private)
    assert sealing.open_sealed(private, sealed, b"place") == b"story"


@pytest.mark.parametrize("typed", [CODE, "abcd-efgh-0123-4567", " abcd efgh o i23 4567 "])
def test_the_code_opens_a_case_however_it_is_typed(keys: case_keys.CaseKeys, typed: str) -> None:
    assert case_keys.open_with_code(keys, typed) == case_keys.open_with_desk(keys, DESK.private)


def test_another_code_desk_or_salt_does_not(keys: case_keys.CaseKeys) -> None:
    with pytest.raises(Unsealable):
        case_keys.open_with_code(keys, "ABCDEFGH01234568")
    with pytest.raises(Unsealable):
        case_keys.open_with_code(replace(keys, salt=bytes(16)), CODE)
    with pytest.raises(Unsealable):
        case_keys.open_with_desk(keys, sealing.KeyPair.generate().private)


def test_a_pepper_that_changed_opens_nothing(keys: case_keys.CaseKeys, settings: Settings) -> None:
    settings.CODE_PEPPER = settings.BLIND_INDEX_KEY
    with pytest.raises(Unsealable):
        case_keys.open_with_code(keys, CODE)


def test_a_wrapped_key_moved_to_another_case_does_not_open(keys: case_keys.CaseKeys) -> None:
    other = case_keys.new_case_keys(DESK.public, CODE, SALT)
    with pytest.raises(Unsealable):
        case_keys.open_with_desk(replace(other, private_for_desk=keys.private_for_desk), DESK.private)
    with pytest.raises(Unsealable):
        case_keys.open_with_code(replace(other, private_for_code=keys.private_for_code), CODE)


def test_unknown_parameters_or_nothing_at_all_are_refused(keys: case_keys.CaseKeys) -> None:
    for wrapped in (b"", b"\x00", b"\xff" + keys.private_for_code[1:]):
        with pytest.raises(Unsealable):
            case_keys.open_with_code(replace(keys, private_for_code=wrapped), CODE)


def test_the_cost_is_argon2id_with_64_mib(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def ask(*args: object) -> bytes:
        asked.append(args)
        return bytes(32)

    monkeypatch.setattr(passwords, "hash_secret_raw", ask)
    passwords.derive(CODE, SALT)
    assert asked[0][1:] == (SALT, 3, 64 * 1024, 1, 32, Type.ID)
    assert CODE.encode() not in repr(asked).encode()


def test_wrong_and_right_codes_cost_the_same(
    keys: case_keys.CaseKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []

    def counted(*args: Any) -> bytes:
        runs.append(1)
        return hash_secret_raw(*args)

    monkeypatch.setattr(passwords, "hash_secret_raw", counted)
    case_keys.open_with_code(keys, CODE)
    assert len(runs) == 1
    with pytest.raises(Unsealable):
        case_keys.open_with_code(keys, "wrong")
    assert len(runs) == 2


def test_salts_are_random() -> None:
    assert len(passwords.new_salt()) == 16
    assert passwords.new_salt() != passwords.new_salt()


def test_a_blind_index_is_short_keyed_and_per_purpose(settings: Settings) -> None:
    index = blind_index.index("contact", "someone@example.org")
    assert len(index) == 10
    assert index == blind_index.index("contact", "someone@example.org")
    assert index == blind_index.keyed("contact", "someone@example.org").hex()[:10]
    assert index != blind_index.index("code", "someone@example.org")
    assert blind_index.keyed("a", "bc") != blind_index.keyed("ab", "c")
    settings.BLIND_INDEX_KEY = settings.CODE_PEPPER
    assert index != blind_index.index("contact", "someone@example.org")


@pytest.mark.parametrize("value", ["", "c2hvcnQ=", "not base64", "é"])
def test_a_weak_key_in_the_settings_stops(settings: Settings, value: str) -> None:
    settings.CODE_PEPPER = value
    with pytest.raises(ImproperlyConfigured, match="CODE_PEPPER"):
        configured.key("CODE_PEPPER")
