"""Checking the parameters of a call as Moodle does: types, missing keys, keys it does not know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.connectors.moodle.stand_in.refusals import PARAMETER, MoodleError, parameter

_INT = re.compile(r"-?[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text."""


@dataclass(frozen=True, slots=True)
class Rows:
    of: Any


@dataclass(frozen=True, slots=True)
class Struct:
    required: Mapping[str, Any]
    optional: Mapping[str, Any]


INT, TEXT = Whole(), Words()


def struct(required: Mapping[str, Any], **optional: Any) -> Struct:
    return Struct(required, optional)


def check(shape: Struct, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with their types. Raises MoodleError invalidparameter."""
    found = {}
    for name, inner in {**shape.required, **shape.optional}.items():
        if name in params:
            try:
                found[name] = _value(inner, params[name])
            except MoodleError as error:
                raise parameter(f"{name} => {PARAMETER}: {error.debug}") from None
        elif name in shape.required:
            raise parameter(f"Missing required key in single structure: {name}")
    if set(params) - set(found):
        unknown = ", ".join(sorted(set(params) - set(found)))
        raise parameter(f"Unexpected keys ({unknown}) detected in parameter array.")
    return found


def _value(shape: Any, value: Any) -> Any:
    if isinstance(shape, Whole):
        return _whole(value)
    if isinstance(shape, Words):
        if not isinstance(value, str):
            raise parameter("Scalar type expected, array or object received.")
        return value
    if isinstance(shape, Rows):
        if value == "":
            return []
        if not isinstance(value, list):
            raise parameter("Only arrays accepted.")
        return [_value(shape.of, row) for row in value]
    if not isinstance(value, dict):
        raise parameter("Only arrays accepted.")
    return _inside(shape, value)


def _inside(shape: Struct, value: dict[str, Any]) -> dict[str, Any]:
    for name in shape.required:
        if name not in value:
            raise parameter(f"Missing required key in single structure: {name}")
    if unknown := set(value) - set(shape.required) - set(shape.optional):
        raise parameter(f"Unexpected keys ({', '.join(sorted(unknown))}) detected in parameter array.")
    inner = {**shape.required, **shape.optional}
    return {name: _value(inner[name], one) for name, one in value.items()}


def _whole(value: Any) -> int:
    if not isinstance(value, str) or not _INT.match(value):
        message = f'Invalid external api parameter: the value is "{value}", the server was expecting "int" type'
        raise parameter(message)
    return int(value)
