"""What is taken and what is not, each refusal with its reason in both languages (clause 4.4, S26, S27, S31, S67)."""

import io
import json
import random
import struct
from pathlib import Path

import pytest

from app.errors import Invalid
from app.files.sniff import MATERIALS, MEDIA_TYPES, PICTURES, PROTECTED, Sniffed, sniff
from app.i18n import gettext, use_locale
from tests.unit.files.building import (
    DOCUMENT,
    H5P,
    OLD_PRESENTATION,
    PRESENTATION,
    SAMPLES,
    h5p,
    h5p_with,
    office,
    presentation_with,
    renamed_stream,
    with_macros,
    zipped,
)

SAMPLE_FILES = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.suffix != ".md")


def _sniff(content: bytes, name: str, **more: tuple[str, ...]) -> Sniffed:
    return sniff(io.BytesIO(content), len(content), name, **more)  # type: ignore[arg-type]  # kinds are literals


def _refusal(content: bytes, name: str) -> str:
    """The reason in Russian, after making sure that there is one in each language."""
    with pytest.raises(Invalid) as refused:
        _sniff(content, name)
    with use_locale("ru"):
        russian = gettext(refused.value.message, **refused.value.params)
    assert any("а" <= letter <= "я" for letter in russian)
    assert not any("а" <= letter <= "я" for letter in refused.value.message)
    return russian


@pytest.mark.requirement("R4.4-a")
@pytest.mark.parametrize("path", SAMPLE_FILES, ids=[path.name for path in SAMPLE_FILES])
def test_files_of_others_are_taken(path: Path) -> None:
    with path.open("rb") as source:
        sniffed = sniff(source, path.stat().st_size, path.name)
    assert sniffed.kind == path.suffix[1:]
    assert sniffed.notes == ((PROTECTED,) if path.stem == "password-protected" else ())


@pytest.mark.requirement("R4.4-a")
def test_an_h5p_package_is_taken() -> None:
    assert _sniff(h5p(), "Единицы массы.h5p") == Sniffed("h5p")
    assert _sniff(h5p_with({"content/.DS_Store": b"x", "__MACOSX/_a": b"x"}), "a.h5p").kind == "h5p"
    assert set(MATERIALS) | set(PICTURES) == set(MEDIA_TYPES)


@pytest.mark.requirement("R4.4-a")
@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.pdf", "пуст"),
        (b"MZ\x90\0" + bytes(500), "a.pdf", "Это программа"),
        (b"\x7fELF" + bytes(500), "курс.pptx", "Это программа"),
        (b"#!/bin/sh\nrm -rf /", "a.pdf", "Это программа"),
        (office("docx"), "a.docx", "не презентация"),
        (office("docx"), "a.pptx", "не презентация"),
        (office("xlsx"), "a.pptx", "не презентация"),
        (office("ppsx"), "a.pptx", "не презентация"),
        (with_macros(), "a.pptx", "макросы"),
        (with_macros(), "a.pptm", "макросы"),
        (presentation_with({"ppt/vbaProject.bin": b"x"}), "a.pptx", "макросы"),
        (PRESENTATION, "a.pdf", "по содержимому это файл .pptx"),
        (PRESENTATION, "a.pptm", "по содержимому это файл .pptx"),
        (PRESENTATION, "a", "по содержимому это файл .pptx"),
        (DOCUMENT, "a.pptx", "по содержимому это файл .pdf"),
        (DOCUMENT, "a.pdf.exe", "по содержимому это файл .pdf"),
        (DOCUMENT[:-2000], "a.pdf", "поврежден"),
        (b"<script>alert(1)</script>" + DOCUMENT, "a.pdf", "не относится"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "не относится"),
        (b"<html><script>alert(1)</script>", "a.pdf", "не относится"),
        ("Просто текст".encode(), "a.pdf", "не относится"),
        (zipped({"a.txt": b"x"}), "a.zip", "архив"),
        (zipped({"a.txt": b"x"}), "a.h5p", "нет h5p.json"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "a.png", "поврежден"),
        (OLD_PRESENTATION[:600], "a.ppt", "поврежден"),
        (renamed_stream(OLD_PRESENTATION, "PowerPoint Document", "WordDocument"), "a.ppt", "не презентация"),
        (renamed_stream(OLD_PRESENTATION, "PowerPoint Document", "EncryptedPackage"), "a.pptx", "паролем"),
    ],
)  # fmt: skip
def test_s26_what_is_refused(content: bytes, name: str, reason: str) -> None:
    assert reason.casefold() in _refusal(content, name).casefold()


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"content/page.html": b"<html>"}, "page.html"),
        ({"content/shell.php": b"<?php"}, "shell.php"),
        ({"content/a.js": b"alert(1)"}, "a.js"),
        ({"run": b"x"}, "run"),
        ({"H5P.Blanks-1.14/run.exe": b"x"}, "run.exe"),
        ({"h5p.json": b'{"title": "a"}'}, "основная библиотека"),
        ({"h5p.json": b'["title", "mainLibrary"]'}, "основная библиотека"),
        ({"h5p.json": b'{"title": 1, "mainLibrary": "a"}'}, "основная библиотека"),
        ({"h5p.json": b'{"title": "a", "title": "b", "mainLibrary": "c"}'}, "JSON"),
        ({"h5p.json": b'{"title": NaN}'}, "JSON"),
        ({"h5p.json": b'{"title": 1e400}'}, "JSON"),
        ({"h5p.json": b'{"\\ud800": 1}'}, "JSON"),
        ({"h5p.json": b"\xff\xfe"}, "JSON"),
        ({"h5p.json": b"[" * 100_000}, "JSON"),
        ({"content/content.json": b"[" * 100_000 + b"]" * 100_000}, "JSON"),
        ({"content/content.json": b"{"}, "JSON"),
        ({"h5p.json": b'{"a": "' + b"x" * (1 << 20) + b'"}'}, "поврежден"),
    ],
)
def test_s27_h5p_packages_that_are_refused(parts: dict[str, bytes], reason: str) -> None:
    assert reason in _refusal(h5p_with(parts), "a.h5p")


