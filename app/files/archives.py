"""Looking through a zip archive before anything else parses it: nothing is unpacked to disk, nothing is believed.

The directory is checked first (cheap, and it catches an honest bomb at once), then every entry is inflated and
counted, because a directory can lie.
"""

import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from app.errors import N_, Invalid
from app.files.names import extension, shown

MIB = 1 << 20
MOST_ENTRIES = 5_000
LARGEST_ENTRY = 250 * MIB
LARGEST_TOTAL = 500 * MIB
RATIO = 100
"""How much larger than the archive its content may be, once it is over 50 MiB."""
ENTRY_RATIO = 200
"""The same for one entry over 10 MiB; deflate's own limit is about 1,030."""
DEEPEST = 3
"""A presentation in a presentation with a table's data in it."""

DAMAGED = N_("The file is damaged or incomplete: its contents cannot be read.")
PASSWORD = N_("The file is protected by a password: remove the password and send it again.")
MACROS = N_("The file holds macros: save it without macros (.pptx) and send that.")
BOMB = N_("The file would unpack to far more than its size. Such files are not taken.")

_OFFICE = {"xlsx", "docx", "pptx", "sldx", "xlsb", "ppsx", "potx", "thmx"}
_PACKED_PICTURES = {"emz", "wmz"}
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b\x08", b"\xfd7zXZ\x00")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_LOCAL = struct.Struct("<6xH10x2L2H")
"""Flags, packed and unpacked size, lengths of name and extra field in an entry's own header."""
_CHUNK = 1 << 16


@dataclass(slots=True)
class Budget:
    """What an upload may still unpack to, all archives inside it together."""

    entries: int = MOST_ENTRIES
    total: int = LARGEST_TOTAL


@dataclass(slots=True)
class Archive:
    """A zip that was looked through: every entry is what the directory says."""

    source: IO[bytes]
    entries: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    def read(self, name: str, limit: int = MIB) -> bytes:
        """One small entry, whole; Invalid where it is absent or larger than the limit."""
        info = self.entries.get(name)
        if info is None or info.file_size > limit:
            raise Invalid(DAMAGED)
        return b"".join(_pieces(self.source, info))

    def extensions(self) -> set[str]:
        return {extension(name) for name in self.entries}


def look_through(source: IO[bytes], size: int, budget: Budget | None = None, depth: int = 1) -> Archive:
    """Check a whole archive. Invalid says in a person's words what is wrong with it."""
    budget = budget or Budget()
    infos = _directory(source, size, budget)
    archive = Archive(source, _by_name(infos))
    _refuse_bombs(infos, size, budget)
    _refuse_overlaps(infos)
    for info in infos:
        if info.is_dir():
            if info.file_size:
                raise Invalid(DAMAGED)
        else:
            _look_into(source, info, budget, depth)
    return archive


def _directory(source: IO[bytes], size: int, budget: Budget) -> list[zipfile.ZipInfo]:
    """The central directory, after making sure that it ends the file and is of a bearable length."""
    source.seek(max(0, size - 22 - 65_535))
    tail = source.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise Invalid(DAMAGED)
    _, _disk, _first, _here, entries, length, offset, comment = struct.unpack("<4s4H2LH", tail[at : at + 22])
    end = size - len(tail) + at
    if end + 22 + comment != size or offset + length != end:  # something before or behind it: two files in one
        raise Invalid(DAMAGED)
    source.seek(offset)
    raw = source.read(length)
    if entries > budget.entries or raw.count(b"PK\x01\x02") > budget.entries + 16:
        raise Invalid(N_("The file holds more than %(limit)s parts. Such files are not taken."), limit=MOST_ENTRIES)
    try:
        with zipfile.ZipFile(source) as opened:
            infos = opened.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError):
        raise Invalid(DAMAGED) from None
    if len(infos) != entries:
        raise Invalid(DAMAGED)
    budget.entries -= len(infos)
    return infos


def _by_name(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        _refuse_path(name)
        same = unicodedata.normalize("NFC", name).casefold().rstrip("/")
        if same in seen:
            raise Invalid(N_("The file holds two parts of one name: %(name)s."), name=shown(name))
        seen.add(same)
        form = (info.external_attr >> 16) & 0o170000
        if form not in (0, 0o100000, 0o040000):
            raise Invalid(N_("The file holds a link instead of a part: %(name)s."), name=shown(name))
        if info.flag_bits & 0x41:
            raise Invalid(PASSWORD)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid(N_("The file is packed in an unusual way: save it again and send that."))
    return {info.orig_filename: info for info in infos if not info.is_dir()}


def _refuse_path(name: str) -> None:
    parts = name.split("/")
    leads_away = name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]
    if leads_away or not name.isprintable() or not name or len(name) > 500:
        raise Invalid(N_("The file holds a part whose name leads outside of it: %(name)s."), name=shown(name))


