"""One act of a story, in one transaction: somebody sends a form of the program, or does what no form does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.courses import choices
from app.db import new_id
from app.demo.deeds import DEEDS
from app.demo.seed import address
from app.files.models import File
from app.files.store import store
from app.forms import Context
from app.identity import people
from app.identity.actors import Actor, actor_of
from app.workflow import starts, tasks
from app.workflow.models import Instance, Task

MATERIALS = Path(__file__).parent / "materials"
LIMIT = 10_000_000
Values = Mapping[str, Any]
STARTS = {
    "register": ("agreement", "course_registration"),
    "enter": ("creation", "course_entry"),
    "survey": ("planning", "survey_campaign"),
    "meet": ("annual_report", "annual_meeting"),
}
"""Act that begins a story -> procedure and its start form."""


class Telling:
    """`subject`: the course, survey or report that the story is about, once it has begun."""

    def __init__(self, session: Session, files: Path, subject: str | None) -> None:
        self.session, self.files, self.subject = session, files, subject
        self.attached: dict[str, File] = {}

    def act(self, act: Mapping[str, Any]) -> str:
        """Do it; what the story is about. LookupError where the story asks for what is not there at this moment.

        `if_open`: nothing is done where the task is not there, as with what the calendar's quarters bring.
        """
        actor, values = self._actor(act["who"]), act.get("values", {})
        if act["do"] in STARTS:
            return self._start(actor, *STARTS[act["do"]], values)
        resolved = self._resolve(values, actor)
        if act["do"] in DEEDS:
            return DEEDS[act["do"]](self.session, actor, self.subject or "", resolved) or self.subject or ""
        task = self._find(act["do"], act.get("body"), actor.person_id)
        if task is None and not act.get("if_open"):
            _miss(act["do"], act.get("body"))
        if task is not None:
            self._complete(actor, task, resolved)
        return str(self.subject)

    def _complete(self, actor: Actor, task: Task, resolved: Values) -> None:
        opened = tasks.get_task_for(self.session, actor, task.id)
        context = self._context(opened.form.name if opened.form else "", tasks.data_of(self.session, opened))
        asked = [field.name for field in (opened.form.fields if opened.form else ()) if not field.read_only]
        begun = {name: context.current[name] for name in asked if name in context.current}
        values = {**begun, **resolved}
        tasks.complete(
            self.session, actor, task.id, values, nonce=new_id(), revision=task.revision, context=context
        )  # fmt: skip

    def _start(self, actor: Actor, process: str, form: str, values: Values) -> str:
        resolved = self._resolve(values, actor)
        context = self._context(form, {})
        instance = starts.submit(self.session, actor, process, resolved, nonce=new_id(), context=context)
        return str(instance.subject)

    def _context(self, form: str, data: Values) -> Context:
        """Its files are those attached until the form is sent, so the same mapping is handed over."""
        found = choices.context(self.session, form, self.subject, data)
        return replace(found, files=self.attached, today=clock.now().date())

    def _find(self, element: str, body: str | None, person: str) -> Task | None:
        query = sa.select(Task).join(Instance, Instance.id == Task.instance_id)
        query = query.where(Task.element == element, Task.subject == self.subject, Task.closed_at.is_(None))
        if body:
            query = query.where(Task.organisation == body)
        found = self.session.scalars(query.order_by(Task.opened_at)).all()
        return next((task for task in found if task.person in (None, person)), None)

    def _actor(self, key: str) -> Actor:
        return actor_of(self.session, self._person(key))

    def _person(self, key: str) -> str:
        person = people.find_by_email(self.session, address(key))
        return person.id if person else _miss(key, None)

    def _resolve(self, value: Any, actor: Actor) -> Any:
        """"@key" is a person, "file:NAME" a file of the demo, {"in_days": n} a date, {"in_years": n} a year."""
        again = partial(self._resolve, actor=actor)
        if isinstance(value, dict) and set(value) == {"in_days"}:
            return (clock.now() + timedelta(days=value["in_days"])).date().isoformat()
        if isinstance(value, dict) and set(value) == {"in_years"}:
            return clock.now().year + value["in_years"]
        if isinstance(value, dict):
            return {name: again(one) for name, one in value.items()}
        if isinstance(value, list):
            return [again(one) for one in value]
        if isinstance(value, str) and value.startswith("@"):
            return self._person(value[1:])
        if isinstance(value, str) and value.startswith("file:"):
            return self._file(value.removeprefix("file:"), actor)
        return value

    def _file(self, name: str, actor: Actor) -> str:
        with (MATERIALS / name).open("rb") as stream:
            file = store(self.files, self.session, stream, name, actor.person_id, LIMIT)
        self.attached[file.id] = file
        return file.id


def _miss(what: str, where: str | None) -> Any:
    raise LookupError(f"the demo's story has no {what} {where or ''} at this moment")