def test_an_h5p_package_needs_content() -> None:
    assert "content/content.json" in _refusal(h5p(without="content/content.json"), "a.h5p")
    assert json.loads(H5P["h5p.json"])["mainLibrary"] == "H5P.Blanks"


def test_only_what_the_field_takes() -> None:
    with pytest.raises(Invalid) as refused:
        _sniff(DOCUMENT, "a.pdf", accept=PICTURES)
    assert str(refused.value).endswith("only these: .png, .jpg, .gif.")


def test_content_types_in_another_encoding_hide_nothing() -> None:
    types = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml".decode()
    hidden = f'<?xml version="1.0" encoding="utf-16"?><Types><Default ContentType="{types}"/></Types>'.encode("utf-16")
    assert "макросы" in _refusal(presentation_with({"[Content_Types].xml": hidden}), "a.pptx")


def _written_into_document(record: bytes) -> bytes:
    """The old presentation with a record somewhere in its document stream, across the end of a sector."""
    at = OLD_PRESENTATION.rfind(struct.pack("<HHL", 0, 0x0FF5, 28))  # its own UserEditAtom
    assert at > 0
    return OLD_PRESENTATION[:at] + record + OLD_PRESENTATION[at + len(record) :]


def test_old_presentations_with_a_password_or_macros() -> None:
    password = _written_into_document(struct.pack("<HHL", 0, 0x0FF5, 32))
    assert "паролем" in _refusal(password, "a.ppt")
    macros = _written_into_document(struct.pack("<HHLLLL", 2, 0x0400, 12, 7, 1, 2))
    assert "макросы" in _refusal(macros, "a.ppt")
    without = _written_into_document(struct.pack("<HHLLLL", 2, 0x0400, 12, 7, 0, 2))
    assert _sniff(without, "a.ppt").kind == "ppt"


@pytest.mark.parametrize(
    "original", [PRESENTATION, OLD_PRESENTATION, h5p(), DOCUMENT], ids=["pptx", "ppt", "h5p", "pdf"]
)
def test_damaged_files_are_taken_or_refused_but_never_fail(original: bytes) -> None:
    draw = random.Random(len(original))
    kind = _sniff(original, f"a.{_kind(original)}").kind
    for _ in range(150):
        content = bytearray(original)
        for _ in range(draw.choice((1, 3, 30))):
            content[draw.randrange(len(content))] = draw.randrange(256)
        if draw.random() < 0.2:
            del content[draw.randrange(len(content)) :]
        try:
            assert _sniff(bytes(content), f"a.{kind}").kind == kind
        except Invalid:
            continue


def _kind(content: bytes) -> str:
    return {b"%PDF": "pdf", b"\xd0\xcf\x11\xe0": "ppt"}.get(content[:4], "h5p" if b"h5p.json" in content else "pptx")


def test_a_compound_file_that_runs_in_a_circle() -> None:
    table_at = 512 * (1 + struct.unpack_from("<L", OLD_PRESENTATION, 76)[0])
    directory = struct.unpack_from("<L", OLD_PRESENTATION, 48)[0]
    looped = bytearray(OLD_PRESENTATION)
    struct.pack_into("<L", looped, table_at + 4 * directory, directory)
    assert "поврежден" in _refusal(bytes(looped), "a.ppt")
