"""The Merkle tree of RFC 6962 (section 2.1): roots that grow leaf by leaf, and proofs that need few hashes.

Pure: where the hashes of a tree come from is the caller's. Leaves here are the hashes of events.
"""

import hashlib
from collections.abc import Callable, Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of no leaves."""

Subtree = Callable[[int, int], bytes]
"""Hash over the leaves lo … hi - 1, which form a subtree of the tree that is asked about."""


def leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The full subtrees of a tree, the largest first: all that a growing tree has to remember."""

    def __init__(self, size: int = 0, hashes: bytes = b"") -> None:
        if len(hashes) != 32 * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} full subtrees")
        self.size = size
        self._hashes = [hashes[start : start + 32] for start in range(0, len(hashes), 32)]

    def append(self, leaf_hash: bytes) -> list[bytes]:
        """Add a leaf; returns the hashes of the full subtrees that it completes: of 1 leaf, of 2, of 4 …"""
        completed, size = [leaf_hash], self.size
        while size & 1:
            completed.append(node(self._hashes.pop(), completed[-1]))
            size >>= 1
        self._hashes.append(completed[-1])
        self.size += 1
        return completed

    @property
    def hashes(self) -> bytes:
        return b"".join(self._hashes)

    @property
    def root(self) -> bytes:
        if not self._hashes:
            return EMPTY
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node(left, root)
        return root


def split(size: int) -> int:
    """How many leaves the left subtree has: the largest power of two smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def subtree(leaves: Sequence[bytes]) -> bytes:
    """Hash over those leaf hashes."""
    growing = Frontier()
    for one in leaves:
        growing.append(one)
    return growing.root


def inclusion(position: int, size: int, hash_of: Subtree) -> list[bytes]:
    """Proof that the leaf at `position` is in the tree of `size` leaves."""
    if not 0 <= position < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {position}")
    lo, hi, path = 0, size, []
    while hi - lo > 1:
        middle = lo + split(hi - lo)
        if position < middle:
            path.append(hash_of(middle, hi))
            hi = middle
        else:
            path.append(hash_of(lo, middle))
            lo = middle
    return path[::-1]


def consistency(old: int, size: int, hash_of: Subtree) -> list[bytes]:
    """Proof that the tree of `size` leaves begins with the tree of `old` leaves."""
    if not 0 < old <= size:
        raise ValueError(f"a tree of {size} leaves does not begin with {old}")
    lo, hi, path, whole = 0, size, [], True
    while old != hi:
        middle = lo + split(hi - lo)
        if old <= middle:
            path.append(hash_of(middle, hi))
            hi = middle
        else:
            path.append(hash_of(lo, middle))
            lo, whole = middle, False
    if not whole:
        path.append(hash_of(lo, hi))
    return path[::-1]


def included(leaf_hash: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof holds (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size:
        return False
    place, last, found = position, size - 1, leaf_hash
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the proof holds (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not path and old_root == root
    if not 0 < old < size or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for one in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node(one, before), node(one, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root
