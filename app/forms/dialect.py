"""The dialect's shape: which keywords may stand where. Its two meta-schemas lie beside this file."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from app.engine import Finding
from app.forms.strict_json import BadJson, read_json
from app.i18n import Text

Half = Literal["schema", "ui"]
LIMIT_FINDINGS = 50
SCHEMA_ONLY = {"enum", "type", "required", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "items"}
UI_ONLY = {"title", "description", "label", "help", "widget", "options", "visible_if", "read_only", "readOnly"}
_TYPES = {
    "object": Text(ru="объект {…}", en="an object {…}"),
    "array": Text(ru="список […]", en="a list […]"),
    "string": Text(ru="текст в кавычках", en="a text in quotation marks"),
    "boolean": Text(ru="true или false", en="true or false"),
    "integer": Text(ru="целое число", en="a whole number"),
    "number": Text(ru="число", en="a number"),
}


@cache
def _meta(half: Half) -> Draft202012Validator:
    path = Path(__file__).with_name(f"{half}.meta.json")
    return Draft202012Validator(json.loads(path.read_text("utf-8")))


def file_of(name: str, half: Half) -> str:
    return f"forms/{name}.{half}.json"


def read_half(data: bytes, name: str, half: Half) -> tuple[dict[str, Any], list[Finding]]:
    """The file as an object of the dialect, or {} and what keeps it from being one.

    The object is kept for the next check of the same bytes, so nobody may change it.
    """
    value, findings = _judged(data, name, half)
    return value, list(findings)


@lru_cache(maxsize=1024)
def _judged(data: bytes, name: str, half: Half) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Against the meta-schema, which takes most of the time that a check of forms takes."""
    file = file_of(name, half)
    try:
        value = read_json(data)
    except BadJson as error:
        return {}, (_unreadable(file, error),)
    found: dict[tuple[str | None, str], Finding] = {}
    for fault in map(_Fault.of, _meta(half).iter_errors(value)):
        for finding in _findings(file, half, fault):
            found.setdefault((finding.element, finding.message.en), finding)
        if len(found) >= LIMIT_FINDINGS:
            break
    return value if isinstance(value, dict) else {}, tuple(found.values())


def _unreadable(file: str, error: BadJson) -> Finding:
    return Finding(
        file, None, "form-json", "error",
        Text(
            ru=f"Файл не читается как JSON: {error.reason.ru}.",
            en=f"The file cannot be read as JSON: {error.reason.en}.",
        ),
        Text(
            ru="Исправьте запись: кавычки, запятые и скобки должны быть парными, ключи — неповторяющимися.",
            en="Correct the notation: quotation marks, commas and brackets in pairs, every key once.",
        ),
        error.line,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Fault:
    """A keyword of the meta-schema that was not fulfilled."""

    keyword: str
    wanted: Any
    instance: Any
    allowed: tuple[str, ...]
    path: tuple[str, ...]

    @classmethod
    def of(cls, error: ValidationError) -> "_Fault":
        schema: Any = error.schema
        allowed = schema.get("properties", ()) if isinstance(schema, Mapping) else ()
        path = tuple(str(step) for step in error.absolute_path)
        return cls(str(error.validator), error.validator_value, error.instance, tuple(sorted(allowed)), path)


def _findings(file: str, half: Half, fault: _Fault) -> Iterator[Finding]:
    element = element_of(fault.path)
    if fault.keyword == "additionalProperties" and isinstance(fault.instance, Mapping):
        for key in sorted(set(fault.instance) - set(fault.allowed)):
            yield Finding(file, element, "form-keyword", "error", _unknown(key), _instead(key, fault.allowed, half))
        return
    message, hint = _words(fault)
    yield Finding(file, element, "form-keyword", "error", message, hint)


def _unknown(key: str) -> Text:
    return Text(ru=f"Ключ «{key}» здесь не предусмотрен.", en=f"The key “{key}” is not provided for here.")


def _instead(key: str, allowed: tuple[str, ...], half: Half) -> Text:
    if half == "schema" and key in UI_ONLY:
        return Text(
            ru="Все, что читает человек, стоит в файле .ui.json.", en="What people read stands in the .ui.json file."
        )
    if half == "ui" and key in SCHEMA_ONLY:
        return Text(
            ru="Что можно ответить, сказано в файле .schema.json.", en="What may be answered is said in .schema.json."
        )
    near = difflib.get_close_matches(key, allowed, 1)
    if near:
        return Text(ru=f"Возможно, имелось в виду «{near[0]}».", en=f"Perhaps “{near[0]}” was meant.")
    listed = ", ".join(one for one in allowed if one != "$comment")
    return Text(ru=f"Здесь возможны: {listed}.", en=f"Possible here: {listed}.")


def _words(fault: _Fault) -> tuple[Text, Text]:
    """What is wrong and what to do."""
    key = fault.path[-1] if fault.path else ""
    ru, en = (f"«{key}»: ", f"“{key}”: ") if key else ("", "")
    if fault.keyword in ("required", "dependentRequired"):
        missing = ", ".join(_missing(fault))
        return Text(ru=f"{ru}не хватает ключа {missing}.", en=f"{en}the key {missing} is missing."), Text(
            ru="Добавьте его.", en="Add it."
        )
    if fault.keyword == "type":
        kinds = [_TYPES[one] for one in ([fault.wanted] if isinstance(fault.wanted, str) else fault.wanted)]
        return Text(ru=f"{ru}запись другого вида.", en=f"{en}written in another way."), Text(
            ru=f"Здесь нужно: {' или '.join(kind.ru for kind in kinds)}.",
            en=f"Needed here: {' or '.join(kind.en for kind in kinds)}.",
        )
    if fault.keyword in ("enum", "const"):
        listed = ", ".join(json.dumps(one) for one in (fault.wanted if fault.keyword == "enum" else [fault.wanted]))
        return Text(ru=f"{ru}такого значения нет.", en=f"{en}there is no such value."), Text(
            ru=f"Возможно: {listed}.", en=f"Possible: {listed}."
        )
    bound = json.dumps(fault.wanted, ensure_ascii=False)
    return Text(ru=f"{ru}значение здесь не подходит.", en=f"{en}the value does not fit here."), Text(
        ru=f"Должно выполняться: {fault.keyword} {bound}.", en=f"It has to fulfil: {fault.keyword} {bound}."
    )


def _missing(fault: _Fault) -> list[str]:
    """Computed from the rule, never from the library's message."""
    if fault.keyword == "required":
        return [f"“{one}”" for one in fault.wanted if one not in fault.instance]
    present = [needed for key, needed in fault.wanted.items() if key in fault.instance]
    return [f"“{one}”" for needed in present for one in needed if one not in fault.instance]


def element_of(path: Sequence[str]) -> str | None:
    """`documents.year` from the path of keys into either file."""
    names = [after for before, after in pairwise(path) if before in ("properties", "fields")]
    return ".".join(names) or None
