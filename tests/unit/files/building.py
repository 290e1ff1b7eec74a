"""Uploads made for the tests: an honest H5P package, and archives that are not what they say."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"

PRESENTATION = (SAMPLES / "underline-and-styles.pptx").read_bytes()
DOCUMENT = (SAMPLES / "image-only.pdf").read_bytes()
OLD_PRESENTATION = (SAMPLES / "old-binary-openoffice.ppt").read_bytes()

H5P: Mapping[str, bytes] = {
    "h5p.json": json.dumps(
        {
            "title": "Единицы массы",
            "language": "ru",
            "mainLibrary": "H5P.Blanks",
            "embedTypes": ["iframe"],
            "preloadedDependencies": [{"machineName": "H5P.Blanks", "majorVersion": 1, "minorVersion": 14}],
        },
        ensure_ascii=False,
    ).encode(),
    "content/content.json": '{"questions": ["<p>Единица массы — *килограмм*.</p>"]}'.encode(),
    "content/images/scale.png": (SAMPLES / "splash-coffee.png").read_bytes()[:2000],
    "H5P.Blanks-1.14/library.json": b'{"machineName": "H5P.Blanks", "majorVersion": 1, "minorVersion": 14}',
    "H5P.Blanks-1.14/js/blanks.js": b"H5P.Blanks = function () {};",
    "H5P.Blanks-1.14/css/blanks.css": b".blanks {}",
    "H5P.Blanks-1.14/icon.svg": b"<!DOCTYPE svg><svg/>",
}


def zipped(parts: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def h5p(without: str = "", **changed: bytes) -> bytes:
    """The package with further parts, or without one; `__` in a keyword stands for a slash, `_dot_` for a point."""
    added = {name.replace("__", "/").replace("_dot_", "."): content for name, content in changed.items()}
    return zipped({name: content for name, content in {**H5P, **added}.items() if name != without})


def h5p_with(parts: Mapping[str, bytes]) -> bytes:
    return zipped({**H5P, **parts})


def presentation_with(parts: Mapping[str, bytes]) -> bytes:
    return zipped({**parts_of(PRESENTATION), **parts})


def with_macros() -> bytes:
    """What PowerPoint calls .pptm."""
    types = parts_of(PRESENTATION)["[Content_Types].xml"].replace(
        b"vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        b"vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    )
    return presentation_with({"[Content_Types].xml": types, "ppt/vbaProject.bin": b"\0" * 100})


def office(kind: str) -> bytes:
    """A Word or Excel file as far as anybody looks."""
    main = {
        "docx": "wordprocessingml.document.main+xml",
        "xlsx": "spreadsheetml.sheet.main+xml",
        "ppsx": "presentationml.slideshow.main+xml",
    }[kind]
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'
    )
    return zipped({"[Content_Types].xml": types.encode(), "main.xml": b"<main/>"})


def raw_entry(name: bytes, content: bytes, told: bytes | None = None) -> tuple[bytes, bytes]:
    """An entry's own header with its deflated content, and its line in the directory (for offset 0).

    `told` is what the headers speak of (size and checksum) where it is not the content.
    """
    told = content if told is None else told
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    sizes = struct.pack("<LLL", zlib.crc32(told), len(packed), len(told))
    about = struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0)
    local = b"PK\x03\x04" + about + name + packed
    central = b"PK\x01\x02" + b"\x14\0" + about + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    return local, central


def raw_zip(entries: list[tuple[bytes, bytes]], *, shared: bool = False, count: int | None = None) -> bytes:
    """Entries put together by hand; `shared` makes all lines of the directory point at the first entry's bytes."""
    offset, bodies, lines = 0, [], []
    for local, central in entries[:1] if shared else entries:
        bodies.append(local)
        lines.append(central[:42] + struct.pack("<L", offset) + central[46:])
        offset += len(local)
    if shared:
        lines += [central for _, central in entries[1:]]
    body, directory = b"".join(bodies), b"".join(lines)
    number = len(entries) if count is None else count
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, number, number, len(directory), len(body), 0)
    return body + directory + end


def renamed_stream(compound: bytes, old: str, new: str) -> bytes:
    """A compound file in whose directory one stream has another name."""
    entry = old.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(old) + 2)
    assert compound.count(entry) == 1
    return compound.replace(entry, new.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(new) + 2))
