"""A form of the draft in front of an analyst in the sandbox: the product's own form, with people who are none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app import forms
from app.errors import Problem
from app.forms import Context, Draft, Form, FormView, Option
from app.i18n import Text
from app.identity import organisations
from app.identity.models import OrganisationKind
from app.workflow.sandbox import Setting, filling
from app.workflow.sandbox.filling import SampleFile
from app.workflow.sandbox.times import Times
from app.workflow.sandbox.values import dated

_PEOPLE = frozenset(
    {
        "creators", "executors", "members", "own_reviewers", "participants", "people", "representatives", "volunteers",
    }
)  # fmt: skip
_KINDS: Mapping[str, OrganisationKind] = {"bodies": "body", "outdated_bodies": "body", "nmis": "nmi"}
_UNFIT = re.compile(r"[^\w .()-]")
SAMPLES = Text("Пример", "Sample")


@dataclass(frozen=True, slots=True)
class Desk:
    """The form with what is on it."""

    form: Form
    context: Context
    values: Mapping[str, Any]
    day: date

    def view(self, errors: Mapping[str, Problem] | None = None, draft: Draft | None = None) -> FormView:
        return forms.view(self.form, draft or self.values, errors, self.context)


def lay(
    session: Session, form: Form, setting: Setting, data: Mapping[str, Any], day: date, values: Mapping[str, Any]
) -> Desk:
    options = {source: _options(session, source, setting) for source in form.sources}
    current = filling.shown(form, data, day)
    return Desk(form, Context(options, current, filling.files_in(dict(values)), day), values, day)


def read(desk: Desk) -> tuple[Desk, Draft]:
    """What this request posted. Files are looked at and dropped: only their names stay."""
    posted = request.form.to_dict(flat=False)
    kept = filling.files_in([_plain(text) for texts in posted.values() for text in texts if text.startswith("file:")])
    sent = {path: [_pretended(one) for one in request.files.getlist(path) if one.filename] for path in request.files}
    context = replace(desk.context, files={**desk.context.files, **kept})
    draft = forms.parse(desk.form, posted, sent, context)
    files = {**context.files, **draft.attached}
    return replace(desk, values=draft.values, context=replace(context, files=files)), draft


def filled(desk: Desk, recorded: Mapping[str, Any], times: Times, now: datetime) -> Desk:
    """With sample answers where nothing was typed: those of a recorded scenario, and something for what they leave."""
    later = times.in_workdays(now, filling.AHEAD)
    typed = {one: value for one, value in desk.values.items() if _is_answer(value)}
    known = {**dated(recorded, times, now), **typed}
    values = filling.fill(desk.form, desk.context, known, later)
    files = {**desk.context.files, **filling.files_in(values)}
    return replace(desk, values=values, context=replace(desk.context, files=files))


def _is_answer(value: Any) -> bool:
    """Whether something was typed; a table of blank rows is none."""
    return any(map(_is_answer, value)) if isinstance(value, list) else value not in ("", {}, None)


def _pretended(part: FileStorage) -> SampleFile:
    part.stream.seek(0, 2)
    one = filling.file_of(_plain(f"file:{part.filename}"))
    return replace(one, size=part.stream.tell())


def _plain(ident: str) -> str:
    """A name that is safe to be written anywhere."""
    name = _UNFIT.sub("_", ident.removeprefix("file:").replace("\\", "/").rpartition("/")[2])[-80:].strip()
    return f"file:{name or 'sample.pdf'}"


def _options(session: Session, source: str, setting: Setting) -> list[Option]:
    if source in _PEOPLE:
        return [Option(f"${one.name}", Text(*one.names)) for one in setting.people]
    if source in _KINDS:
        known = organisations.search(session, kinds=[_KINDS[source]])
        return [
            Option(one.id, Text(_named(one.code_ru, one.name_ru), _named(one.code_en, one.name_en))) for one in known
        ]
    return [Option(f"sample-{n}", Text(f"{SAMPLES.ru} {n}", f"{SAMPLES.en} {n}")) for n in (1, 2, 3)]


def _named(code: str, name: str) -> str:
    return f"{code} – {name}" if code else name
