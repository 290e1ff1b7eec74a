"""What a file really is. Only what is known is taken, and the name must agree with it (clause 4.4, reading A17)."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree

from app.errors import N_, Invalid
from app.files.archives import DAMAGED, MACROS, MIB, PASSWORD, Archive, look_through, refuse_macros
from app.files.compound import MAGIC as COMPOUND
from app.files.compound import Compound
from app.files.models import FileKind
from app.files.names import extension, shown
from app.files.pixels import refuse_too_many_pixels

MEDIA_TYPES: Mapping[FileKind, str] = {
    "pdf": "application/pdf",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "h5p": "application/zip",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS: Mapping[FileKind, tuple[str, ...]] = {
    kind: ("jpg", "jpeg") if kind == "jpg" else (kind,) for kind in MEDIA_TYPES
}
MATERIALS: tuple[FileKind, ...] = ("ppt", "pptx", "pdf", "h5p")
"""Formats of course materials, clause 4.4."""
PICTURES: tuple[FileKind, ...] = ("png", "jpg", "gif")

PROTECTED = N_("The PDF is protected: it may ask for a password or forbid printing and copying.")

_PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_H5P_DATA = {"json", "xml", "csv", "txt", "md", "textile", "diff", "patch", "vtt", "webvtt", "gltf", "glb"}
_H5P_MEDIA = {"png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "svg", "webm", "mp4", "ogg", "mp3", "m4a", "wav"}
_H5P_FONTS = {"eot", "ttf", "woff", "woff2", "otf"}
_H5P_DOCUMENTS = {"pdf", "rtf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt", "ods", "odp"}
_H5P_PARTS = frozenset(_H5P_DATA | _H5P_MEDIA | _H5P_FONTS | _H5P_DOCUMENTS)
"""What the platform itself takes in an H5P package; libraries may also hold scripts and styles."""
_H5P_SCRIPTS = frozenset({"js", "css"})


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The kind of a file that may be kept, and message ids of what its reader should know."""

    kind: FileKind
    notes: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(self.kind, WORKBOOK)


def sniff(source: IO[bytes], size: int, name: str, accept: Collection[FileKind] = tuple(MEDIA_TYPES)) -> Sniffed:
    """Look into a whole file. Invalid says why it cannot be taken, in a person's words."""
    if size == 0:
        raise Invalid(N_("The file is empty."))
    source.seek(0)
    head = source.read(4096)
    kind: FileKind
    notes: tuple[str, ...] = ()
    if head.startswith(b"PK\x03\x04"):
        kind = _zip_kind(source, size, name)
    elif head.startswith(COMPOUND):
        kind = _compound_kind(source, size)
    elif head.startswith(b"%PDF-"):
        kind, notes = _pdf(source, size)
    else:
        kind = _picture(source, size, head)
    _refuse_other_name(kind, name)
    if kind not in accept:
        taken = ", ".join(f".{kind}" for kind in accept)
        raise Invalid(N_("Files of this kind are not taken here, only these: %(taken)s."), taken=taken)
    return Sniffed(kind, notes)


def _refuse_other_name(kind: FileKind, name: str) -> None:
    if extension(name) not in EXTENSIONS[kind]:
        raise Invalid(N_("By its content this is a .%(kind)s file, so its name must end in .%(kind)s."), kind=kind)


def _zip_kind(source: IO[bytes], size: int, name: str) -> FileKind:
    archive = look_through(source, size)
    refuse_macros(archive)
    if "[Content_Types].xml" in archive.entries:
        _check_presentation(archive)
        return "pptx"
    if "h5p.json" in archive.entries:
        _check_h5p(archive)
        return "h5p"
    if extension(name) == "h5p":
        raise Invalid(N_("This is no H5P package: h5p.json is missing in it."))
    raise Invalid(N_("This is an archive. Send the files in it one by one."))


def _check_presentation(archive: Archive) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(archive.read("[Content_Types].xml"), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Invalid(DAMAGED) from None
    types = {element.get("ContentType", "") for element in root.iter("{*}Override", "{*}Default")}
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise Invalid(MACROS)
    if _PRESENTATION not in types:
        raise Invalid(N_("This is an Office document, but no presentation (.pptx)."))


def _check_h5p(archive: Archive) -> None:
    package = _json(archive.read("h5p.json"))
    if not isinstance(package, dict) or not all(isinstance(package.get(key), str) for key in ("title", "mainLibrary")):
        raise Invalid(N_("This H5P package does not say what it holds: h5p.json lacks the title or the main library."))
    if "content/content.json" not in archive.entries:
        raise Invalid(N_("This H5P package has no content: content/content.json is missing in it."))
    _json(archive.read("content/content.json", 32 * MIB))
    for name in archive.entries:
        folder, _, file = name.partition("/")
        if name.rsplit("/", 1)[-1].startswith((".", "_")):  # the platform passes over these
            continue
        allowed = _H5P_PARTS if folder == "content" or not file else _H5P_PARTS | _H5P_SCRIPTS
        if extension(name) not in allowed:
            raise Invalid(N_("This H5P package holds a part that the platform refuses: %(name)s."), name=shown(name))


def _json(raw: bytes) -> Any:
    """Strict JSON: one value to a key, finite numbers, whole characters."""
    try:
        return json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Invalid(N_("A description in this H5P package cannot be read: it is no valid JSON.")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    for key in found:
        key.encode()  # a lone surrogate has no bytes
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


_ENCRYPTED_PRESENTATION = re.compile(rb"\x00\x00\xf5\x0f\x20\x00\x00\x00")
"""A UserEditAtom long enough to name the encryption (MS-PPT 2.3.3)."""
_PRESENTATION_WITH_MACROS = re.compile(rb"\x02\x00\x00\x04\x0c\x00\x00\x00.{4}\x01\x00\x00\x00", re.DOTALL)
"""A VbaInfoAtom that says there are macros (MS-PPT 2.4.11)."""


def _compound_kind(source: IO[bytes], size: int) -> FileKind:
    compound = Compound(source, size)
    if "EncryptedPackage" in compound.streams or "EncryptedSummary" in compound.streams:
        raise Invalid(PASSWORD)
    if "PowerPoint Document" not in compound.streams:
        raise Invalid(N_("This is an Office document, but no presentation (.ppt)."))
    for window in _windows(compound.pieces("PowerPoint Document")):
        if _ENCRYPTED_PRESENTATION.search(window):
            raise Invalid(PASSWORD)
        if _PRESENTATION_WITH_MACROS.search(window):
            raise Invalid(MACROS)
    return "ppt"


def _pdf(source: IO[bytes], size: int) -> tuple[FileKind, tuple[str, ...]]:
    source.seek(max(0, size - 4096))
    if b"%%EOF" not in source.read():
        raise Invalid(DAMAGED)
    source.seek(0)
    encrypted = re.compile(rb"/Encrypt[\s<0-9]")
    if any(encrypted.search(window) for window in _windows(iter(lambda: source.read(MIB), b""))):
        return "pdf", (PROTECTED,)
    return "pdf", ()


def _picture(source: IO[bytes], size: int, head: bytes) -> FileKind:
    kind: FileKind
    source.seek(max(0, size - 4096))
    tail = source.read()
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        if b"IEND" not in tail:
            raise Invalid(DAMAGED)
        kind = "png"
    elif head.startswith(b"\xff\xd8\xff"):
        kind = "jpg"
    elif head.startswith((b"GIF87a", b"GIF89a")):
        kind = "gif"
    elif head.startswith((b"MZ", b"\x7fELF", b"#!")):
        raise Invalid(N_("This is a program, whatever its name says. Programs are not taken."))
    else:
        raise Invalid(N_("What is in this file is of no kind that is taken here."))
    refuse_too_many_pixels(source, head, kind)
    return kind


def _windows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces joined to some 64 kB and overlapping, so that nothing hides where one ends and the next begins."""
    kept, gathered = b"", bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) >= 1 << 16:
            yield kept + gathered
            kept = bytes(gathered[-64:])
            gathered.clear()
    yield kept + gathered
