"""Signed statements: checked here with nothing but the published key set."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pytest_django import Settings

from hashing.lists import signing


def unpad(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(
    statement: str, key_set: dict[str, list[dict[str, str]]]
) -> tuple[dict[str, str], dict[str, object]]:
    """Head and content of a statement whose signature holds. Raises InvalidSignature, StopIteration."""
    head, content, signature = statement.split(".")
    fields = json.loads(unpad(head))
    key = next(each for each in key_set["keys"] if each["kid"] == fields["kid"])
    public = Ed25519PublicKey.from_public_bytes(unpad(key["x"]))
    public.verify(unpad(signature), f"{head}.{content}".encode())
    return fields, json.loads(unpad(content))


def test_a_statement_is_checked_by_the_key_set() -> None:
    head, content = opened(signing.sign("list-test+jwt", {"b": 1, "a": "x"}), signing.key_set())
    assert (head["alg"], head["typ"]) == ("EdDSA", "list-test+jwt")
    assert content == {"a": "x", "b": 1}


def test_a_changed_statement_is_not() -> None:
    head, _content, signature = signing.sign("list-test+jwt", {"a": 1}).split(".")
    other = signing.unpadded(json.dumps({"a": 2}).encode())
    with pytest.raises(InvalidSignature):
        opened(f"{head}.{other}.{signature}", signing.key_set())


def test_keys_that_overlap_are_all_named_todays_first(settings: Settings) -> None:
    first = signing.sign("list-test+jwt", {"a": 1})
    old = signing.unpadded(signing.public())
    settings.LIST_SIGNING_KEY = base64.b64encode(b"n" * 32).decode()
    with pytest.raises(StopIteration):
        opened(first, signing.key_set())
    settings.LIST_SIGNING_OTHER_KEYS = [old, old]
    keys = signing.key_set()
    assert [key["x"] for key in keys["keys"]] == [signing.unpadded(signing.public()), old]
    assert opened(first, keys)[1] == {"a": 1}
    assert opened(signing.sign("list-test+jwt", {"a": 2}), keys)[1] == {"a": 2}


def test_a_keys_name_is_its_thumbprint() -> None:
    """The example of RFC 8037, appendix A.3."""
    assert signing.key_id(unpad("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")) == (
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )
