"""What the check says about forms: the shape of the two files first, then whether they make sense together."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine import Finding
from app.engine.functions import METHOD_WALKS, METHODS, RESERVED
from app.forms import findings_answers, findings_conditions, findings_names, findings_texts
from app.forms.building import group_of
from app.forms.dialect import Half, file_of, read_half
from app.forms.remarks import Part, Remark
from app.i18n import Text

_PATH = re.compile(r"forms/([^/]+)\.(schema|ui)\.json")
_FORM_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What forms may refer to; None: not known here, so not checked."""

    binds: Collection[str] | None = None
    """Places of domain data that `x-bind` may name."""
    sources: Collection[str] | None = None
    """Names that `options_from` may have."""
    kinds: Collection[str] | None = None
    """Kinds of file that `accept` may list."""
    functions: Collection[str] = RESERVED - METHODS - METHOD_WALKS
    """Names of the expression language, which no field may take; in a row they are only keys.

    Those that Python has as methods (`title`) mislead nobody.
    """


def check_form(schema: bytes, ui: bytes, name: str, surroundings: Surroundings | None = None) -> list[Finding]:
    """Everything wrong with one form; severity `publishing` for a missing language."""
    what, findings = read_half(schema, name, "schema")
    how, more = read_half(ui, name, "ui")
    findings += more
    if not _FORM_NAME.fullmatch(name):
        findings.append(_misnamed(name))
    if any(one.severity == "error" for one in findings):
        return findings
    remarks = _remarks(what, how, surroundings or Surroundings())
    return findings + [
        Finding(file_of(name, r.half), r.element, r.rule, r.severity, r.message, r.hint) for r in remarks
    ]


def check_forms(files: Mapping[str, bytes], surroundings: Surroundings | None = None) -> list[Finding]:
    """The findings of all forms of a release (path -> bytes), also a file that lacks its other half."""
    findings: list[Finding] = []
    whole = halves_of(files)
    for name, (schema, ui) in sorted(whole.items()):
        findings += check_form(files[schema], files[ui], name, surroundings)
    for path in sorted(files):
        found = _PATH.fullmatch(path)
        if found is None and path.startswith("forms/"):
            findings.append(_stray(path))
        elif found and found[1] not in whole:
            findings.append(_single(path, found[1], "ui" if found[2] == "schema" else "schema"))
    return findings


def halves_of(files: Mapping[str, bytes]) -> dict[str, tuple[str, str]]:
    """Name of a form -> paths of its two files, for the forms that have both."""
    found = {match[1] for path in files if (match := _PATH.fullmatch(path))}
    paths = {name: (file_of(name, "schema"), file_of(name, "ui")) for name in found}
    return {name: both for name, both in paths.items() if all(path in files for path in both)}


def _remarks(what: Mapping[str, Any], how: Mapping[str, Any], surroundings: Surroundings) -> Iterator[Remark]:
    shared = how.get("options", {})
    yield from findings_texts.of_form(how)
    for part in _parts(what, how, shared):
        yield from findings_names.of_part(part, () if part.above else surroundings.functions)
        yield from findings_answers.of_part(part, surroundings.binds, surroundings.sources, surroundings.kinds)
        yield from findings_conditions.of_part(part)
        yield from findings_texts.of_part(part)


def _parts(what: Mapping[str, Any], how: Mapping[str, Any], shared: Mapping[str, Any]) -> Iterator[Part]:
    """The form itself, then what one row of each table holds."""
    top = Part(what, how, shared, group_of(what, how, shared))
    yield top
    for field in top.group.inputs:
        if field.rows is not None:
            items, asked = what["properties"][field.name]["items"], how["fields"].get(field.name, {})
            yield Part(items, asked, shared, field.rows, above=field.name)


def _misnamed(name: str) -> Finding:
    message = Text(ru=f"Имя формы «{name[:60]}» не годится.", en=f"“{name[:60]}” cannot name a form.")
    hint = Text(
        ru="Строчные латинские буквы, цифры и «_», первой — буква.",
        en="Small Latin letters, digits and “_”, a letter first.",
    )
    return Finding(file_of(name, "schema"), None, "form-name", "error", message, hint)


def _stray(path: str) -> Finding:
    message = Text(ru="Файл не принадлежит ни одной форме.", en="The file belongs to no form.")
    hint = Text(
        ru="В папке forms лежат только ИМЯ.schema.json и ИМЯ.ui.json.",
        en="The folder forms holds NAME.schema.json and NAME.ui.json only.",
    )
    return Finding(path, None, "form-file", "error", message, hint)


def _single(path: str, name: str, missing: Half) -> Finding:
    message = Text(ru="У формы нет второго файла.", en="The form lacks its other file.")
    hint = Text(ru=f"Добавьте {file_of(name, missing)}.", en=f"Add {file_of(name, missing)}.")
    return Finding(path, None, "form-file", "error", message, hint)
