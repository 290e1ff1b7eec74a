"""Letters about tasks in general: one has come, its date is near, its date has passed.

A diagram that has timers of its own on a task speaks for itself there: no second reminder is sent.
"""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses.letters import delivery, facts
from app.courses.letters.sending import Wanted, send
from app.courses.models import Course
from app.courses.sheets import find_open
from app.engine import Json, Process
from app.i18n import LOCALES
from app.identity import appointments
from app.identity.models import Person
from app.identity.places import place_of
from app.workflow import releases
from app.workflow.models import Instance, Task
from app.workflow.operations import Context, Operation

ASSIGNED_NAME, DUE_SOON_NAME, OVERDUE_NAME = "task.assigned", "task.due_soon", "task.overdue"
ADDRESSEES = 50
"""A role may be held by hundreds; a task is shown to all of them in the inbox, letters stop here."""


def addressees(session: Session, task: Task) -> list[Person]:
    """Whom the task asks: the person it names, else everybody to whom it falls today (A13, X-6)."""
    excluded = set(task.exclude or ())
    if task.person:
        named = [session.get_one(Person, task.person)]
    else:
        named = appointments.holders(session, task.role or "", task.organisation, task.subject)
    return [one for one in named if one.id not in excluded and one.active and one.email][:ADDRESSEES]


def _assigned(context: Context, task: str) -> Json:
    """The procedure's own letter for this task if it has one (named as the element), else the general one."""
    session = context.session
    asked = session.get_one(Task, task)
    if asked.closed_at is not None:
        return None
    instance = session.get_one(Instance, asked.instance_id)
    loaded = releases.load(session, instance.release_id)
    process = loaded.specification.processes[asked.process]
    folder = f"processes/{process.folder}/letters"
    if process.elements[asked.element].quiet:
        return None
    own = any(f"{folder}/{asked.element}.{locale}.txt" in loaded.files for locale in LOCALES)
    return _write(context, asked, instance, process, asked.element if own else "task_assigned")


def _due_soon(context: Context, task: str) -> Json:
    return _remind(context, task, "task_due_soon")


def _overdue(context: Context, task: str) -> Json:
    return _remind(context, task, "task_overdue")


def _remind(context: Context, task: str, template: str) -> Json:
    asked = context.session.get_one(Task, task)
    instance = context.session.get_one(Instance, asked.instance_id)
    process = releases.specification(context.session, instance.release_id).processes[asked.process]
    silent = process.elements[asked.element].quiet or _has_timers(process, asked.element)
    if asked.closed_at is not None or silent:
        return None
    return _write(context, asked, instance, process, template)


def _has_timers(process: Process, element: str) -> bool:
    """Whether the diagram itself watches over the task."""
    on_it = (one for one in process.elements.values() if one.attached_to == element)
    return any(one.event is not None and one.event.kind == "timer" for one in on_it)


def _write(context: Context, task: Task, instance: Instance, process: Process, template: str) -> Json:
    session, address = context.session, delivery.address()
    course = session.get(Course, task.subject) if task.subject else None
    sheet = find_open(session, task.subject, task.organisation) if task.subject and task.organisation else None
    element = process.elements[task.element]
    zone = place_of(session, task.organisation, task.person).zone

    def more() -> facts.Facts:
        return {"task": facts.of_task(task, element.name, element.clause, zone, address)}

    entry = (task.due.astimezone(ZoneInfo(zone)).date(), f"{address}/tasks/{task.id}") if task.due else None
    people = addressees(session, task)
    made = send(
        session,
        Wanted(template, context.key, people, instance, process.folder, course, sheet, more=more, entry=entry),
    )
    return {"letters": len(made)}


ASSIGNED = Operation(ASSIGNED_NAME, _assigned, {"task": True})
DUE_SOON = Operation(DUE_SOON_NAME, _due_soon, {"task": True})
OVERDUE = Operation(OVERDUE_NAME, _overdue, {"task": True})
