"""Reading OLE compound files (MS-CFB), as far as telling a presentation from everything else needs it."""

import struct
from collections.abc import Iterator
from typing import IO

from app.errors import Invalid
from app.files.archives import DAMAGED

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks, such as the end of a chain."""
_MOST_SECTORS = 1 << 19


class Compound:
    """The streams of a compound file. Invalid wherever its tables lead nowhere or in a circle."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source, self._size = source, size
        header = self._read(0, 512)
        if len(header) < 512 or header[:8] != MAGIC:
            raise Invalid(DAMAGED)
        shift, directory = struct.unpack_from("<H", header, 30)[0], struct.unpack_from("<L", header, 48)[0]
        if shift not in (9, 12):
            raise Invalid(DAMAGED)
        self._sector = 1 << shift
        self._table = self._read_table(header)
        self.streams = dict(self._entries(directory))

    def _read(self, offset: int, length: int) -> bytes:
        self._source.seek(offset)
        return self._source.read(length)

    def _sector_at(self, number: int) -> bytes:
        return self._read((number + 1) * self._sector, self._sector)

    def _read_table(self, header: bytes) -> list[int]:
        """The sector allocation table: which sector follows which."""
        count = int(struct.unpack_from("<L", header, 44)[0])
        parts = list(struct.unpack_from("<109L", header, 76))
        (following,) = struct.unpack_from("<L", header, 68)
        width = self._sector // 4
        if count > self._size // self._sector + 1 or count > _MOST_SECTORS // width:
            raise Invalid(DAMAGED)
        while following < _LAST and len(parts) < count:
            numbers = self._numbers(following)
            parts += numbers[:-1]
            following = numbers[-1]
        table: list[int] = []
        for number in parts[:count]:
            table += self._numbers(number)
        return table

    def _numbers(self, sector: int) -> tuple[int, ...]:
        raw = self._sector_at(sector)
        if len(raw) < self._sector:
            raise Invalid(DAMAGED)
        return struct.unpack(f"<{self._sector // 4}L", raw)

    def _chain(self, first: int) -> Iterator[bytes]:
        seen, number = 0, first
        while number < _LAST:
            if number >= len(self._table) or seen > len(self._table):
                raise Invalid(DAMAGED)
            yield self._sector_at(number)
            seen, number = seen + 1, self._table[number]

    def _entries(self, directory: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Name → first sector and size of each stream; storages and empty slots are passed over."""
        for sector in self._chain(directory):
            for at in range(0, len(sector) - 127, 128):
                length, kind = struct.unpack_from("<HB", sector, at + 64)
                if kind == 2 and 2 <= length <= 64:
                    name = sector[at : at + length - 2].decode("utf-16-le", "replace")
                    first, low = struct.unpack_from("<2L", sector, at + 116)
                    yield name, (first, low)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The sectors of a stream of at least 4,096 bytes (a smaller one lies elsewhere and is not read)."""
        first, size = self.streams[name]
        if size >= 4096:
            yield from self._chain(first)
