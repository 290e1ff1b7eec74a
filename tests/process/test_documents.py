"""Appendix 1 as PDF: what the archive holds once a course is agreed, read back from the PDF itself."""

import io
from collections.abc import Mapping
from pathlib import Path

import pypdf
import pytest
from sqlalchemy.orm import Session

from app.courses import archive
from app.courses.documents import making
from app.files.store import path_of
from tests.process.acts import Acts
from tests.process.conftest import Begin

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pdfs(acts: Acts, session: Session, body: str) -> Mapping[str, bytes]:
    """The archived files of the body's sheet, by language."""
    entry = archive.newest_of(session, making.SHEET, acts.sheet(session, body).id)
    assert entry is not None
    root = acts.folder / "files"
    return {one.language: path_of(root, one.sha256).read_bytes() for one in archive.files_of(session, entry.id)}


@on_sqlite
def test_an_agreed_sheet_is_in_the_archive_in_both_languages(begin: Begin, tmp_path: Path) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    for position in range(3):
        again = {"reworked": "no"} if position else {}
        acts.refuse("tc-1.6", f"1. Нет ссылки на R 111, замечание {position}\n2. Ошибка на слайде 4", **again)
        acts.rework("tc-1.6", "Добавлена", "Исправлена", file=f"file:lesson-{position}.pdf")
    acts.agree("tc-1.6", reworked="yes")
    acts.finish()
    with acts.sessions() as session:
        made = pdfs(acts, session, "tc-1.6")
    for language, pdf in made.items():
        Path(f"/tmp/a1.{language}.pdf").write_bytes(pdf)
        assert pypdf.PdfReader(io.BytesIO(pdf)).pages
