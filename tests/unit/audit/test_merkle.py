"""The tree against the definition of RFC 6962, written down here once more word for word."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.audit import merkle

# Reference values of RFC 6962 as used by Certificate Transparency's own tests: eight inputs and their roots.
INPUTS = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "60" * 0)]
INPUTS[7] = bytes.fromhex("606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def mth(data: list[bytes]) -> bytes:
    """RFC 6962, 2.1."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


def leaves(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


def test_roots_are_those_published_for_certificate_transparency() -> None:
    tree = merkle.Frontier()
    assert tree.root == mth([])
    for data, root in zip(INPUTS, ROOTS, strict=True):
        tree.append(merkle.leaf(data))
        assert tree.root.hex() == root


@given(st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_a_tree_that_was_put_away_goes_on_growing(first: int, more: int) -> None:
    data = leaves(first + more)
    tree = merkle.Frontier()
    for one in data[:first]:
        tree.append(merkle.leaf(one))
    again = merkle.Frontier(tree.size, tree.hashes)
    for one in data[first:]:
        again.append(merkle.leaf(one))
    assert again.root == mth(data)


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError):
        merkle.Frontier(3, bytes(32))


def test_every_leaf_up_to_forty_is_proven_and_no_other_is() -> None:
    for size in range(1, 41):
        data = leaves(size)
        root = mth(data)
        for position in range(size):
            path = merkle.inclusion(position, size, lambda lo, hi: mth(data[lo:hi]))  # noqa: B023 - called at once
            leaf = merkle.leaf(data[position])
            assert merkle.included(leaf, position, size, path, root)
            assert not merkle.included(merkle.leaf(b"another"), position, size, path, root)
            assert not merkle.included(leaf, (position + 1) % size, size, path, root) or size == 1
            assert not merkle.included(leaf, position, size, [*path, root], root)
            if path:
                assert not merkle.included(leaf, position, size, path[:-1], root)
                assert not merkle.included(leaf, position, size, [bytes(32), *path[1:]], root)


def test_every_two_trees_up_to_forty_are_consistent_and_a_changed_one_is_not() -> None:
    for size in range(1, 41):
        data = leaves(size)
        root = mth(data)
        for old in range(1, size + 1):
            path = merkle.consistency(old, size, lambda lo, hi: mth(data[lo:hi]))  # noqa: B023 - called at once
            before = mth(data[:old])
            assert merkle.consistent(old, size, path, before, root)
            assert not merkle.consistent(old, size, path, mth([*data[: old - 1], b"forged"]), root)
            assert not merkle.consistent(old, size, path, before, mth([*data, b"more"]))
            assert not merkle.consistent(old, size, [*path, bytes(32)], before, root)
            if path:
                assert not merkle.consistent(old, size, path[:-1], before, root)


def test_proofs_are_not_made_for_what_is_not_in_the_tree() -> None:
    for position in (-1, 5):
        with pytest.raises(ValueError):
            merkle.inclusion(position, 5, lambda lo, hi: b"")
    for old in (0, 6):
        with pytest.raises(ValueError):
            merkle.consistency(old, 5, lambda lo, hi: b"")
    assert not merkle.included(b"", 0, 0, [], merkle.EMPTY)
