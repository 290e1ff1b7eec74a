"""What the form editor posts, read into settings of one field."""

from dataclasses import replace

from flask import request

from app.forms.editing import Settings
from app.forms.editing.settings import Answer, limits_of
from app.i18n import Text
from app.web.numbers import whole

_MOST = 4000
ROWS = 500


def words(name: str) -> Text:
    """A text in both languages: the inputs NAME.ru and NAME.en."""
    return Text(ru=line(f"{name}.ru"), en=line(f"{name}.en"))


def line(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:_MOST]


def revisions() -> tuple[int, int]:
    return whole(request.form.get("schema_revision")), whole(request.form.get("ui_revision"))


def settings(known: Settings, *, live: bool) -> Settings:
    """As typed. While somebody is still typing (`live`) name and kind of the field stay what they are."""
    kind = known.kind if live else line("kind") or known.kind
    return replace(
        known,
        name=known.name if live else line("name"),
        kind=kind,
        label=words("label"),
        help=words("help"),
        required="required" in request.form,
        read_only="read_only" in request.form,
        widget=line("widget"),
        answers=tuple(_answers()) if kind == known.kind else known.answers,
        options_from=line("options_from") or known.options_from,
        when_field=line("when_field"),
        when_test=line("when_test"),
        when_value=line("when_value"),
        bind=line("bind") if "bind" in request.form else known.bind,
        limits={name: line(f"limit.{name}") for name in limits_of(kind)} if kind == known.kind else known.limits,
        add=words("add"),
        row=words("row"),
    )


def _answers() -> list[Answer]:
    """Rows answer.N; one without a value is none."""
    found = []
    for number in range(ROWS):
        if f"answer.{number}.value" not in request.form:
            break
        value = line(f"answer.{number}.value")
        if value:
            found.append((value, line(f"answer.{number}.ru"), line(f"answer.{number}.en")))
    return found
