"""Reference documents and what the recommendation leaves open (sections 1 and 2, title, information data; A47, A49)."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.courses import archive, references, settings
from app.courses.approvals import printed
from app.courses.documents import kept
from app.courses.documents.making import FORM
from app.courses.planning import copies
from app.courses.references import ARRANGEMENT, CERTIFICATES, GUIDANCE, Edition
from app.errors import Invalid
from app.files.models import File
from app.files.store import path_of
from app.i18n import LOCALES, Locale, use_locale
from tests.conftest import TestClock
from tests.process.conftest import Review
from tests.process.surveying import Surveying

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EDITIONS = {
    ARRANGEMENT: Edition("Новое соглашение", "New arrangement", "", "2027"),
    GUIDANCE: Edition("Новое руководство", "New guidance", "", "2-я редакция"),
    CERTIFICATES: Edition("Новый порядок сертификатов", "New procedure for certificates", "R/TR/27:2028", "2028"),
}


def words(folder: Path, file: File) -> str:
    made = pypdf.PdfReader(BytesIO(path_of(folder / "files", file.sha256).read_bytes()))
    return str(made.metadata.subject) if made.metadata else ""


@pytest.mark.requirement("R2-a", "R2-b", "R2-c", "R1-c")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_title_that_was_changed_appears_on_screens_and_in_new_documents(review: Review, locale: Locale) -> None:
    acts = review()
    with acts.sessions.begin() as session:
        for code, edition in EDITIONS.items():
            references.change(session, code, edition, clock.now().date(), acts.people["secretariat"])
    with acts.sessions() as session, use_locale(locale):
        shown = str(acts.seen(session, "examine", "approval_form")["documents"])
    for code in (ARRANGEMENT, GUIDANCE):
        assert EDITIONS[code].title.into(locale) in shown
        assert EDITIONS[code].edition in shown
    acts.examine()
    with acts.sessions() as session:
        form = acts.form(session)
        assert form is not None
        found = kept.of_source(session, FORM, form.id)
        assert found is not None
        position = LOCALES.index(locale)
        text = words(acts.folder, archive.get_file(session, found.entry.id, position))
    for edition in EDITIONS.values():
        assert edition.title.into(locale) in text
        assert edition.edition in text


@pytest.mark.requirement("R2-d", "RI-a")
def test_an_approval_made_before_a_change_still_shows_what_held_then(review: Review) -> None:
    acts = review()
    today = clock.now().date()
    with acts.sessions.begin() as session:
        references.change(session, GUIDANCE, Edition("Руководство", "Guidance", "", "2024"), today, "system:test")
    acts.examine()
    acts.clock.move(days=10)
    later = today + timedelta(days=10)
    with acts.sessions.begin() as session:
        references.change(session, GUIDANCE, EDITIONS[GUIDANCE], later, "system:test")
        settings.change(session, "recommendation_number", "R/TR/41", later, "system:test")
        settings.change(session, "recommendation_year", "2027", later, "system:test")
    with acts.sessions() as session, use_locale("ru"):
        form = acts.form(session)
        assert form is not None
        shown = printed.form(session, form.id)
        assert {one.code: one.edition for one in shown.editions}[GUIDANCE] == "2024"
        assert shown.recommendation == "R/TR/XX:202_"
        found = kept.of_source(session, FORM, form.id)
        assert found is not None
        assert archive.is_intact(found.entry)
        text = words(acts.folder, archive.get_file(session, found.entry.id, 0))
        assert "2024" in text
        assert EDITIONS[GUIDANCE].title_ru not in text
        assert "R/TR/41" not in text
        assert references.in_force(session, settings.today(session))[GUIDANCE] == EDITIONS[GUIDANCE]


@pytest.mark.requirement("RI-a")
def test_number_year_meeting_and_day_are_settings_that_new_documents_show(
    sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock
) -> None:
    acts = Surveying(sessions, tmp_path, moved_clock)
    before = printed_list(acts, "before")
    assert "R/TR/XX:202_" in before["ru"]
    values = {"recommendation_number": "R/TR/41", "recommendation_year": "2027", "recommendation_date": "2027-05-20",
              "recommendation_meeting": "40-е заседание Комитета КООМЕТ"}  # fmt: skip
    with sessions.begin() as session:
        for name, value in values.items():
            settings.change(session, name, value, settings.today(session), acts.people["secretariat"])
    moved_clock.set(moved_clock.moment + timedelta(minutes=1))
    after = printed_list(acts, "after")
    assert "R/TR/41:2027 (40-е заседание Комитета КООМЕТ, 20 мая 2027)" in after["ru"]
    assert "20 May 2027" in after["en"]
    with sessions() as session:
        kept_one = copies.latest(session, 2026, moved_clock.moment - timedelta(seconds=30))
        assert kept_one is not None
        assert words(acts.folder, copies.get_file(session, kept_one.id, "ru")) == before["ru"]


def printed_list(acts: Surveying, key: str) -> dict[str, str]:
    with acts.sessions.begin() as session:
        until = clock.now()
        copies.wanted(session, 2026, until, key)
        copies.wanted(session, 2026, until, key)
    worker.work_off(acts.sessions)
    with acts.sessions() as session:
        made = copies.of_moment(session, 2026, until)
        assert made is not None
        return {locale: words(acts.folder, copies.get_file(session, made.id, locale)) for locale in LOCALES}


@pytest.mark.parametrize("value", ["2027-02-30", "2027-13-01", "20.05.2027", "завтра"])
def test_a_day_of_approval_that_is_none_is_refused(
    sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock, value: str
) -> None:
    with sessions.begin() as session, pytest.raises(Invalid):
        settings.change(session, "recommendation_date", value, moved_clock.moment.date(), "system:test")
