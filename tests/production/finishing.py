"""Whoever may act on an open task does, with the kindest answer, until every procedure has ended."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.courses import choices
from app.db import new_id
from app.errors import NotFound
from app.forms import Context
from app.identity.actors import Actor, actor_of
from app.identity.models import Person
from app.worker import work_off
from app.workflow import tasks
from app.workflow.models import Task

MOST = 200


def answers(context: Context) -> Mapping[str, Mapping[str, Any]]:
    """By the element of the diagrams in 0.1.0 and 0.2.0."""

    def offered(name: str) -> str:
        return next((option.value for option in context.options.get(name, ())), "")

    by = {"answer_by": (clock.now() + timedelta(days=14)).date().isoformat()}
    return {
        "volunteer": {"answer": "no"},
        "end_poll": {"reason": "Ответили не все"},
        "propose": {
            "procedural": False,
            "bodies": [{"body": "tc-1.6", "part": "", "executor": offered("executors")}],
        },
        "confirm": {"decision": "confirm"},
        "chair_confirms": {"responsible": True},
        "send": by,
        "consider": {"act": "consider", "reworked": "yes", "conforms": "yes"},
        "consider_appointed": {"act": "consider", "reworked": "yes", "conforms": "yes"},
        "ask_again": {"again": [], "reason": "Изменены только опечатки"},
        "follow": {"followed": True},
        "confirm_final": {"confirmed": True},
        "receive": {"received": True, "creator": offered("creators")},
    }


def finish(sessions: sessionmaker[Session], apart_from: Collection[str] = ()) -> int:
    """How many tasks it took; those of the elements named stay open."""
    for done in range(MOST):
        work_off(sessions)
        with sessions.begin() as session:
            query = sa.select(Task).where(Task.closed_at.is_(None), Task.element.not_in(apart_from))
            task = session.scalars(query.order_by(Task.opened_at)).first()
            if task is None:
                return done
            _complete(session, task)
    raise AssertionError(f"still open after {MOST} tasks")


def _complete(session: Session, task: Task) -> None:
    actor, opened = _somebody(session, task)
    context = choices.context(
        session, opened.form.name if opened.form else "", task.subject, tasks.data_of(session, opened)
    )
    context = replace(context, today=clock.now().date())
    asked = [field.name for field in (opened.form.fields if opened.form else ()) if not field.read_only]
    begun = {name: context.current[name] for name in asked if name in context.current}
    kind = answers(context).get(task.element, {})
    values = {**begun, **{name: value for name, value in kind.items() if name in asked}}
    tasks.complete(session, actor, task.id, values, nonce=new_id(), revision=task.revision, context=context)


def _somebody(session: Session, task: Task) -> tuple[Actor, Any]:
    for person in session.scalars(sa.select(Person.id).order_by(Person.email)).all():
        actor = actor_of(session, person)
        try:
            return actor, tasks.get_task_for(session, actor, task.id)
        except NotFound:
            continue
    raise AssertionError(f"nobody may act on {task.element} of {task.organisation}")
