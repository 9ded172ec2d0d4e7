"""The tree is RFC 6962's: the Certificate Transparency project's published leaves and roots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audit.merkle import Frontier, leaf_hash, node_hash

LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_published_roots() -> None:
    tree = Frontier()
    assert tree.root().hex() == ROOTS[0]
    for size, leaf in enumerate(LEAVES, start=1):
        tree.append(leaf_hash(leaf))
        assert (tree.size, tree.root().hex()) == (size, ROOTS[size])


def _by_definition(hashes: list[bytes]) -> bytes:
    """Section 2.1, word for word: split at the largest power of two below n."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(_by_definition(hashes[:split]), _by_definition(hashes[split:]))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_growing_gives_the_root_of_the_definition(hashes: list[bytes]) -> None:
    tree = Frontier()
    for leaf in hashes:
        tree.append(leaf)
    assert tree.root() == _by_definition(hashes)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=8, max_size=40))
def test_a_complete_subtree_stands_for_its_leaves(hashes: list[bytes]) -> None:
    one, other = Frontier(), Frontier()
    other.extend(3, _by_definition(hashes[:8]))
    for leaf in hashes:
        one.append(leaf)
    for leaf in hashes[8:]:
        other.append(leaf)
    assert one.root() == other.root()


def test_appending_tells_which_subtrees_it_completed() -> None:
    tree = Frontier()
    hashes = [bytes([number]) * 32 for number in range(4)]
    heights = [len(tree.append(leaf)) for leaf in hashes]
    assert heights == [1, 2, 1, 3]


def test_peaks_and_subtrees_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, [bytes(32)])
    tree = Frontier(1, [bytes(32)])
    with pytest.raises(ValueError, match="doesn't fit"):
        tree.extend(1, bytes(32))
