"""F23: running procedures of the house are moved in the midst: rework loops, bodies side by side, called processes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.config import Config
from app.identity import appointments, people
from app.identity.actors import Actor, actor_of
from app.identity.appointments import Terms
from app.identity.models import Person
from app.worker import work_off
from app.workflow import fsck, releases
from app.workflow.models import Instance, Task
from app.workflow.models_moves import MoveItem
from app.workflow.moves import batches, previewing, standing, undoing
from app.workflow.moves.batches import Order
from tests.process import altered
from tests.process.acts import Acts
from tests.process.conftest import Begin
from tests.scene import BEGUN


def analyst(acts: Acts) -> Actor:
    """The same one at every call."""
    with acts.sessions.begin() as session:
        known = session.scalars(sa.select(Person).where(Person.email == "ada@example.org")).one_or_none()
        if known is None:
            known = people.create(session, people.Details("Ада", "Ada", "ada@example.org"), "tester")
            appointments.appoint(session, known.id, Terms("analyst", BEGUN), "tester")
        return actor_of(session, known.id)


def changed(acts: Acts) -> tuple[str, str]:
    """Publish the changed procedures; the releases before and after."""
    with acts.sessions.begin() as session:
        old = releases.current(session)
        assert old is not None
        files = altered.with_a_step(releases.export(session, old.id))
        return old.id, releases.publish(session, files, "tester").id


def move_all(acts: Acts, old: str, new: str) -> dict[str, str | None]:
    """Everything that runs under the old release, by procedure; instance -> outcome."""
    ada = analyst(acts)
    found: dict[str, str | None] = {}
    with acts.sessions() as session:
        running = [one for one in standing.running(session) if one.release.id == old]
    for one in running:
        with acts.sessions.begin() as session:
            previews = previewing.preview(session, one.process, old, new).previews
            chosen = {preview.instance.id: preview.instance.revision for preview in previews}
            batch = batches.give(session, ada, Order(one.process, old, new), chosen).id
        work_off(acts.sessions)
        with acts.sessions() as session:
            items = session.scalars(sa.select(MoveItem).where(MoveItem.batch_id == batch))
            found |= {item.instance_id: item.outcome for item in items}
    return found


def sound(acts: Acts, folder: Path) -> None:
    """The player puts release 1 into the database as it was published elsewhere, without its event."""
    with acts.sessions() as session:
        found = fsck.run(session, Config(mode="test", data_dir=folder))
        assert [str(one) for one in found if one.where != "release 1"] == []


def open_tasks(acts: Acts) -> list[str]:
    with acts.sessions() as session:
        return sorted(session.scalars(sa.select(Task.element).where(Task.closed_at.is_(None))))


def twice_reworked(acts: Acts) -> None:
    """TC 1.6 considers the materials for the third time."""
    for number, answers in ((1, {}), (2, {"reworked": "no"})):
        acts.refuse("tc-1.6", f"Замечание {number}", **answers)
        acts.rework("tc-1.6", "Исправлено")


def sign_off(acts: Acts, by: str, body: str) -> None:
    acts.do(altered.STEP, by, body, followed=True)


def test_f23_an_agreement_in_its_third_round_with_several_bodies_goes_on_in_the_new_release(
    begin: Begin, tmp_path: Path
) -> None:
    """TC 1.6 is asked for the third time, TC 1.10 has agreed, TC 1.11 is at its first look."""
    acts = begin("tc-1.6", "tc-1.10", "tc-1.11")
    for body in ("tc-1.6", "tc-1.10", "tc-1.11"):
        acts.send(body)
    acts.agree("tc-1.10")
    twice_reworked(acts)
    before = open_tasks(acts)
    with acts.sessions() as session:
        asked = acts.task(session, "consider", "tc-1.6")
        kept = (asked.id, asked.due, asked.opened_at)
    old, new = changed(acts)
    outcomes = move_all(acts, old, new)
    assert set(outcomes.values()) == {"moved"}
    assert open_tasks(acts) == before
    with acts.sessions() as session:
        asked = acts.task(session, "consider", "tc-1.6")
        assert (asked.id, asked.due, asked.opened_at) == kept
    sound(acts, tmp_path)
    acts.refuse("tc-1.6", "Замечание 3", reworked="no")
    sign_off(acts, "chair_mass", "tc-1.6")
    acts.rework("tc-1.6", "Исправлено")
    acts.agree("tc-1.6", reworked="yes")
    sign_off(acts, "chair_mass", "tc-1.6")
    acts.agree("tc-1.11")
    sign_off(acts, "chair_time", "tc-1.11")
    assert "ask_again" in open_tasks(acts)
    sound(acts, tmp_path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_f23_a_move_in_the_third_round_is_taken_back_and_goes_on_as_before(begin: Begin, tmp_path: Path) -> None:
    acts = begin("tc-1.6")
    acts.send("tc-1.6")
    twice_reworked(acts)
    old, new = changed(acts)
    (moved,) = move_all(acts, old, new)
    ada = analyst(acts)
    with acts.sessions.begin() as session:
        found = undoing.newest(session, moved)
        assert found is not None
        undoing.undo(session, ada, found.id)
    sound(acts, tmp_path)
    acts.agree("tc-1.6", reworked="yes")
    with acts.sessions() as session:
        assert session.get_one(Instance, moved).release_id == old
    assert altered.STEP not in open_tasks(acts)
    acts.finish()
    sound(acts, tmp_path)
