"""The standalone verifier and the portal's own proofs on the transparency-dev project's published vectors."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import audit_verifier
import pytest
from audit_verifier import Broken

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "merkle.json").read_text())


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.parametrize("one", VECTORS["inclusion"], ids=lambda one: one["name"])
def test_inclusion(one: dict[str, Any]) -> None:
    path = [_bytes(text) for text in one["proof"] or []]
    try:
        root = audit_verifier.root_of_inclusion(
            one["leafIdx"], one["treeSize"], _bytes(one["leafHash"]), path
        )
        holds = root == _bytes(one["root"])
    except Broken:
        holds = False
    assert holds is not one["wantErr"]


@pytest.mark.parametrize("one", VECTORS["consistency"], ids=lambda one: one["name"])
def test_consistency(one: dict[str, Any]) -> None:
    path = [_bytes(text) for text in one["proof"] or []]
    roots = _bytes(one["root1"]), _bytes(one["root2"])
    try:
        audit_verifier.check_consistency(one["size1"], one["size2"], roots, path)
        holds = True
    except Broken:
        holds = False
    assert holds is not one["wantErr"]


def test_there_are_vectors_that_hold_and_vectors_that_do_not() -> None:
    for kind in ("inclusion", "consistency"):
        assert {one["wantErr"] for one in VECTORS[kind]} == {True, False}
        assert len(VECTORS[kind]) > 90
