"""What the C library keeps for threads."""

import ctypes
from contextlib import suppress

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's <malloc.h>."""


def share_one_arena() -> None:
    """Let all threads allocate from one heap: eight of their own keep some 8 MB that nobody needs again.

    They rarely wait for each other there, since Python lets one run at a time. Without glibc nothing changes.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
