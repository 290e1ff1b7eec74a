"""JSON without its traps: no doubled keys, no NaN or infinity, no endless depth, no half characters (S67)."""

import json
import math
from typing import NoReturn

from app.engine import Json
from app.i18n import Text

LIMIT_BYTES = 1024 * 1024
LIMIT_DEPTH = 32


class BadJson(ValueError):
    """Why the text is not taken; `line` counts from 1 where it is known."""

    def __init__(self, reason: Text, line: int | None = None) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.line = line


_DEEP = Text(ru="слишком глубокая вложенность", en="nested too deeply")
_HUGE = Text(ru="слишком большое число", en="a number is too large")


def read_json(data: bytes | str, *, limit: int = LIMIT_BYTES) -> Json:
    """The value. Raises BadJson, never anything else."""
    if len(data) > limit:
        raise BadJson(Text(ru=f"длиннее {limit} байт", en=f"longer than {limit} bytes"))
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value: Json = json.loads(
            text, object_pairs_hook=_once, parse_constant=_constant, parse_float=_finite, parse_int=_short
        )
    except UnicodeDecodeError:
        raise BadJson(Text(ru="кодировка не UTF-8", en="the encoding is not UTF-8")) from None
    except json.JSONDecodeError as error:
        raise BadJson(_place(error.lineno, error.colno), error.lineno) from None
    except RecursionError:
        raise BadJson(_DEEP) from None
    _inspect(value)
    return value


def _place(line: int, column: int) -> Text:
    return Text(
        ru=f"лишний или недостающий знак, строка {line}, столбец {column}",
        en=f"a sign too many or too few, line {line}, column {column}",
    )


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            shown = ascii(key[:80])
            raise BadJson(Text(ru=f"ключ {shown} стоит дважды", en=f"the key {shown} stands twice"))
        found[key] = value
    return found


def _constant(name: str) -> NoReturn:
    raise BadJson(Text(ru=f"в JSON нет числа {name}", en=f"JSON has no number {name}"))


def _finite(literal: str) -> float:
    value = float(literal)
    if not math.isfinite(value):
        raise BadJson(_HUGE)
    return value


def _short(literal: str) -> int:
    if len(literal.lstrip("-")) > 18:
        raise BadJson(_HUGE)
    return int(literal)


def _inspect(value: Json) -> None:
    """Depth and characters, without recursion of our own."""
    level: list[Json] = [value]
    for _depth in range(LIMIT_DEPTH):
        below: list[Json] = []
        for one in level:
            if isinstance(one, str):
                _whole(one)
            elif isinstance(one, list):
                below.extend(one)
            elif isinstance(one, dict):
                below.extend(one)
                below.extend(one.values())
        if not below:
            return
        level = below
    raise BadJson(_DEEP)


def _whole(text: str) -> None:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadJson(Text(ru="половина символа (одиночный суррогат)", en="half of a character (a lone surrogate)"))
