"""Beginning a run in the sandbox: by the start form, as another procedure calls it, or by the event; and with whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app import clock, forms
from app.engine import Process
from app.errors import N_, Invalid, NotFound, Problem
from app.forms import Draft, Form
from app.forms.model import Group
from app.identity import calendars, organisations
from app.identity.places import default_place
from app.identity.roles import ROLES
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import day
from app.web.studio import sandbox_desk
from app.web.studio.sandbox import onward, told_in
from app.web.studio.sandbox_desk import Desk
from app.web.studio.sandbox_stand import Stand
from app.web.studio.standing import ANALYST, draft
from app.workflow import happenings
from app.workflow.sandbox import Act, Compiled, Setting, answering, cast, filling, keeping
from app.workflow.sandbox.acts import Kind
from app.workflow.sandbox.times import Times
from app.workflow.scenarios import Member, Scenario
from app.workflow.scenarios.beginnings import SUBJECT
from app.workflow.scenarios.compiled import reached
from app.workflow.studio import drafts

blueprint = Blueprint("sandbox_begin", __name__, url_prefix="/studio/sandbox/new")

HOWS: Mapping[Kind, str] = {
    "start": N_("By its form"),
    "begin": N_("As another procedure calls it"),
    "event": N_("By its event"),
}
MORNING = time(9)
LONGEST = 20_000
VALUE = "value_"
"""Fields are numbered: a variable may have a name that no field can have."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """A procedure that is about to be tried out."""

    process: Process
    hows: tuple[Kind, ...]
    how: Kind
    people: tuple[Member, ...]
    form: Form
    told: list[Scenario]
    files: dict[str, bytes]
    compiled: Compiled

    @property
    def name(self) -> str:
        """Of the form, the event or the procedure itself: what a scenario's first step names."""
        if self.how == "start":
            return self.form.name or self.process.id
        return (self.process.event or "") if self.how == "event" else self.process.id

    @property
    def starter(self) -> str:
        """Who begins, where nobody was chosen."""
        roles = self.process.start.roles if self.process.start else ()
        fitting = (one.name for one in self.people if any(cast.may(one, role, None) for role in roles))
        return next(fitting, self.people[0].name if self.people else "")

    def setting(self, begun: datetime, *, asks: bool) -> Setting:
        used = {
            element.operation
            for one in reached(self.compiled.specification, self.process.id)
            for element in one.elements.values()
            if element.operation
        } | ({self.process.start.operation} if self.process.start and self.process.start.operation else set())
        book = answering.book(self.told, self.process.folder, used)
        return Setting(self.process.folder, self.process.id, self.people, book, begun, asks)


@blueprint.get("/<process>")
@open_to(ANALYST)
def show(process: str) -> tuple[str, int]:
    found = beginning_of(process)
    return _page(found, _lay(found, _day(), {}))


@blueprint.post("/<process>")
@open_to(ANALYST)
def begin(process: str) -> Response | tuple[str, int]:
    with writing() as session:
        found = beginning_of(process)
        try:
            found = _with_another(found)
            today = _day(request.form.get("_day", ""))
        except Invalid as problem:
            desk, sent = sandbox_desk.read(_lay(found, _day(), {}))
            return _page(found, desk, 422, draft=sent, problem=problem)
        desk, sent = sandbox_desk.read(_lay(found, today, {}))
        begun = calendars.moment(today, MORNING, default_place(session).zone)
        if "_fill" in request.form:
            recorded = filling.recorded(found.told, found.process.folder, found.how, found.name)
            known = recorded if found.how == "start" else _samples(found, recorded)
            return _page(found, sandbox_desk.filled(desk, known, Times(session, found.people), begun))
        if sent.pressed or sent.faults:
            return _page(found, desk, 422 if sent.faults else 200, draft=sent, errors=sent.faults)
        checked = forms.check(desk.form, desk.values, desk.context)
        values, errors = _values(found, checked)
        if errors:
            return _page(found, desk, 422, draft=sent, errors=errors)
        try:
            stand = _start(session, found, values, begun)
        except Invalid as problem:
            session.rollback()
            return _page(found, desk, problem.status, draft=sent, problem=problem)
    return onward(stand)


def _start(session: Session, found: Beginning, values: Mapping[str, Any], begun: datetime) -> Stand:
    """The run with its first act. Raises Invalid where the procedure does not take it."""
    by = request.form.get("_by", "")
    act = Act(found.how, found.name, by=by if any(one.name == by for one in found.people) else "", values=values)
    setting = found.setting(begun, asks=bool(request.form.get("_asks")))
    stand = Stand(session, keeping.begin(session, setting, [act], current_actor().person_id))
    if stand.found.unfit is not None:
        raise Invalid(N_("This cannot be done: %(why)s."), why=str(stand.found.why))
    return stand


def beginning_of(process: str) -> Beginning:
    """The procedure of the draft with who may play in it; NotFound where the draft has none, or it has errors."""
    files = drafts.files(database(), draft())
    compiled = Compiled.of(files)
    found = compiled.specification.processes.get(process)
    if found is None:
        raise NotFound
    there: dict[Kind, object] = {"start": found.start, "event": found.event, "begin": True}
    hows = tuple(how for how, exists in there.items() if exists)
    how = next((one for one in hows if one == request.values.get("how")), hows[0])
    told = told_in(found.folder, files)
    people = cast.offered(reached(compiled.specification, process), told, found.folder)
    return Beginning(found, hows, how, people, form_of(compiled, found, how), told, files, compiled)


