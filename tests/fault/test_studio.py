"""F01 in the studio: what was saved is there after a kill, and publishing happens whole or not at all."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import db
from app.i18n import Text
from app.identity.actors import Actor, Holding
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.studio import drafts, publishing
from tests.conftest import load_models
from tests.unit.workflow.test_releases import ONE, TWO, write

ANNA = Actor("anna", Text("Анна", "Anna"), "ru", "Europe/Minsk", None, (Holding("analyst"),))
TWO_PATH = "processes/two/two.bpmn"
MOST_STATEMENTS = 60


@pytest.fixture
def sessions(empty_database: str, tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    """A database with a release and a draft over it."""
    engine = db.create_engine(empty_database)
    load_models().create_all(engine)
    made = db.session_factory(engine)
    with made.begin() as session:
        releases.publish_first(session, write(tmp_path, one=ONE))
        drafts.open_draft(session, "anna")
    yield made
    engine.dispose()


def in_a_process_that_may_be_killed(act: Callable[[], None]) -> bool:
    """Whether it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            act()
        finally:
            os._exit(3)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 3
    return not os.WIFSIGNALED(status)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sessions_of(url: str) -> sessionmaker[Session]:
    """Of the process that is killed: connections are not shared across a fork."""
    return db.session_factory(db.create_engine(url))


def test_f01_a_kill_between_the_save_and_its_answer_loses_nothing(
    empty_database: str, sessions: sessionmaker[Session]
) -> None:
    def act() -> None:
        with sessions_of(empty_database).begin() as session:
            drafts.save(session, drafts.current(session), TWO_PATH, TWO, 0, "anna")
        killed()

    assert not in_a_process_that_may_be_killed(act)
    with sessions.begin() as session:
        draft = drafts.current(session)
        assert drafts.read(session, draft, TWO_PATH).data == TWO
        again = drafts.save(session, draft, TWO_PATH, TWO, 0, "anna")
        assert isinstance(again, drafts.Saved), "the editor sends again what it had no answer for: no conflict"
        assert again.revision == 1


def test_f01_publishing_killed_at_any_statement_leaves_no_release_or_a_whole_one(
    empty_database: str, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        drafts.save(session, drafts.current(session), TWO_PATH, TWO, 0, "anna")

    def act(statement: int) -> None:
        own = sessions_of(empty_database)
        counted = 0

        def count(*_: object) -> None:
            nonlocal counted
            counted += 1
            if counted == statement:
                killed()

        sa.event.listen(own.kw["bind"], "before_cursor_execute", count)
        with own.begin() as session:
            content = publishing.of_draft(session, drafts.current(session))
            publishing.publish(session, content, content.sha256, (), ANNA, "why")

    for statement in range(1, MOST_STATEMENTS):
        whole = in_a_process_that_may_be_killed(partial(act, statement))
        with sessions() as session:
            count = session.scalar(sa.select(sa.func.count()).select_from(Release))
            if whole:
                break
            assert count == 1
            assert drafts.files(session, drafts.current(session))[TWO_PATH] == TWO
    else:
        pytest.fail("publishing never came to its end")
    with sessions() as session:
        newest = releases.current(session)
        assert newest is not None
        assert (newest.number, drafts.find(session)) == (2, None)
        assert releases.export(session, newest.id)[TWO_PATH] == TWO
