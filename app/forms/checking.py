"""What was typed becomes values of the right type, or a fault that says what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from app import clock
from app.engine import Json
from app.errors import Problem
from app.forms.answers import answer_of, given_rows
from app.forms.conditions import holds
from app.forms.conversion import is_blank
from app.forms.messages import REFUSED, Fault, fault, params_of
from app.forms.model import Checked, Context, Draft, Field, Form, Group
from app.i18n import Text

NO_CONTEXT = Context()


@dataclass(slots=True)
class _Judged:
    """The answers of one group, while it is gone through in order."""

    answers: dict[str, Json] = field(default_factory=dict)
    """Of the fields that are shown, read-only ones among them: what conditions look at."""
    errors: dict[str, Problem] = field(default_factory=dict)
    """By path within the group."""
    visible: dict[str, Field] = field(default_factory=dict)
    refused: bool = False
    """Holds names that the group does not ask for."""

    def add(self, name: str, problem: Problem) -> None:
        self.errors.setdefault(name, problem)


def check(form: Form, answers: Draft | Mapping[str, Json], context: Context | None = None) -> Checked:
    """Judge a draft, or values from elsewhere (typed or as text). Values of fields that are not shown are dropped.

    Given a Draft, its own faults and refused names are among the errors.
    """
    around = context or NO_CONTEXT
    if isinstance(answers, Draft) and answers.attached:
        around = replace(around, files={**around.files, **answers.attached})
    raw = answers.values if isinstance(answers, Draft) else answers
    judged = _judge(form.group, raw, around, around.current)
    errors = judged.errors
    if isinstance(answers, Draft):
        kept = ("", *judged.visible)
        errors |= {path: one for path, one in answers.faults.items() if path.partition(".")[0] in kept}
        judged.refused = judged.refused or bool(answers.refused)
    if judged.refused:
        errors[""] = Fault(REFUSED)
    places = {name: place for place, name in enumerate(_paths(form.group))}
    ordered = dict(sorted(errors.items(), key=lambda one: _place(one[0], places)))
    given = {name: value for name, value in judged.answers.items() if not judged.visible[name].read_only}
    shown = {name: value for name, value in judged.answers.items() if judged.visible[name].read_only}
    return Checked(given, shown, ordered)


def outputs(form: Form, checked: Checked, names: Iterable[str]) -> dict[str, Json]:
    """Values for task data, one for each name: None, or [] for lists, where nothing was answered.

    So that a second round never meets the answer of the first.
    """
    lists = {one.name for one in form.group.inputs if one.type == "array"}
    return {name: checked.values.get(name, [] if name in lists else None) for name in names}


def _paths(group: Group) -> list[str]:
    found = []
    for one in group.inputs:
        found += [one.name, *(f"{one.name}.{cell.name}" for cell in (one.rows.inputs if one.rows else ()))]
    return found


def _place(path: str, places: Mapping[str, int]) -> tuple[int, int, int]:
    table, _, rest = path.partition(".")
    index, _, cell = rest.partition(".")
    return places.get(table, -1), int(index) if index.isdecimal() else -1, places.get(f"{table}.{cell}", -1)


def _judge(group: Group, raw: Mapping[str, Json], context: Context, current: Mapping[str, Json]) -> _Judged:
    """Convert in order, so that each condition finds the answers before it; then required, limits and rules."""
    judged = _Judged()
    for one in group.inputs:
        if not holds(one.visible_if, judged.answers):
            continue
        judged.visible[one.name] = one
        value = current.get(one.name) if one.read_only else _answer(one, raw.get(one.name), context, judged)
        if value is not None:
            judged.answers[one.name] = value
    asked = {one.name for one in group.inputs if not one.read_only}
    judged.refused = judged.refused or not asked.issuperset(raw)
    _rules(group, judged)
    for one in judged.visible.values():
        if not one.read_only and one.name not in judged.errors:
            _limits(one, judged, context)
    return judged


def _answer(one: Field, raw: Json, context: Context, judged: _Judged) -> Json:
    try:
        return _rows(one, one.rows, raw, context, judged) if one.rows else answer_of(one, raw, context)
    except Fault as problem:
        judged.add(one.name, problem)
        return None


def _rows(table: Field, group: Group, raw: Json, context: Context, judged: _Judged) -> Json:
    rows = [] if raw is None or raw == "" else raw
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise fault(table, "type")
    given = given_rows(table, context)
    if given is not None:
        rows = (rows + [{}] * len(given))[: len(given)]
    values: list[Json] = []
    for index, row in enumerate(rows):
        assert isinstance(row, dict)
        if given is None and _is_blank_row(group, row):
            continue
        inner = _judge(group, row, context, given[index] if given is not None else {})
        values.append(inner.answers)
        judged.refused = judged.refused or inner.refused
        judged.errors |= {f"{table.name}.{index}.{path}": problem for path, problem in inner.errors.items()}
    return values or None


def _is_blank_row(group: Group, row: Mapping[str, Json]) -> bool:
    """A box that is not ticked does not make a row."""
    boxes = {cell.name for cell in group.inputs if cell.kind == "checkbox"}
    return all(is_blank(value) or (name in boxes and value in (False, "false")) for name, value in row.items())


def _rules(group: Group, judged: _Judged) -> None:
    for rule in group.rules:
        if not rule.when.is_valid(judged.answers):
            continue
        for name in sorted(rule.required & set(judged.visible) - set(judged.answers) - set(judged.errors)):
            judged.add(name, _worded(fault(judged.visible[name], "required"), rule.message))
        for name, validator in rule.then.items():
            error = next(validator.iter_errors(judged.answers[name]), None) if name in judged.answers else None
            if error is not None and name in judged.visible:
                one, keyword = judged.visible[name], str(error.validator)
                params = params_of(one, keyword, error.validator_value, judged.answers[name])
                judged.add(name, _worded(fault(one, keyword, **params), rule.message))


def _worded(problem: Fault, words: Text | None) -> Fault:
    problem.words = words or problem.words
    return problem


def _limits(one: Field, judged: _Judged, context: Context) -> None:
    value = judged.answers.get(one.name)
    if value is None:
        if one.required:
            judged.add(one.name, fault(one, "required"))
        return
    if isinstance(value, list) and len(value) > one.max_items:
        judged.add(one.name, fault(one, "maxItems", limit=one.max_items, length=len(value)))
    error = next(one.validator.iter_errors(value), None) if one.validator else None
    if error is not None:
        keyword = str(error.validator)
        judged.add(one.name, fault(one, keyword, **params_of(one, keyword, error.validator_value, value)))
    if one.not_before is not None:
        earliest = _earliest(one.not_before, judged, context)
        if earliest is not None and isinstance(value, str) and value < earliest.isoformat():
            judged.add(one.name, fault(one, "x-not-before", limit=earliest))


def _earliest(named: str, judged: _Judged, context: Context) -> date | None:
    if named == "today":
        return context.today or clock.now().date()
    other = judged.answers.get(named)
    return date.fromisoformat(other) if isinstance(other, str) else None
