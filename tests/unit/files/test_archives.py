"""S27–S29: archives that would unpack to more than they say, or to somewhere else."""

import io
import random
import time
import zipfile
from collections.abc import Callable

import pytest

from app.errors import Invalid
from app.files import archives
from app.files.archives import BOMB, DAMAGED, MIB, PASSWORD, Budget, look_through
from tests.unit.files.building import (
    PRESENTATION,
    h5p,
    office,
    parts_of,
    presentation_with,
    raw_entry,
    raw_zip,
    with_macros,
    zipped,
)

ZEROS = b"\0" * (60 * MIB)


def _refusal(archive: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        look_through(io.BytesIO(archive), len(archive))
    return refused.value.message


def test_an_honest_archive_passes_and_can_be_read() -> None:
    for archive in (PRESENTATION, h5p()):
        looked = look_through(io.BytesIO(archive), len(archive))
        parts = parts_of(archive)
        assert set(looked.entries) == {name for name in parts if not name.endswith("/")}
        for name in looked.entries:
            assert looked.read(name) == parts[name]
        with pytest.raises(Invalid):
            looked.read("absent")


def _lying(**flags: int) -> bytes:
    """The directory's and the entry's flags or method, changed alike."""
    archive = bytearray(zipped({"a.txt": b"hello"}))
    for at, of in ((archive.find(b"PK\x03\x04"), 6), (archive.find(b"PK\x01\x02"), 8)):
        archive[at + of] |= flags.get("flag", 0)
        if "method" in flags:
            archive[at + of + 2] = flags["method"]
    return bytes(archive)


BOMBS: dict[str, Callable[[], bytes]] = {
    "stored, but more than it says": lambda: _lying(method=0),
    "60 MB of nothing in 60 kB": lambda: presentation_with({"ppt/slides/big.xml": ZEROS}),
    "many parts, each bearable": lambda: zipped({f"{number}.txt": ZEROS[: 9 * MIB] for number in range(6)}),
    "says ten bytes, is five million": lambda: raw_zip([raw_entry(b"a.txt", ZEROS[: 5 * MIB], ZEROS[:10])]),
    "parts that share their bytes": lambda: raw_zip(
        [raw_entry(b"%d.txt" % number, ZEROS[:MIB]) for number in range(100)], shared=True
    ),
}


@pytest.mark.parametrize("build", BOMBS.values(), ids=BOMBS)
def test_s28_bombs(build: Callable[[], bytes]) -> None:
    bomb = build()
    began = time.process_time()
    assert _refusal(bomb) == BOMB
    assert time.process_time() - began < 0.1


def test_too_many_parts_are_counted_before_they_are_read() -> None:
    """70,000 entries, whose number the end of the file denies."""
    _, line = raw_entry(b"00000", b"")
    entries = [(b"", line[:-5] + b"%05d" % number) for number in range(70_000)]
    for count in (10, 65_535):
        archive = raw_zip(entries, shared=True, count=count)
        began = time.process_time()
        assert "more than %(limit)s parts" in _refusal(archive)
        assert time.process_time() - began < 0.1


def test_a_long_inflation_stops_at_what_was_told() -> None:
    """60 MiB behind a header that tells a KiB never unpack beyond a piece or two."""
    packed = raw_entry(b"a.txt", ZEROS, ZEROS[:1024])
    began = time.process_time()
    assert _refusal(raw_zip([packed])) == BOMB
    assert time.process_time() - began < 0.1


DAMAGES: dict[str, Callable[[], bytes]] = {
    "cut off": lambda: PRESENTATION[:-100],
    "cut at the beginning": lambda: PRESENTATION[100:],
    "something before it": lambda: b"PK\x03\x04" + PRESENTATION,
    "something behind it": lambda: PRESENTATION + b"<script>",
    "says a million bytes, is ten": lambda: raw_zip([raw_entry(b"a.txt", b"0123456789", ZEROS[:MIB])]),
    "another checksum": lambda: raw_zip([raw_entry(b"a.txt", b"0123456789", b"9876543210")]),
    "another name within": lambda: raw_zip([(raw_entry(b"b.txt", b"x")[0], raw_entry(b"a.txt", b"x")[1])]),
    "another size within": lambda: raw_zip([(raw_entry(b"a.txt", b"x", b"xx")[0], raw_entry(b"a.txt", b"x")[1])]),
    "a folder with content": lambda: raw_zip([raw_entry(b"a/", b"x")]),
    "a count that is wrong": lambda: raw_zip([raw_entry(b"a.txt", b"x")], count=3),
    "nothing but an end": lambda: b"PK\x05\x06" + bytes(10),
}


@pytest.mark.parametrize("build", DAMAGES.values(), ids=DAMAGES)
def test_damages(build: Callable[[], bytes]) -> None:
    assert _refusal(build()) == DAMAGED


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "a/../b", "..\\x", "C:/x", "a\x07b", "x" * 501, "\u202ea", "a/\u2028"]
)
def test_s27_names_that_lead_away(name: str) -> None:
    assert "leads outside" in _refusal(zipped({name: b"x"}))


