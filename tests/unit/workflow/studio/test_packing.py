"""Archives of releases: packed and unpacked byte by byte; bombs, ways out and strangers' files get no further."""

import io
import time
import zipfile

import pytest

from app.errors import Invalid
from app.workflow.studio import packing, paths

FILES = {
    "processes/one/one.bpmn": b"<one/>\r\n",
    "forms/note.ui.json": b"{}",
    "forms/note.schema.json": b"\xef\xbb\xbf{}",
}


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_a_release_comes_back_byte_by_byte_and_packs_the_same_every_time() -> None:
    packed = packing.pack(FILES)
    assert packing.unpack(packed) == packing.Unpacked(FILES, ())
    assert packing.pack(dict(reversed(FILES.items()))) == packed


@pytest.mark.parametrize("top", ["", "release/", "a/b/c/"])
def test_folders_of_other_tools_around_everything_do_not_matter(top: str) -> None:
    litter = {"__MACOSX/._one": b"x", f"{top}.DS_Store": b"x", f"{top}processes/one/README.md": b"note"}
    sent = {f"{top}{path}": data for path, data in FILES.items()} | litter
    if top:
        sent[top] = b""
    assert packing.unpack(zipped(sent)) == packing.Unpacked(FILES, ())


def test_files_that_no_release_may_hold_are_left_out_and_named() -> None:
    sent = FILES | {"processes/one/one.py": b"import os", "app/config.py": b"x", "processes/Two/Two.bpmn": b"<a/>"}
    found = packing.unpack(zipped(sent))
    assert found.files == FILES
    assert found.left_out == ("app/config.py", "processes/Two/Two.bpmn", "processes/one/one.py")


def test_s28_a_bomb_is_refused_at_once() -> None:
    bombs = [
        zipped({"processes/one/one.bpmn": b"\0" * (80 << 20)}),
        zipped({f"forms/f{n}.ui.json": b"" for n in range(2 * paths.MOST + 1)}),
        zipped({"processes/one/one.bpmn": zipped({"x": b"y"})}),
    ]
    for bomb in bombs:
        began = time.perf_counter()
        with pytest.raises(Invalid):
            packing.unpack(bomb)
        assert time.perf_counter() - began < 2


def test_s28_a_lying_directory_is_refused() -> None:
    packed = bytearray(zipped({"processes/one/one.bpmn": b"x" * 10_000}))
    at = packed.rindex(b"PK\x01\x02")
    packed[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Invalid):
        packing.unpack(bytes(packed))


@pytest.mark.parametrize(
    "name",
    ["../processes/one/one.bpmn", "/processes/one/one.bpmn", "processes\\one\\..\\..\\x.bpmn", "processes/../../x.bpmn",
     "C:/processes/one/one.bpmn"],
)  # fmt: skip
def test_s29_no_name_leads_out(name: str) -> None:
    with pytest.raises(Invalid):
        packing.unpack(zipped({**FILES, name: b"x"}))


def test_s29_nul_duplicates_and_links_are_refused() -> None:
    nul = zipped({"forms/aXb.ui.json": b"{}"}).replace(b"aXb", b"a\0b")
    with pytest.raises(Invalid):
        packing.unpack(nul)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("forms/a.ui.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("forms/a.ui.json", b"[]")
    with pytest.raises(Invalid, match="two parts of one name"):
        packing.unpack(made.getvalue())
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as archive:
        entry = zipfile.ZipInfo("forms/a.ui.json")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(Invalid, match="link"):
        packing.unpack(link.getvalue())


def test_too_many_too_large_nothing_at_all_and_no_archive_are_told() -> None:
    with pytest.raises(Invalid, match="at most 3000"):
        packing.unpack(zipped({f"forms/f{n}.ui.json": b"" for n in range(paths.MOST + 1)}))
    with pytest.raises(Invalid, match="4096 kB"):
        packing.unpack(zipped({"forms/a.ui.json": bytes(range(256)) * (16 * 1024 + 1)}))
    with pytest.raises(Invalid, match="no file of a release"):
        packing.unpack(zipped({"notes/readme.txt": b"x"}))
    with pytest.raises(Invalid):
        packing.unpack(b"no archive")
    with pytest.raises(Invalid, match="more than 16 MB"):
        packing.unpack(b"x" * (packing.LARGEST + 1))


def test_what_taking_it_would_do_is_told_by_path() -> None:
    present = {"forms/a.ui.json": b"1", "forms/b.ui.json": b"2"}
    coming = {"forms/a.ui.json": b"3", "forms/c.ui.json": b"4"}
    assert packing.changes(present, coming) == {
        "forms/a.ui.json": "changed", "forms/b.ui.json": "removed", "forms/c.ui.json": "added",
    }  # fmt: skip
