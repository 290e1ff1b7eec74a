"""The inbox finds exactly the tasks on which `Actor.may` says yes."""

import random
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.db import new_id
from app.i18n import Text
from app.identity.actors import Actor, Holding
from app.workflow import inbox, inbox_reach
from app.workflow.models import Instance, Release, Task

ROLES = ("chair", "administrator", "executor", "creator")
BODIES = (None, "tc-1.1", "tc-1.2")
SUBJECTS = (None, "course-1", "course-2")
PEOPLE = ("anna", "boris")
numbers = count()


def instance(session: Session) -> str:
    release = Release(number=1, sha256="", manifest={}, source="studio", by="anna", at=clock.now())
    session.add(release)
    session.flush()
    made = Instance(id=new_id(), release_id=release.id, process="p", status="running", revision=1)
    made.started_by, made.started_at = "anna", clock.now()
    session.add(made)
    session.flush()
    return made.id


def random_task(draw: random.Random, instance_id: str) -> Task:
    role, organisation = draw.choice((*ROLES, None)), draw.choice(BODIES)
    return Task(
        id=f"task-{next(numbers)}",
        instance_id=instance_id,
        process="p",
        element="e",
        role=role,
        organisation=organisation,
        pool=inbox_reach.pool_of(role, organisation),
        person=draw.choice((None, None, *PEOPLE, "absent")),
        exclude=draw.choice((None, None, ["boris"], ["anna", "x"])),
        subject=draw.choice(SUBJECTS),
        opened_at=clock.now(),
        revision=0,
    )


def random_actor(draw: random.Random) -> Actor:
    held = tuple(
        Holding(draw.choice(ROLES), draw.choice(BODIES), draw.choice(SUBJECTS), draw.choice((None, None, "absent")))
        for _ in range(draw.randint(0, 4))
    )
    return Actor(draw.choice(PEOPLE), Text("А", "A"), "ru", "Europe/Minsk", None, held)


def test_the_inbox_finds_what_the_actor_may_do(sessions: sessionmaker[Session]) -> None:
    draw = random.Random(7)
    with sessions.begin() as session:
        owner = instance(session)
        tasks = [random_task(draw, owner) for _ in range(400)]
        session.add_all(tasks)
        session.flush()
        for _ in range(60):
            actor = random_actor(draw)
            conditions = [*inbox_reach.mine(actor), *inbox_reach.of_roles(actor)]
            found = {task_id for one in conditions for task_id in session.scalars(sa.select(Task.id).where(one))}
            allowed = {
                task.id
                for task in tasks
                if actor.may(task.role, task.organisation, task.subject, task.person, task.exclude or ())
            }
            assert found == allowed, actor


def test_what_is_mine_is_not_among_what_falls_to_my_roles(sessions: sessionmaker[Session]) -> None:
    draw = random.Random(8)
    with sessions.begin() as session:
        owner = instance(session)
        session.add_all([random_task(draw, owner) for _ in range(200)])
        session.flush()
        for _ in range(20):
            actor = random_actor(draw)
            mine = {one for part in inbox_reach.mine(actor) for one in session.scalars(sa.select(Task.id).where(part))}
            roles = {
                one for part in inbox_reach.of_roles(actor) for one in session.scalars(sa.select(Task.id).where(part))
            }
            assert not mine & roles


def test_a_role_held_for_many_courses_costs_no_more_than_for_one(sessions: sessionmaker[Session]) -> None:
    """SQLite takes at most 500 parts in one statement, and each new text would be compiled and kept."""

    def holder(courses: int) -> Actor:
        held = tuple(Holding("creator", subject=f"course-{number}") for number in range(1, courses + 1))
        return Actor("anna", Text("А", "A"), "ru", "Europe/Minsk", None, held)

    with sessions.begin() as session:
        assert inbox.counts(session, holder(600)).roles == 0
        assert inbox.query(session, holder(600), "roles").rows == ()
    for walks in (inbox_reach.of_roles, inbox_reach.mine):
        assert [str(one) for one in walks(holder(600))] == [str(one) for one in walks(holder(1))]
