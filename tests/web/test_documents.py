"""The PDF of a sheet: found where the sheet, the course and the archive are, by those who may read it."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.courses import archive
from app.courses.documents.making import SHEET
from app.courses.models import Course
from app.courses.models_kept import ArchiveEntry
from app.files.store import path_of
from app.i18n import Text
from tests.web.addresses import Things
from tests.web.conftest import Enter

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
BODY = '{"format": "coomet-document/1", "sealed": false, "files": []}'


@pytest.fixture
def document(busy_site: Flask, found: Things) -> ArchiveEntry:
    """The sheet of TC 1.4 as the archive holds it."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    config: Config = busy_site.extensions["config"]
    files = [archive.Attachment(f"sheet.{one}.pdf", PDF + one.encode() + b"\n%%EOF\n", "application/pdf", one)
             for one in ("ru", "en")]  # fmt: skip
    with sessions.begin() as session:
        course = session.get_one(Course, found.course)
        title = Text("Лист согласования", "Agreement sheet")
        entry = archive.add(session, SHEET, course, found.sheet, title, BODY, "system:test", files, config.files)
        session.flush()
        session.expunge(entry)
    return entry


@pytest.mark.requirement("R7.4-a")
def test_a_sheet_can_be_downloaded_in_both_languages(enter_busy: Enter, found: Things, document: ArchiveEntry) -> None:
    links = [f"/documents/{document.id}/0", f"/documents/{document.id}/1"]
    for who in ("admin-by", "secretariat"):
        client = enter_busy(who)
        for page in (f"/courses/{found.course}/sheets/{found.sheet}", f"/courses/{found.course}/documents"):
            shown = client.get(page)
            assert all(shown.links(link) for link in links)
        for link in links:
            with client.browser.get(link) as answer:
                assert answer.status_code == 200
                assert answer.data.startswith(b"%PDF")


@pytest.mark.requirement("R7.4-a")
def test_the_archive_shows_its_files_with_their_checksums(enter_busy: Enter, document: ArchiveEntry) -> None:
    client = enter_busy("secretariat")
    page = client.get(f"/archive/{document.id}")
    assert page.links(f"/archive/{document.id}/files/0")
    assert page.links(f"/archive/{document.id}/files/1")
    with client.browser.get(f"/archive/{document.id}/files/1") as answer:
        assert answer.data.endswith(b"en\n%%EOF\n")
    assert client.get("/archive?q=лист").links(f"/archive/{document.id}")


def test_s26_a_document_is_saved_and_never_shown(enter_busy: Enter, document: ArchiveEntry) -> None:
    with enter_busy("secretariat").browser.get(f"/documents/{document.id}/0") as answer:
        headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(("who", "may"), [("guest", False), ("creator-by", False), ("chair-14", True)])
def test_whoever_may_read_the_sheet_may_have_it(
    enter_busy: Enter, found: Things, document: ArchiveEntry, who: str, may: bool
) -> None:
    client = enter_busy(who)
    for address in (f"/documents/{document.id}/0", f"/courses/{found.course}/sheets/{found.sheet}"):
        with client.browser.get(address) as answer:
            assert answer.status_code == (200 if may else 404), address
    assert client.browser.get(f"/archive/{document.id}/files/0").status_code == 404


def test_a_damaged_file_is_told(enter_busy: Enter, busy_site: Flask, document: ArchiveEntry, tmp_path: Path) -> None:
    config: Config = busy_site.extensions["config"]
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        kept = archive.files_of(session, document.id)[0]
    path = path_of(config.files, kept.sha256)
    whole = path.read_bytes()
    path.chmod(0o640)
    path.write_bytes(whole + b"x")
    try:
        wrong = "the checksum is wrong"
        client = enter_busy("secretariat", "en")
        assert wrong in client.get(f"/archive/{document.id}").text("//main")
    finally:
        path.write_bytes(whole)
