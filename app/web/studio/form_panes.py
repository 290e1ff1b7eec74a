"""A form of the draft as people would see it: filled in on trial by the very code of the product, in both languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from markupsafe import Markup

from app import clock, forms
from app.engine import DefinitionErrors, Finding, Json
from app.errors import Problem
from app.forms import Context, Draft, Field, Form, Option
from app.forms.editing import Halves
from app.i18n import LOCALES, Text, use_locale

_SAMPLES: Mapping[str, Json] = {"integer": 3, "number": 2.5, "boolean": True}


@dataclass(frozen=True, slots=True)
class Trial:
    """A form tried out: what was typed, what is wrong with it, and what it would give on."""

    form: Form
    draft: Draft
    errors: Mapping[str, Problem]
    values: Mapping[str, Json]
    checked: bool


def opened(halves: Halves, name: str) -> Form | tuple[Finding, ...]:
    """The form, or what keeps it from being one."""
    try:
        return forms.load_form(*halves, name)
    except DefinitionErrors as errors:
        return tuple(errors.findings)


def tried(form: Form, posted: Mapping[str, Sequence[str]], *, check: bool) -> Trial:
    """Read what was typed into the preview; judged only when the button was pressed."""
    context = sample_context(form)
    if not posted:
        return Trial(form, Draft({}), {}, {}, checked=False)
    draft = forms.parse(form, posted, None, context)
    checked = forms.check(form, draft.values, context)
    judge = check and not draft.pressed
    errors = {**draft.faults, **(checked.errors if judge else {})}
    return Trial(form, draft, errors, checked.values, judge)


def panes(trial: Trial, action: str) -> Markup:
    """Both languages beside each other, each rendered as if the reader had chosen it."""
    written = []
    for locale in LOCALES:
        with use_locale(locale):
            context = sample_context(trial.form)
            view = forms.view(trial.form, trial.draft, trial.errors, context, ids=f"p-{locale}")
            printed = forms.present(trial.form, trial.values, locale, context)
            shown = {"view": view, "printed": printed, "trial": trial, "action": action, "language": locale}
            written.append(render_template("studio/form_pane.html", **shown))
    return Markup("").join(Markup(one) for one in written)  # noqa: S704 - templates escape


def sample_context(form: Form) -> Context:
    """Three things to choose from wherever the program would supply a list, and an example of all that it shows."""
    offered = [Option(f"sample_{n}", Text(f"Пример {n}", f"Example {n}")) for n in (1, 2, 3)]
    shown = {one.name: _sample(one) for one in form.group.inputs if one.read_only and one.rows is None}
    return Context(dict.fromkeys(form.sources, offered), shown, {}, clock.today("UTC"))


def _sample(field: Field) -> Json:
    if field.kind == "date":
        return date(2026, 11, 22).isoformat()
    if field.options:
        return [field.options[0].value] if field.type == "array" else field.options[0].value
    if field.type == "array":
        return []
    return _SAMPLES.get(field.type) or str(Text("Пример", "Example"))
