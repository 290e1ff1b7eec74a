"""Documents as PDF, made in the course of a procedure: what the archive holds, and what happens where none is made."""

import io
import re
from collections.abc import Mapping, Sequence

import pypdf
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import worker
from app.connectors import documents
from app.connectors.documents import rendering
from app.courses import archive
from app.courses.documents import making
from app.courses.models import Course
from app.files.store import path_of
from app.workflow.models import Incident, Job
from tests import plain_documents
from tests.process.application_player import ApplicationPlayer
from tests.process.conftest import Begin, Review
from tests.process.reviewing import Reviewing
from tests.unit.documents import paper
from tests.unit.documents.test_rendering import BOMBS

needs_pango = pytest.mark.skipif(documents.available() is not None, reason="PDF cannot be made: Pango is missing")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def pdfs(acts: ApplicationPlayer, session: Session, kind: making.Kind, source: str) -> Mapping[str, bytes]:
    """The archived files of the document, by language."""
    entry = archive.newest_of(session, kind, source)
    assert entry is not None
    root = acts.folder / "files"
    return {one.language: path_of(root, one.sha256).read_bytes() for one in archive.files_of(session, entry.id)}


YES, NO = "ДА ☑ НЕТ ☐", "ДА ☐ НЕТ ☑"
FORM_RU = (
    "Приложение 2", "Форма для утверждения курса КООМЕТ", "Калибровка гирь", "(наименование курса КООМЕТ)",
    "Администратор раздела КООМЕТ", "ФИО", "Анна Администраторова", "Тел., email", "administrator@example.org",
    "Соответствие курса требованиям рекомендации КООМЕТ R/TR/XX:202_ в части:", f"надлежащее описание курса {YES}",
    f"качество содержания {YES}", f"соблюдение авторского права {YES}", "Вывод: курс",
    f"может быть размещен на электронной обучающей платформе {YES}", f"требует доработки {NO}", "Дата", "Подпись",
    "ФИО", "23 ноября 2026", "подтверждено электронно", "Анна Администраторова", "2026-001/F1",
)  # fmt: skip
YES_EN, NO_EN = "YES ☑ NO ☐", "YES ☐ NO ☑"
FORM_EN = (
    "Appendix 2", "Form for approval of a COOMET course", "Calibration of weights", "(name of the COOMET course)",
    "COOMET section administrator", "Full name", "Anna Administratorova", "Tel., e-mail", "administrator@example.org",
    "Conformity of the course with the requirements of COOMET recommendation R/TR/XX:202_ as regards:",
    f"proper description of the course {YES_EN}", f"quality of the content {YES_EN}", f"respect of copyright {YES_EN}",
    "Conclusion: the course", f"may be placed on the e-learning platform {YES_EN}", f"requires rework {NO_EN}",
    "Date", "Signature", "Full name", "23 November 2026", "confirmed electronically", "Anna Administratorova",
    "2026-001/F1",
)  # fmt: skip


def examined(acts: Reviewing, session: Session) -> str:
    form = acts.form(session)
    assert form is not None
    return form.id


@needs_pango
@on_sqlite
@pytest.mark.requirement("R7.4-a", "RA1-a")
def test_an_agreed_sheet_is_in_the_archive_in_both_languages(begin: Begin) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    for position in range(3):
        again = {"reworked": "no"} if position else {}
        acts.refuse("tc-1.6", f"1. Нет ссылки на R 111, замечание {position}\n2. Ошибка на слайде 4", **again)
        acts.rework("tc-1.6", "Добавлена", "Исправлена", file=f"file:lesson-{position}.pdf")
    acts.make_documents(making.typeset)
    acts.agree("tc-1.6", reworked="yes")
    acts.finish()
    with acts.sessions() as session:
        made = pdfs(acts, session, making.SHEET, acts.sheet(session, "tc-1.6").id)
    assert set(made) == {"ru", "en"}
    remarks = [f"замечание {position}" for position in range(3)]
    assert paper.in_order(paper.text(made["ru"]), "Калибровка гирь", *remarks)
    assert paper.in_order(paper.text(made["en"]), "Calibration of weights", *remarks)