def test_a_name_with_a_nul() -> None:
    archive = zipped({"a!b": b"x"}).replace(b"a!b", b"a\0b")
    assert "leads outside" in _refusal(archive)


def test_a_name_that_is_no_text() -> None:
    archive = zipped({"é": b"x"}).replace("é".encode(), b"\xff\xff")
    assert _refusal(archive) == DAMAGED


@pytest.mark.parametrize("names", [("a.txt", "A.TXT"), ("\u0439", "\u0438\u0306"), ("a", "a/")])
def test_two_parts_of_one_name(names: tuple[str, str]) -> None:
    assert "two parts of one name" in _refusal(zipped(dict.fromkeys(names, b"")))


def test_s27_links() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "a link" in _refusal(made.getvalue())


def test_passwords_and_unusual_packings() -> None:
    assert _refusal(_lying(flag=1)) == PASSWORD
    assert "unusual way" in _refusal(_lying(method=99))
    assert "unusual way" in _refusal(zipped({"a": b"hello"}, zipfile.ZIP_LZMA))


def test_archives_within() -> None:
    for inner in (zipped({"a": b"x"}), b"\x1f\x8b\x08" + bytes(20), b"Rar!\x1a\x07\0", b"7z\xbc\xaf\x27\x1c"):
        assert "another archive" in _refusal(zipped({"content/files/file.dat": inner}))
    picture = zipped({"ppt/media/image1.emz": b"\x1f\x8b\x08" + bytes(20)})
    assert look_through(io.BytesIO(picture), len(picture)).entries


def test_a_table_in_a_presentation_is_looked_into() -> None:
    honest = presentation_with({"ppt/embeddings/sheet.xlsx": office("xlsx")})
    assert look_through(io.BytesIO(honest), len(honest)).entries
    assert "macros" in _refusal(presentation_with({"ppt/embeddings/deck.pptx": with_macros()}))
    bomb = presentation_with({"ppt/embeddings/sheet.xlsx": zipped({"big": ZEROS})})
    assert _refusal(bomb) == BOMB
    deep = PRESENTATION
    for _ in range(archives.DEEPEST):
        deep = zipped({"ppt/embeddings/deck.pptx": deep})
    assert "another archive" in _refusal(deep)


def test_all_archives_of_an_upload_share_one_limit() -> None:
    """None of the embedded files alone is too much."""
    inner = zipped({"a": random.Random(1).randbytes(MIB)})
    archive = zipped({f"ppt/embeddings/{number}.xlsx": inner for number in range(4)})
    look_through(io.BytesIO(archive), len(archive), Budget(total=9 * MIB))
    for budget in (Budget(total=7 * MIB), Budget(entries=6)):
        with pytest.raises(Invalid):
            look_through(io.BytesIO(archive), len(archive), budget)


def test_programs_and_declarations() -> None:
    assert "a program" in _refusal(zipped({"content/run.bin": b"MZ" + bytes(100)}))
    for declared in ('<?xml version="1.0"?><!DOCTYPE a>'.encode(code) for code in ("utf-8", "utf-16")):
        assert "document type declaration" in _refusal(zipped({"ppt/slides/slide1.xml": declared}))
