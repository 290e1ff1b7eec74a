"""Two files make a form."""

from collections.abc import Mapping

from app.engine import DefinitionErrors, Finding
from app.forms.building import group_of, text_of
from app.forms.findings import check_form, check_forms, halves_of
from app.forms.model import Form
from app.forms.strict_json import read_json


def load_form(schema: bytes, ui: bytes, name: str) -> Form:
    """One form. Raises DefinitionErrors where check_form finds errors."""
    _refuse(check_form(schema, ui, name))
    return _built(schema, ui, name)


def load_forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    """All forms of a release (path -> bytes), by name. Raises DefinitionErrors with every error found."""
    _refuse(check_forms(files))
    return {name: _built(files[schema], files[ui], name) for name, (schema, ui) in halves_of(files).items()}


def _refuse(findings: list[Finding]) -> None:
    errors = [one for one in findings if one.severity == "error"]
    if errors:
        raise DefinitionErrors(errors)


def _built(schema: bytes, ui: bytes, name: str) -> Form:
    what, how = read_json(schema), read_json(ui)
    assert isinstance(what, dict)
    assert isinstance(how, dict)
    shared = how.get("options", {})
    assert isinstance(shared, dict)
    title, intro = how.get("title"), how.get("intro")
    return Form(
        name=name,
        title=text_of(title if isinstance(title, dict) else None),
        intro=text_of(intro if isinstance(intro, dict) else None),
        group=group_of(what, how, shared),
    )
