"""The draft that analysts share: saved file by file, nothing overwritten, nothing lost."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit.models import EventRow
from app.errors import Conflict, Invalid, NotFound
from app.workflow import releases
from app.workflow.models_studio import StudioDraft, StudioVersion
from app.workflow.studio import drafts, history, presence
from app.workflow.studio.drafts import Overtaken, Saved
from tests.conftest import TestClock
from tests.unit.workflow.test_releases import ONE, write

ONE_PATH = "processes/one/one.bpmn"
LETTER = "processes/one/letters/told.ru.txt"


@pytest.fixture
def opened(sessions: sessionmaker[Session], tmp_path: Path) -> sessionmaker[Session]:
    """A release with one diagram, and a draft over it."""
    with sessions.begin() as session:
        releases.publish_first(session, write(tmp_path, one=ONE))
        drafts.open_draft(session, "anna")
    return sessions


def test_a_draft_begins_as_the_newest_release_and_a_second_one_is_the_same(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        assert drafts.open_draft(session, "boris").id == draft.id
        newest = releases.current(session)
        assert newest is not None
        assert drafts.files(session, draft) == releases.export(session, newest.id)
        kinds = session.scalars(sa.select(EventRow.kind).where(EventRow.kind.startswith("draft:"))).all()
        assert list(kinds) == ["draft:opened"]


def test_without_a_release_there_is_nothing_to_begin_from(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session, pytest.raises(Conflict, match="no release yet"):
        drafts.open_draft(session, "anna")


def test_a_saved_file_stands_at_the_next_revision_and_the_base_is_untouched(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        assert drafts.read(session, draft, ONE_PATH).revision == 0
        put = drafts.save(session, draft, ONE_PATH, ONE + b"\n", 0, "anna")
        assert isinstance(put, Saved)
        assert put.revision == 1
        kept = drafts.read(session, draft, ONE_PATH)
        assert (kept.data, kept.revision, kept.by) == (ONE + b"\n", 1, "anna")
        assert releases.file_of(session, draft.base_release_id, ONE_PATH) == ONE


def test_who_saves_second_overwrites_nothing_and_loses_nothing(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        drafts.save(session, draft, ONE_PATH, b"<anna/>", 0, "anna")
        put = drafts.save(session, draft, ONE_PATH, b"<boris/>", 0, "boris")
        assert isinstance(put, Overtaken)
        assert (put.theirs.by, put.theirs.data, put.theirs.revision) == ("anna", b"<anna/>", 1)
        aside = history.get(session, draft, put.aside)
        assert (aside.how, aside.by, aside.data) == ("aside", "boris", b"<boris/>")
        back = history.restore(session, draft, put.aside, 1, "boris")
        assert isinstance(back, Saved)
        assert drafts.read(session, draft, ONE_PATH).data == b"<boris/>"
        assert [one.data for one in history.of_file(session, draft, ONE_PATH) if one.how != "aside"] == [
            b"<boris/>",
            b"<anna/>",
        ]


def test_the_same_content_saved_twice_is_no_conflict(opened: sessionmaker[Session]) -> None:
    """As when an answer was lost on the way and the editor sends again."""
    with opened.begin() as session:
        draft = drafts.current(session)
        drafts.save(session, draft, ONE_PATH, b"<anna/>", 0, "anna")
        assert drafts.save(session, draft, ONE_PATH, b"<anna/>", 0, "anna") == Saved(
            1, drafts.read(session, draft, ONE_PATH).at or pytest.fail("saved, so it has a time")
        )


def test_two_saves_in_the_same_moment_one_stands_one_is_set_aside(opened: sessionmaker[Session]) -> None:
    gate, put = threading.Barrier(2), []

    def save(who: str) -> None:
        gate.wait()
        with opened.begin() as session:
            draft = drafts.current(session)
            put.append(drafts.save(session, draft, ONE_PATH, f"<{who}/>".encode(), 0, who))

    both = [threading.Thread(target=save, args=(who,)) for who in ("anna", "boris")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(type(one).__name__ for one in put) == ["Overtaken", "Saved"]
    with opened() as session:
        kept = {one.how: one.data for one in session.scalars(sa.select(StudioVersion))}
        assert {*kept.values()} == {b"<anna/>", b"<boris/>"}
        assert drafts.read(session, drafts.current(session), ONE_PATH).data == kept["saved"]


def test_saves_soon_after_each_other_are_one_entry_of_the_history(
    opened: sessionmaker[Session], moved_clock: TestClock
) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        for revision in range(3):
            drafts.save(session, draft, LETTER, f"text {revision}".encode(), revision, "anna")
            session.flush()
        drafts.save(session, draft, LETTER, b"noted", 3, "anna", note="before the meeting")
        moved_clock.move(minutes=11)
        drafts.save(session, draft, LETTER, b"later", 4, "anna")
        drafts.save(session, draft, LETTER, b"by another", 5, "boris")
        entries = [(one.data, one.note) for one in history.of_file(session, draft, LETTER)]
        assert entries == [
            (b"by another", ""),
            (b"later", ""),
            (b"noted", "before the meeting"),
            (b"text 2", ""),
        ]


def test_a_removed_file_is_gone_from_the_draft_and_comes_back_from_its_history(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        drafts.save(session, draft, LETTER, b"text", 0, "anna")
        drafts.save(session, draft, LETTER, None, 1, "anna", how="removed")
        assert LETTER not in drafts.files(session, draft)
        first = next(one for one in history.of_file(session, draft, LETTER) if one.data == b"text")
        history.restore(session, draft, first.id, 2, "anna")
        assert drafts.files(session, draft)[LETTER] == b"text"


@pytest.mark.parametrize(
    "path",
    [
        "processes/one/../../etc/passwd",
        "/etc/passwd",
        "processes/one/one.py",
        "processes/one/letters/told.txt",
        "forms/..schema.json",
        "forms/One.schema.json",
        "processes/one/documents/x.ru.html/y",
        "processes/оne/оne.bpmn",
        "forms/a\x00.schema.json",
        "forms/a.schema.json\n",
    ],
)
def test_s29_no_path_leads_out_of_the_folders_or_brings_a_program(opened: sessionmaker[Session], path: str) -> None:
    with opened.begin() as session, pytest.raises(Invalid, match="no place"):
        drafts.save(session, drafts.current(session), path, b"x", 0, "anna")


def test_every_file_of_the_projects_folders_has_its_place(opened: sessionmaker[Session]) -> None:
    root = Path(__file__).parents[4]
    with opened.begin() as session:
        draft = drafts.current(session)
        whole = releases.read_folders(root)
        assert drafts.save_all(session, draft, whole, "anna", "imported") == len(whole)
        assert drafts.save_all(session, draft, whole, "anna", "imported") == 0


def test_a_file_that_is_too_large_is_refused(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session, pytest.raises(Invalid, match="at most 4096 kB"):
        drafts.save(session, drafts.current(session), ONE_PATH, b"x" * (4 * 1024 * 1024 + 1), 0, "anna")


def test_a_discarded_draft_takes_nothing_more_and_stays_readable(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        drafts.save(session, draft, LETTER, b"text", 0, "anna")
        drafts.discard(session, draft, "anna")
        with pytest.raises(Conflict, match="copy it before you leave"):
            drafts.save(session, draft, LETTER, b"more", 1, "anna")
        with pytest.raises(Conflict, match="closed already"):
            drafts.discard(session, draft, "boris")
        with pytest.raises(Conflict, match="No draft is open"):
            drafts.current(session)
        assert drafts.read(session, draft, LETTER).data == b"text"
        assert drafts.open_draft(session, "boris").id != draft.id
        assert session.scalar(sa.select(sa.func.count()).select_from(StudioDraft)) == 2


def test_a_path_that_nobody_has_is_not_there(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session, pytest.raises(NotFound):
        drafts.read(session, drafts.current(session), "forms/other.ui.json")


def test_who_has_a_file_open_is_seen_until_he_leaves(opened: sessionmaker[Session]) -> None:
    with opened.begin() as session:
        draft = drafts.current(session)
        presence.touch(session, draft, ONE_PATH, "anna")
        presence.touch(session, draft, ONE_PATH, "boris")
        presence.touch(session, draft, ONE_PATH, "anna")
        assert sorted(presence.at_work(session, draft)[ONE_PATH]) == ["anna", "boris"]
        presence.leave(session, draft, ONE_PATH, "anna")
        assert presence.at_work(session, draft) == {ONE_PATH: ["boris"]}
