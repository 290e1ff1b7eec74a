"""F34: a byte of a stored state is flipped. That instance stops with an incident, all others go on."""

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.engine import Json
from app.errors import Conflict
from app.worker import work_off
from app.workflow import instances, operations
from app.workflow.models import Instance
from app.workflow.operations import Context, Operation
from tests.conftest import TestClock
from tests.diagrams import diagram, on_timer, service, user
from tests.scene import Scene

LONG = diagram(
    "long",
    user("first", outputs="note"),
    on_timer("late", "first", "duration", "P1D", interrupting=False),
    user("chase"),
    service("ask", "world.ask", result="told", what="note"),
    user("second"),
    flows="start first; first ask; ask second; second end; late chase; chase end",
)


def flip(scene: Scene, instance_id: str, at: int) -> None:
    with scene.sessions.begin() as session:
        state = session.get_one(Instance, instance_id).state
        assert state is not None
        place = at % len(state)
        spoilt = state[:place] + bytes([state[place] ^ 0x20]) + state[place + 1 :]
        session.execute(sa.update(Instance).where(Instance.id == instance_id).values(state=spoilt))


@pytest.fixture
def long(scene: Scene, moved_clock: TestClock) -> Scene:
    def told(_context: Context, what: Json) -> Json:
        return what

    assert moved_clock
    operations.register(Operation("world.ask", told, {"what": True}))
    scene.publish(long=LONG)
    return scene


@pytest.mark.parametrize("seed", range(8))
def test_a_person_is_told_and_only_that_instance_stops_f34(long: Scene, seed: int) -> None:
    hurt = long.start("anna", "long")
    flip(long, hurt, random.Random(seed).randrange(10_000))
    with pytest.raises(Conflict) as refused:
        long.complete("anna", "first", note="x")
    assert isinstance(refused.value, instances.Damaged)
    for _twice in range(2):
        with long.sessions.begin() as session:
            instances.quarantine(session, hurt)
    assert long.instance(hurt).status == "suspended"
    assert [one.kind for one in long.incidents()] == ["state"]


def test_a_timer_and_a_job_that_meet_the_damage_stop_the_instance_and_nothing_else_f34(
    long: Scene, moved_clock: TestClock
) -> None:
    by_timer, whole = long.start("anna", "long"), long.start("anna", "long")
    flip(long, by_timer, 40)
    moved_clock.move(days=2)
    work_off(long.sessions)
    assert long.instance(by_timer).status == "suspended"
    assert long.instance(whole).status == "running"
    assert long.open().count("chase") == 1
    flip(long, by_timer, 40)  # mended, as a backup would
    with long.sessions.begin() as session:
        instances.resume(session, by_timer, "olga", "restored from the backup")
    work_off(long.sessions)
    assert long.open().count("chase") == 2


def test_a_job_whose_instance_is_damaged_waits_until_it_is_mended_f34(long: Scene, moved_clock: TestClock) -> None:
    hurt = long.start("anna", "long")
    long.complete("anna", "first", note="x")
    flip(long, hurt, 40)
    work_off(long.sessions)
    assert long.instance(hurt).status == "suspended"
    moved_clock.move(days=1)
    assert work_off(long.sessions) == 0
    flip(long, hurt, 40)
    with long.sessions.begin() as session:
        instances.resume(session, hurt, "olga", "restored from the backup")
    moved_clock.move(seconds=timedelta(minutes=1).total_seconds())
    work_off(long.sessions)
    assert long.open() == ["second"]
