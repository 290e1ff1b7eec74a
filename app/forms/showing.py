"""Fields and answers become what the macros write out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.engine import Json
from app.errors import Problem
from app.forms.answers import given_rows, options_of
from app.forms.cleaning import clean_line, clean_text
from app.forms.conditions import holds
from app.forms.conversion import read_date
from app.forms.messages import in_words, say
from app.forms.model import MAX_ROWS, Condition, Context, Draft, Field, Form, Group
from app.forms.printing import present_field
from app.forms.sizes import file_size, kinds_in_words
from app.forms.views import FieldView, FileView, FormView, OptionView, RowView, When, Wrong
from app.i18n import _


def prefilled(form: Form, context: Context) -> dict[str, Json]:
    """What a page without a draft begins with: the bound and given values of the fields that are asked."""
    asked = (one for one in form.group.inputs if not one.read_only)
    return {one.name: context.current[one.name] for one in asked if one.name in context.current}


def view(
    form: Form,
    answers: Draft | Mapping[str, Json],
    errors: Mapping[str, Problem] | None = None,
    context: Context | None = None,
    ids: str = "f",
) -> FormView:
    """The form in the current language, filled with a draft or with typed values; a draft also tells where to go on.

    `ids` begins the ids of its inputs: a page that shows a form twice has two of them.
    """
    around = context or Context()
    draft = answers if isinstance(answers, Draft) else Draft(dict(answers))
    if draft.attached:
        around = replace(around, files={**around.files, **draft.attached})
    maker = _Maker(errors or {}, around, draft.focus, ids)
    fields = tuple(maker.fields(form.group, draft.values, around.current, ""))
    return FormView(
        name=form.name,
        title=str(form.title),
        intro=str(form.intro),
        fields=fields,
        errors=tuple(_wrong(errors or {}, fields)),
        has_files=any(map(_has_files, form.fields)),
    )


@dataclass(slots=True)
class _Maker:
    """Makes the views of one page's fields."""

    errors: Mapping[str, Problem]
    context: Context
    focus: str | None
    ids: str

    def fields(
        self, group: Group, values: Mapping[str, Json], current: Mapping[str, Json], above: str
    ) -> Iterator[FieldView]:
        """In order; a field whose condition looks at a read-only one is decided here and needs no condition more."""
        by_name = {one.name: one for one in group.inputs}
        known: dict[str, Json] = {}
        gone: set[str] = set()
        for one in group.fields:
            condition = one.visible_if
            other = by_name.get(condition.field) if condition else None
            decided = other is not None and (other.read_only or other.name in gone)
            if decided and not holds(condition, known):
                gone.add(one.name)
                continue
            if one.read_only and one.name in current:
                known[one.name] = current[one.name]
            raw = current.get(one.name) if one.read_only else values.get(one.name)
            when = _when(condition, other, above) if condition and other and not decided else None
            yield self.field(one, raw, f"{above}{one.name}", when)

    def field(self, one: Field, raw: Json, path: str, when: When | None) -> FieldView:
        problem = self.errors.get(path)
        made = FieldView(
            kind=one.kind,
            path=path,
            id=id_of(path, self.ids),
            label=str(one.label),
            help=str(one.help),
            required=one.required,
            error=say(problem) if problem is not None and one.kind != "heading" else "",
            when=when,
            focus=self.focus == path,
            autocomplete=one.autocomplete or "",
        )
        if one.kind == "heading":
            return made
        if one.read_only:
            return replace(made, kind="read-only", required=False, printed=present_field(one, raw, self.context))
        if one.rows is not None:
            return self.table(made, one, one.rows, raw)
        if one.kind == "file":
            return self.file(made, one, raw)
        if one.kind in ("radio", "select", "checkboxes"):
            return replace(made, options=self.options(one, raw, made.id))
        return replace(made, **_typed(one, raw))

    def options(self, one: Field, raw: Json, id_: str) -> tuple[OptionView, ...]:
        chosen = {_plain(value) for value in (raw if isinstance(raw, list) else [raw])}
        return tuple(
            OptionView(
                id_ if number == 1 else f"{id_}-{number}", option.value, str(option.label), option.value in chosen
            )
            for number, option in enumerate(options_of(one, self.context), 1)
        )

    def file(self, made: FieldView, one: Field, raw: Json) -> FieldView:
        ids = [id_ for id_ in (raw if isinstance(raw, list) else [raw]) if isinstance(id_, str)]
        stored = [self.context.files[id_] for id_ in ids if id_ in self.context.files]
        size = file_size(one.max_bytes) if one.max_bytes else ""
        limit = (
            (_("up to %(size)s each", size=size) if one.multiple else _("up to %(size)s", size=size)) if size else ""
        )
        return replace(
            made,
            files=tuple(FileView(file.id, clean_line(file.name), file_size(file.size)) for file in stored),
            multiple=one.multiple,
            accept=",".join(f".{kind}" for kind in one.accept),
            hint="; ".join(part for part in (kinds_in_words(one.accept), limit if size else "") if part),
        )

    def table(self, made: FieldView, one: Field, group: Group, raw: Json) -> FieldView:
        given = given_rows(one, self.context)
        rows = [row if isinstance(row, dict) else {} for row in raw] if isinstance(raw, list) else []
        least = len(given) if given is not None else max(one.min_items, int(one.required))
        rows += [{}] * (least - len(rows))
        rows = rows[:least] if given is not None else rows[:MAX_ROWS]
        name = str(one.row) or _("Entry")
        views = []
        for index, row in enumerate(rows):
            path = f"{made.path}.{index}"
            cells = tuple(self.fields(group, row, given[index] if given is not None else {}, f"{path}."))
            views.append(RowView(path, f"{name} {index + 1}", cells, removable=given is None))
        free = given is None and len(rows) < one.max_items
        return replace(made, rows=tuple(views), add=(str(one.add) or _("Add an entry")) if free else "")


