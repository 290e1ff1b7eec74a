"""F04, F06, F07: a commit whose answer is lost, a server that restarts, transactions that stand in each other's way."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app import db
from app.config import Config
from app.db import new_id
from app.worker import Pace, Worker
from app.workflow import fsck, instances, operations, tasks
from app.workflow.models import Instance, Submission
from app.workflow.operations import Context, Operation
from tests import postgres
from tests.conftest import load_models
from tests.diagrams import diagram, service, user
from tests.fault.test_database import cut
from tests.fault.test_leases import until
from tests.fault.test_races import together
from tests.scene import Scene

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
STEPS = diagram(
    "steps",
    service("one", "world.count", result="a"),
    service("two", "world.count", result="b"),
    user("look"),
    flows="start one; one two; two look; look end",
)
ROUNDS = 20


@POSTGRESQL
def test_a_commit_whose_answer_is_lost_is_known_by_its_nonce_f04(scene: Scene, engine: Engine) -> None:
    """The browser got no answer and sends the page again: the same submission, no second step."""
    scene.publish(two=diagram("two", user("first"), user("second"), flows="start first; first second; second end"))
    actor = scene.actor("anna")
    for _round in range(ROUNDS):
        instance_id, nonce = scene.start("anna", "two"), new_id()
        with scene.sessions() as session:
            task = session.execute(
                sa.text("SELECT id, revision FROM task WHERE instance_id = :i AND closed_at IS NULL"),
                {"i": instance_id},
            ).one()

        def send(one: tuple[str, int, str] = (task.id, task.revision, nonce)) -> str:
            with scene.sessions.begin() as session:
                done = tasks.complete(session, actor, one[0], {"note": "x"}, nonce=one[2], revision=one[1])
            return done.submission_id

        with scene.sessions() as session:
            tasks.complete(session, actor, task.id, {"note": "x"}, nonce=nonce, revision=task.revision)
            session.execute(sa.text("COMMIT"))  # reached the server; its answer does not reach us:
            cut(engine)
            with pytest.raises(OperationalError):
                session.execute(sa.text("SELECT 1"))
        assert send() == send()
        assert scene.instance(instance_id).revision == 2
    with scene.sessions() as session:
        sent = session.scalar(sa.select(sa.func.count(Submission.id)).where(Submission.task_id.is_not(None)))
    assert sent == ROUNDS


@POSTGRESQL
def test_transactions_that_lock_crosswise_end_and_one_is_told_to_try_again_f07(scene: Scene, tmp_path: Path) -> None:
    """PostgreSQL ends one of a deadlocked pair; that one is undone as a whole and can be repeated."""
    scene.publish(one=diagram("one", user("work"), flows="start work; work end"))
    pair = [scene.start("anna", "one") for _ in range(2)]
    meeting = threading.Barrier(2)

    def crosswise(first: str, second: str) -> None:
        with scene.sessions.begin() as session:
            session.execute(sa.text("SET LOCAL deadlock_timeout = '50ms'"))
            instances.suspend(session, first, "olga", "crosswise")
            meeting.wait(10)
            instances.lock(session, second)

    results = together(lambda: crosswise(*pair), lambda: crosswise(*reversed(pair)))
    failed = [one for one in results if isinstance(one, Exception)]
    assert len(failed) == 1
    assert isinstance(failed[0], OperationalError)
    assert sorted(scene.instance(one).status for one in pair) == ["running", "suspended"]
    with scene.sessions() as session:
        assert fsck.run(session, Config(mode="test", data_dir=tmp_path)) == []


def test_a_worker_repeats_what_the_database_broke_off_a_few_times_and_does_it_once_f07(scene: Scene) -> None:
    """A deadlock or a serialization failure in a job's transaction: tried again under the same token."""
    broken: list[str] = []
    done: list[str] = []

    def contested(context: Context) -> None:
        if len(broken) < 3:
            broken.append(context.key)
            raise OperationalError("UPDATE", {}, Exception("deadlock detected"))
        done.append(context.key)

    operations.register(Operation("world.count", contested))
    scene.publish(
        steps=diagram("steps", service("one", "world.count"), user("look"), flows="start one; one look; look end")
    )
    worker = Worker(scene.sessions, Pace(poll=0.05))
    worker.start()
    try:
        scene.start("anna", "steps")
        assert until(lambda: scene.open() == ["look"])
    finally:
        worker.stop()
    assert (len(broken), len(done)) == (3, 1)
    assert [job.attempts for job in scene.jobs() if job.operation == "world.count"] == [1]


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A PostgreSQL server of this test alone, which it may restart."""
    folder = Path(tempfile.mkdtemp(prefix="coomet-pg-own-", dir="/tmp"))
    monkeypatch.setenv(postgres.HOME, str(folder))
    try:
        postgres.start(durable=True)
    except RuntimeError as reason:
        pytest.skip(str(reason))
    yield folder
    postgres.control(folder, "stop", "-m", "immediate")
    shutil.rmtree(folder, ignore_errors=True)


def test_a_server_that_restarts_at_once_in_the_middle_of_work_is_survived_without_an_operator_f06(
    own_server: Path, tmp_path: Path
) -> None:
    database = postgres.Database(load_models())
    database.create()
    engine = db.create_engine(database.url)
    sessions: sessionmaker[Session] = db.session_factory(engine)
    scene = Scene(sessions)
    scene.person("anna", "administrator")
    operations.register(Operation("world.count", lambda context: context.key))
    scene.publish(steps=STEPS)
    worker = Worker(sessions, Pace(lease=3, poll=0.05, threads=2))
    worker.start()
    begun: list[str] = []
    for number in range(60):
        with suppress(OperationalError):  # not begun, and told so
            begun.append(scene.start("anna", "steps"))
        if number in (15, 35):
            postgres.control(own_server, "restart", "-m", "immediate")
    assert until(lambda: _looked_at(sessions) >= set(begun), 90)
    worker.stop()
    with sessions() as session:
        assert fsck.run(session, Config(mode="test", data_dir=tmp_path)) == []
    assert len(begun) >= 55
    engine.dispose()


def _looked_at(sessions: sessionmaker[Session]) -> set[str]:
    with sessions() as session:
        rows = session.execute(sa.text("SELECT instance_id FROM task WHERE element = 'look'"))
        assert session.scalar(sa.select(sa.func.count(Instance.id)))
        return {row.instance_id for row in rows}
