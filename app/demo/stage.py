"""Playing a part: persons of the demo act as they would on the pages, in the past, so that history is real."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.config import Config
from app.courses import choices
from app.db import new_id, transaction
from app.demo.papers import pdf
from app.engine import Json
from app.errors import NotFound
from app.files.models import File
from app.files.store import store
from app.forms import Context
from app.identity import people
from app.identity.actors import Actor, actor_of
from app.web import desk
from app.workflow import execution, jobs, starts, tasks
from app.workflow.models import Instance, Task

Values = Mapping[str, Json]


class Stage:
    """Acts in transactions of its own; `moment` is the time at which everything happens."""

    def __init__(self, config: Config, sessions: sessionmaker[Session], moment: datetime) -> None:
        self.config = config
        self.sessions = sessions
        self.moment = moment

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with clock.standing_at(self.moment), transaction(self.sessions) as session:
            yield session

    def wait(self, days: float) -> None:
        self.moment += timedelta(days=days)

    def paper(self, key: str, name: str, *lines: str) -> str:
        """A file that the person has uploaded; its id."""
        with self._transaction() as session:
            by = self._actor(session, key).person_id
            stream = io.BytesIO(pdf([name, *lines]))
            return store(self.config.files, session, stream, name, by, self.config.max_upload_mb << 20).id

    def begin(self, key: str, process: str, values: Values) -> str:
        """Send a start form; the instance's id."""
        with self._transaction() as session:
            actor = self._actor(session, key)
            startable = starts.get_start_for(session, actor, process)
            context = choices.context(session, startable.start.form, None, {})
            context = replace(context, files=_files(session, values), today=clock.today(actor.zone))
            instance = starts.submit(session, actor, process, values, nonce=new_id(), context=context)
            found = instance.id
        self.run_jobs()
        return found

    def act(self, key: str, instance_id: str, element: str, values: Values, organisation: str | None = None) -> None:
        """Complete the open task of that element, as its page would."""
        with self._transaction() as session:
            actor = self._actor(session, key)
            opened = tasks.get_task_for(session, actor, self._task(session, instance_id, element, organisation))
            context: Context | None = None
            if opened.form is not None:
                laid = desk.of_task(session, actor, opened, opened.form)
                context = replace(laid.context, files={**laid.context.files, **_files(session, values)})
                values = {**laid.values, **values}
            revision = opened.task.revision
            tasks.complete(
                session, actor, opened.task.id, values, nonce=new_id(), revision=revision, context=context
            )
        self.run_jobs()

    def claim(self, key: str, instance_id: str, element: str, organisation: str | None = None) -> None:
        with self._transaction() as session:
            tasks.claim(session, self._actor(session, key), self._task(session, instance_id, element, organisation))

    def run_jobs(self) -> None:
        """What the worker would do now."""
        while True:
            with self._transaction() as session:
                held = jobs.claim(session, "demo", timedelta(seconds=30))
            if not held:
                return
            for job in held:
                with self._transaction() as session:
                    request = execution.prepare(session, job)
                with clock.standing_at(self.moment):
                    answer = execution.act(job, request)
                with self._transaction() as session:
                    execution.settle(session, job, answer)

    def _actor(self, session: Session, key: str) -> Actor:
        person = people.find_by_email(session, f"{key}@demo.example")
        if person is None:
            raise NotFound
        return actor_of(session, person.id)

    def _task(self, session: Session, instance_id: str, element: str, organisation: str | None) -> str:
        wanted = [Task.instance_id == instance_id, Task.element == element, Task.closed_at.is_(None)]
        if organisation is not None:
            wanted.append(Task.organisation == organisation)
        return session.scalars(sa.select(Task.id).where(*wanted).order_by(Task.id)).one()

    def person(self, key: str) -> str:
        with self._transaction() as session:
            return self._actor(session, key).person_id

    def is_over(self, instance_id: str) -> bool:
        with self._transaction() as session:
            return session.get_one(Instance, instance_id).ended_at is not None


def _files(session: Session, values: Values) -> dict[str, File]:
    """The stored files that the values name."""
    ids = values.get("materials")
    wanted = [str(one) for one in ids] if isinstance(ids, list) else []
    return {file.id: file for file in session.scalars(sa.select(File).where(File.id.in_(wanted)))}
