"""How large a picture says it is: read from its header, before anything unpacks it."""

import struct
from typing import IO

from app.errors import N_, Invalid

MOST = 40_000_000
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a JPEG that tell its size."""
_SEGMENTS = 2000


def refuse_too_many_pixels(source: IO[bytes], head: bytes, kind: str) -> None:
    """Invalid for a picture that would unpack to far more than a page can show."""
    width, height = _size(source, head, kind)
    if width * height > MOST:
        message = N_(
            "The picture has %(width)s × %(height)s pixels. At most %(most)s million are taken: make it smaller."
        )
        raise Invalid(message, width=width, height=height, most=MOST // 1_000_000)


def _size(source: IO[bytes], head: bytes, kind: str) -> tuple[int, int]:
    try:
        if kind == "png":
            width, height = struct.unpack(">II", head[16:24])
        elif kind == "gif":
            width, height = struct.unpack("<HH", head[6:10])
        else:
            width, height = _jpeg(source)
    except struct.error:
        return 0, 0
    return int(width), int(height)


def _jpeg(source: IO[bytes]) -> tuple[int, int]:
    """From segment to segment up to the frame; (0, 0) where there is none, which the later look reports."""
    source.seek(2)
    for _ in range(_SEGMENTS):
        mark = source.read(4)
        if len(mark) < 4 or mark[0] != 0xFF:
            return 0, 0
        if mark[1] in _FRAMES:
            _, height, width = struct.unpack(">BHH", source.read(5))
            return int(width), int(height)
        source.seek(struct.unpack(">H", mark[2:4])[0] - 2, 1)
    return 0, 0