def _refuse_bombs(infos: list[zipfile.ZipInfo], size: int, budget: Budget) -> None:
    total = sum(info.file_size for info in infos)
    if total > budget.total or (total > 50 * MIB and total > RATIO * size):
        raise Invalid(BOMB)
    budget.total -= total
    for info in infos:
        blown_up = info.file_size > 10 * MIB and info.file_size > ENTRY_RATIO * info.compress_size
        if info.file_size > LARGEST_ENTRY or blown_up:
            raise Invalid(BOMB)


def _refuse_overlaps(infos: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes are how a small archive becomes a very large one without any ratio being odd."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Invalid(BOMB)
        end = info.header_offset + 30 + info.compress_size


def _look_into(source: IO[bytes], info: zipfile.ZipInfo, budget: Budget, depth: int) -> None:
    pieces = _pieces(source, info)
    head = next(pieces, b"")
    name = info.orig_filename
    if head.startswith(_PROGRAMS):
        raise Invalid(N_("The file holds a program: %(name)s."), name=shown(name))
    if name.lower().endswith((".xml", ".rels")) and b"<!DOCTYPE" in head.replace(b"\0", b""):
        raise Invalid(N_("The file holds a part with a document type declaration: %(name)s."), name=shown(name))
    if head.startswith(_ARCHIVES) and extension(name) not in _PACKED_PICTURES:
        if extension(name) not in _OFFICE or not head.startswith(b"PK\x03\x04") or depth >= DEEPEST:
            raise Invalid(N_("The file holds another archive: %(name)s."), name=shown(name))
        _look_deeper(head, pieces, budget, depth)
        return
    for _ in pieces:
        pass


def _look_deeper(head: bytes, pieces: Iterator[bytes], budget: Budget, depth: int) -> None:
    with tempfile.SpooledTemporaryFile(max_size=8 * MIB) as inner:
        inner.write(head)
        for piece in pieces:
            inner.write(piece)
        size = inner.tell()
        archive = look_through(inner, size, budget, depth + 1)
    refuse_macros(archive)


def refuse_macros(archive: Archive) -> None:
    """Invalid where an office document holds macros, whatever it calls itself."""
    for name in archive.entries:
        if name.lower().rsplit("/", 1)[-1].startswith("vbaproject"):
            raise Invalid(MACROS)


def _pieces(source: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's content, inflated here so that more or less than the directory says is noticed."""
    source.seek(_start(source, info))
    checksum, count = 0, 0
    for piece in _unpacked(source, info):
        count += len(piece)
        if count > info.file_size:
            raise Invalid(BOMB)
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if count != info.file_size or checksum != info.CRC:
        raise Invalid(DAMAGED)


def _packed(source: IO[bytes], left: int) -> Iterator[bytes]:
    while left:
        chunk = source.read(min(_CHUNK, left))
        if not chunk:
            raise Invalid(DAMAGED)
        left -= len(chunk)
        yield chunk


def _unpacked(source: IO[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Pieces of at most a MiB, however much the entry unpacks to."""
    if info.compress_type == zipfile.ZIP_STORED:
        yield from _packed(source, info.compress_size)
        return
    inflater = zlib.decompressobj(-15)
    try:
        for chunk in _packed(source, info.compress_size):
            while piece := inflater.decompress(chunk, MIB):
                yield piece
                chunk = inflater.unconsumed_tail
    except zlib.error:
        raise Invalid(DAMAGED) from None
    if inflater.unused_data or not inflater.eof:
        raise Invalid(DAMAGED)


def _start(source: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the entry's content begins; its own header must say what the directory says."""
    source.seek(info.header_offset)
    header = source.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise Invalid(DAMAGED)
    flags, packed, unpacked, name_length, extra_length = _LOCAL.unpack(header)
    name = source.read(name_length)
    encoding = "utf-8" if flags & 0x800 else "cp437"
    if name.decode(encoding, "replace") != info.orig_filename:
        raise Invalid(DAMAGED)
    told = (packed, unpacked)
    if not flags & 8 and 0xFFFFFFFF not in told and told != (info.compress_size, info.file_size):
        raise Invalid(DAMAGED)
    return info.header_offset + 30 + int(name_length) + int(extra_length)