@needs_pango
@pytest.mark.requirement("R8.2-b", "R8.3-a", "RA2-a")
def test_a_form_for_approval_is_in_the_archive_in_both_languages(review: Review) -> None:
    """Every field of Appendix 2 in its order, filled in from the decision."""
    acts = review()
    acts.make_documents(making.typeset)
    acts.examine()
    with acts.sessions() as session:
        made = pdfs(acts, session, making.FORM, examined(acts, session))
    assert set(made) == {"ru", "en"}
    assert paper.in_order(paper.text(made["ru"], layout=True), *FORM_RU)
    assert paper.in_order(paper.text(made["en"], layout=True), *FORM_EN)


def in_russian_only(player: ApplicationPlayer) -> None:
    """As a course that was entered in the list in one language (6.2)."""
    with player.sessions.begin() as session:
        course = session.get_one(Course, player.course)
        course.language, course.title_en = "ru", ""


def named_in_russian(player: ApplicationPlayer, kind: making.Kind, source: str) -> None:
    """Nothing is empty: neither the line of the title nor the name under which the document is found."""
    with player.sessions() as session:
        entry = archive.newest_of(session, kind, source)
        english = pdfs(player, session, kind, source)["en"]
    assert entry is not None
    assert "“Калибровка гирь”" in entry.title_en
    words = str(pypdf.PdfReader(io.BytesIO(english)).metadata.subject)  # type: ignore[union-attr]  # it has one
    assert "Калибровка гирь" in words
    assert not EMPTY.search(words), words


@on_sqlite
@pytest.mark.requirement("RA1-a", "R4.5-a")
def test_a_sheet_of_a_course_without_an_english_title_names_it_in_russian(begin: Begin) -> None:
    acts = begin("tc-1.6")
    in_russian_only(acts)
    acts.send("tc-1.6")
    acts.agree("tc-1.6")
    acts.finish()
    with acts.sessions() as session:
        source = acts.sheet(session, "tc-1.6").id
    named_in_russian(acts, making.SHEET, source)


@on_sqlite
@pytest.mark.requirement("RA2-a", "R4.5-a")
def test_a_form_for_approval_of_a_course_without_an_english_title_names_it_in_russian(review: Review) -> None:
    acts = review()
    in_russian_only(acts)
    acts.examine()
    with acts.sessions() as session:
        source = examined(acts, session)
    named_in_russian(acts, making.FORM, source)


EMPTY = re.compile("“\\s*”|«\\s*»")
"""Quotation marks around nothing."""


def _bomb(pages: Sequence[documents.Page], assets: Mapping[str, bytes]) -> list[bytes]:
    return documents.render_all([documents.Page(BOMBS["nested"], one.language, one.title) for one in pages], assets)


@needs_pango
def test_s36_a_document_that_cannot_be_made_is_an_incident_and_the_procedure_goes_on(review: Review) -> None:
    acts = review()
    acts.make_documents(_bomb)
    with pytest.raises(AssertionError, match="document"):  # the player reports the incident
        acts.examine()
    assert acts.stage() == "published"
    with acts.sessions() as session:
        incidents = session.scalars(sa.select(Incident).where(Incident.closed_at.is_(None))).all()
        assert archive.newest_of(session, making.FORM, examined(acts, session)) is None
    assert len(incidents) == 2  # of the form, and of the questionnaire that a published course gets
    assert all("the document" in str(one.detail) and "Traceback" not in str(one.detail) for one in incidents)


def test_without_pango_the_document_waits_and_the_procedure_does_not(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = review()
    acts.make_documents(making.typeset)
    monkeypatch.setattr(rendering, "_has_pango", lambda: False)
    with pytest.raises(AssertionError, match="Pango"):  # the player reports the job that waits
        acts.examine()
    assert acts.stage() == "published"
    with acts.sessions() as session:
        waiting = session.scalars(sa.select(Job).where(Job.operation == making.NAME)).all()
        assert [one.outcome for one in waiting] == [None, None]  # the form, the questionnaire
        assert archive.newest_of(session, making.FORM, examined(acts, session)) is None
        assert not session.scalars(sa.select(Incident)).all()
    acts.make_documents(plain_documents.render_all)  # as if it had been installed meanwhile
    acts.clock.move(days=1)
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        assert set(pdfs(acts, session, making.FORM, examined(acts, session))) == {"ru", "en"}