def id_of(path: str, lead: str = "f") -> str:
    """The id in the page of the input posted as that path."""
    return f"{lead}-" + path.replace(".", "-")


def _plain(raw: Json) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return clean_text(raw) if isinstance(raw, str) else in_words(raw) if isinstance(raw, int | float) else ""


def _typed(one: Field, raw: Json) -> dict[str, Any]:
    """Value and notation of an input with a caret, or a box."""
    value = _plain(raw)
    if one.kind == "date":
        day = read_date(clean_line(value))
        known = {"value": day.isoformat() if day else "", "input_type": "date"} if day or not value else {}
        return {"value": value, "short": True, "hint": _("Day, month, year, for example 22.11.2026"), **known}
    if one.kind == "number":
        schema = one.validator.schema if one.validator else {}
        positive = isinstance(schema, Mapping) and schema.get("minimum", -1) >= 0
        mode = "decimal" if one.type == "number" else "numeric"
        return {"value": value, "short": True, "mode": mode if positive else ""}
    if one.email:
        return {"value": value, "input_type": "email"}
    return {"value": value, "input_type": "tel" if one.autocomplete == "tel" else "text", "short": one.max_length <= 20}


def _when(condition: Condition, other: Field, above: str) -> When:
    values = [_plain(value) for value in condition.values]
    question = str(other.label)
    if other.kind == "checkbox":
        ticked = ("true" in values) != condition.negated
        words = _("Only if “%(question)s” is ticked") if ticked else _("Only if “%(question)s” is not ticked")
        words %= {"question": question}
    else:
        labels = {option.value: str(option.label) for option in other.options}
        answers = _("” or “").join(labels.get(value, value) for value in values)
        words = (
            _("Only if the answer to “%(question)s” is not “%(answers)s”", question=question, answers=answers)
            if condition.negated
            else _("Only if the answer to “%(question)s” is “%(answers)s”", question=question, answers=answers)
        )
    return When(f"{above}{other.name}", json.dumps(values, ensure_ascii=False), condition.negated, words)


def _wrong(errors: Mapping[str, Problem], fields: tuple[FieldView, ...]) -> Iterator[Wrong]:
    """In the order of the errors; one without a place in the page stands alone."""
    places = {one.path: (one.id, one.label) for one in fields}
    for row in (row for one in fields for row in one.rows):
        places |= {cell.path: (cell.id, f"{row.title}, {cell.label}") for cell in row.fields}
    for path, problem in errors.items():
        anchor, label = places.get(path, ("", ""))
        closed = not label or label[-1] in ".?!:…"
        yield Wrong(anchor, label if closed else f"{label}.", say(problem))


def _has_files(one: Field) -> bool:
    return one.kind == "file" or (one.rows is not None and any(map(_has_files, one.rows.inputs)))
