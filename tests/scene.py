"""A small world for tests of running procedures: people with roles, releases made of `tests.diagrams`, and their deeds.

Every deed is a transaction of its own, as a request or a job step is.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.audit.evidence import Event
from app.audit.history import history
from app.db import new_id
from app.engine import Json
from app.identity import actors, appointments, people
from app.identity.actors import Actor
from app.identity.appointments import Terms
from app.identity.models import Organisation
from app.workflow import releases, starts, tasks
from app.workflow.models import Incident, Instance, Job, Task, Timer
from app.workflow.tasks import Completion

Sessions = sessionmaker[Session]
BEGUN = date(2020, 1, 1)


def form(*names: str, title: str = "Форма", **properties: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """A form of text fields; keyword arguments give JSON Schema properties of further fields."""
    fields: dict[str, Mapping[str, Any]] = {name: {"type": "string"} for name in names} | properties
    schema = {"type": "object", "properties": fields}
    labels = {name: {"label": {"ru": f"{name} ру", "en": f"{name} en"}} for name in fields}
    ui = {"title": {"ru": title, "en": "Form"}, "order": list(fields), "fields": labels}
    return json.dumps(schema).encode(), json.dumps(ui, ensure_ascii=False).encode()


class Scene:
    """What happens in a test, in the words of the house."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.release_id = ""
        self._people: dict[str, str] = {}

    def publish(self, forms: Mapping[str, tuple[bytes, bytes]] | None = None, **diagrams: bytes) -> str:
        """A release of these diagrams (by process) and forms; a form with field `note` named `note` is always there."""
        files = {f"processes/{name}/{name}.bpmn": data for name, data in diagrams.items()}
        for name, (schema, ui) in {"note": form("note"), **(forms or {})}.items():
            files |= {f"forms/{name}.schema.json": schema, f"forms/{name}.ui.json": ui}
        with self.sessions.begin() as session:
            self.release_id = releases.publish(session, files, "tester").id
        return self.release_id

    def person(self, name: str, *roles: str | tuple[str, str]) -> str:
        """Make somebody known who holds the roles; ("chair", "tc-1.6") within an organisation."""
        with self.sessions.begin() as session:
            details = people.Details(name, name, f"{name}@example.org")
            person = people.create(session, details, "tester")
            for role in roles:
                title, organisation = (role, None) if isinstance(role, str) else role
                if organisation is not None:
                    _body(session, organisation)
                terms = Terms(title, BEGUN, organisation_id=organisation)
                appointments.appoint(session, person.id, terms, "tester")
            self._people[name] = person.id
            return person.id

    def actor(self, name: str) -> Actor:
        with self.sessions() as session:
            return actors.actor_of(session, self._people[name])

    def start(self, name: str, process: str, subject: str | None = None, /, **values: Json) -> str:
        """The instance's id."""
        with self.sessions.begin() as session:
            actor = actors.actor_of(session, self._people[name])
            return starts.submit(session, actor, process, values, nonce=new_id(), subject=subject).id

    def complete(self, name: str, element: str, *, nonce: str = "", **values: Json) -> Completion:
        """Complete the one open task of that element."""
        task = self.task(element)
        with self.sessions.begin() as session:
            actor = actors.actor_of(session, self._people[name])
            return tasks.complete(session, actor, task.id, values, nonce=nonce or new_id(), revision=task.revision)

    def open(self) -> list[str]:
        """Elements of all open tasks."""
        with self.sessions() as session:
            return sorted(session.scalars(sa.select(Task.element).where(Task.closed_at.is_(None))))

    def task(self, element: str) -> Task:
        with self.sessions() as session:
            return session.scalars(sa.select(Task).where(Task.element == element, Task.closed_at.is_(None))).one()

    def instance(self, instance_id: str) -> Instance:
        with self.sessions() as session:
            return session.get_one(Instance, instance_id)

    def jobs(self) -> list[Job]:
        with self.sessions() as session:
            return list(session.scalars(sa.select(Job).order_by(Job.id)))

    def timers(self) -> list[Timer]:
        with self.sessions() as session:
            return list(session.scalars(sa.select(Timer).order_by(Timer.due)))

    def incidents(self) -> list[Incident]:
        with self.sessions() as session:
            return list(session.scalars(sa.select(Incident).where(Incident.closed_at.is_(None))))

    def events(self, instance_id: str) -> list[Event]:
        with self.sessions() as session:
            return list(reversed(history(session, "instance", instance_id, limit=500).events))


def _body(session: Session, ident: str) -> None:
    if session.get(Organisation, ident) is None:
        names = {"code_ru": ident, "code_en": ident, "name_ru": ident, "name_en": ident}
        session.add(Organisation(id=ident, kind="body", **names))
        session.flush()