def form_of(compiled: Compiled, process: Process, how: str) -> Form:
    """The start form, or one field for each variable that comes in."""
    if how == "start":
        start = process.start
        known = compiled.forms.get(start.form) if start and start.form else None
        return known or forms.Form("", process.name, process.instructions, Group(()))
    names = variables_of(compiled, process, how)
    fields = {f"{VALUE}{n}": {"type": "string", "maxLength": LONGEST} for n in range(len(names))}
    asked = {f"{VALUE}{n}": {"label": {"ru": ru, "en": en}} for n, (ru, en) in enumerate(names.values())}
    schema = {"type": "object", "properties": fields}
    ui = {"title": {"ru": process.name.ru, "en": process.name.en or process.name.ru}, "fields": asked}
    return forms.load_form(json.dumps(schema).encode(), json.dumps(ui).encode(), how)


def variables_of(compiled: Compiled, process: Process, how: str) -> dict[str, tuple[str, str]]:
    """What comes in, by name, with what it is called; nothing where a form asks for it."""
    if how == "start":
        return {}
    return _called_with(compiled, process) if how == "begin" else _brought(process)


def _called_with(compiled: Compiled, process: Process) -> dict[str, tuple[str, str]]:
    """What its callers hand over; of a repeated call also the item that each one is for."""
    callers = [
        element
        for one in compiled.specification.processes.values()
        for element in one.elements.values()
        if element.called == process.id
    ]
    items = [one.multi.item for one in callers if one.multi is not None and one.multi.item]
    names = {name: (name, name) for name in (*(n for one in callers for n in one.inputs or ()), *items)}
    return names or {SUBJECT: (SUBJECT, SUBJECT)}


def _brought(process: Process) -> dict[str, tuple[str, str]]:
    happening = happenings.registered().get(process.event or "")
    return {name: (label.ru, label.en) for name, label in happening.variables.items()} if happening else {}


def _values(found: Beginning, checked: forms.Checked) -> tuple[dict[str, Any], dict[str, Problem]]:
    """Typed values; variables that look like JSON are JSON, what was left empty is what it is called."""
    if found.how == "start":
        return checked.values, dict(checked.errors)
    values: dict[str, Any] = {}
    for n, name in enumerate(variables_of(found.compiled, found.process, found.how)):
        text = str(checked.values.get(f"{VALUE}{n}", name))
        try:
            value = forms.read_json(text, limit=LONGEST)
        except forms.BadJson:
            value = text
        if value != name or (found.how == "begin" and name != SUBJECT):
            values[name] = value
    return values, dict(checked.errors)


def _lay(found: Beginning, today: date, values: Mapping[str, Any]) -> Desk:
    setting = found.setting(datetime.combine(today, MORNING, UTC), asks=False)
    desk = sandbox_desk.lay(database(), found.form, setting, {}, today, values)
    if request.method == "GET" and found.how != "start":
        return replace(desk, values=_samples(found, {}))
    return desk


def _samples(found: Beginning, recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Each variable as a scenario has it, else named after itself."""
    names = variables_of(found.compiled, found.process, found.how)
    given = [recorded.get(name, name) for name in names]
    return {f"{VALUE}{n}": one if isinstance(one, str) else json.dumps(one) for n, one in enumerate(given)}


def _with_another(found: Beginning) -> Beginning:
    """One person more, where a role was chosen for one. Raises Invalid."""
    more = tuple(one for one in request.form.getlist("_more") if one)
    people = list(found.people)
    for line in more[:20]:
        role, _, home = line.partition("@")
        if role not in ROLES:
            raise Invalid(N_("Choose a role from the list."))
        names = (f"{ROLES[role].ru} {len(people) + 1}", f"{ROLES[role].en} {len(people) + 1}")
        people.append(cast.another(role, names, home or "secretariat", (one.name for one in people)))
    return replace(found, people=tuple(people))


def _day(text: str = "") -> date:
    """Where the sandbox's clock begins: the next working day, if nothing was said. Raises Invalid."""
    if text:
        found = day(text)
        if not date(2000, 1, 1) <= found <= date(2100, 1, 1):
            raise Invalid(N_("This is not a date."))
        return found
    place = default_place(database())
    today = clock.today(place.zone)
    if calendars.is_workday(database(), place.country, today):
        return today
    return calendars.add_workdays(database(), place.country, today, 1)


def _page(
    found: Beginning,
    desk: Desk,
    status: int = 200,
    *,
    draft: Draft | None = None,
    errors: Mapping[str, Problem] | None = None,
    problem: Problem | None = None,
) -> tuple[str, int]:
    return render_template(
        "studio/sandbox_new.html",
        found=found,
        hows=HOWS,
        view=desk.view(errors, draft),
        day=request.form.get("_day") or desk.day.isoformat(),
        by=request.form.get("_by") or found.starter,
        asks=bool(request.form.get("_asks")),
        more=[one for one in request.form.getlist("_more") if one],
        roles=ROLES,
        homes=organisations.search(database(), kinds=["nmi", "body"]),
        problem=problem,
    ), status
