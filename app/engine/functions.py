"""The table of functions: all pure, on plain values; what an analyst may call and what the studio offers.

Each runs as run(fuel, *values, **keywords), pays for what it walks or builds, and raises for values that do not fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.engine import functions_lists as lists
from app.engine import functions_numbers as numbers
from app.engine import functions_texts as texts
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the table.

    `least`, `most`: how many values in brackets. `walks`: which of them is only gone through, so that a generator
    ("lazy") or dict.values() may stand there. `alone`: only when it is the single value, as in max(list).
    """

    name: str
    run: Callable[..., Any]
    least: int
    most: int
    usage: str
    help: Text
    keywords: tuple[str, ...] = ()
    walks: int | None = None
    lazy: bool = True
    alone: bool = False


def _row(
    name: str, run: Callable[..., Any], counts: tuple[int, int], usage: str, ru: str, en: str, **more: Any
) -> tuple[str, Function]:
    return name, Function(name, run, counts[0], counts[1], usage, Text(ru=ru, en=en), **more)


_MANY = 20

NUMBERS: Mapping[str, Function] = dict(
    [
        _row("abs", numbers.absolute, (1, 1), "abs(x)", "число без знака", "number without its sign"),
        _row("round", numbers.rounded, (1, 2), "round(x, 2)", "округлить (5 – к чётному)", "round (half to even)"),
        _row("int", numbers.whole, (1, 1), "int(x)", "целое число", "whole number"),
        _row("float", numbers.decimal, (1, 1), "float(x)", "дробное число", "number with a fraction"),
        _row("bool", numbers.truth, (1, 1), "bool(x)", "есть ли значение", "whether there is a value"),
        _row("str", texts.written, (1, 1), "str(x)", "число или да/нет текстом", "number or truth as text"),
    ]
)

LISTS: Mapping[str, Function] = dict(
    [
        _row("len", lists.length, (1, 1), "len(x)", "сколько элементов", "how many elements", walks=0, lazy=False),
        _row(
            "min",
            lists.smallest,
            (1, _MANY),
            "min(list, default=0), min(a, b)",
            "наименьшее",
            "the smallest",
            walks=0,
            alone=True,
            keywords=("default",),
        ),
        _row(
            "max",
            lists.largest,
            (1, _MANY),
            "max(list, default=0), max(a, b)",
            "наибольшее",
            "the largest",
            walks=0,
            alone=True,
            keywords=("default",),
        ),
        _row("sum", lists.total, (1, 2), "sum(numbers)", "сумма", "the sum", walks=0),
        _row("any", lists.some, (1, 1), "any(x > 1 for x in a)", "верно ли для одного", "true for one", walks=0),
        _row("all", lists.every, (1, 1), "all(x > 1 for x in a)", "верно ли для всех", "true for all", walks=0),
        _row(
            "sorted",
            lists.ordered,
            (1, 1),
            "sorted(list, reverse=True)",
            "по порядку",
            "in order",
            walks=0,
            keywords=("reverse",),
        ),
        _row("list", lists.listed, (0, 1), "list(x)", "элементы списком", "elements as a list", walks=0),
        _row("unique", lists.unique, (1, 1), "unique(list)", "без повторов", "without repetitions", walks=0),
        _row("get", lists.fetch, (2, 3), "get(record, 'field', default)", "поле или замена", "field or default"),
        _row("keys", lists.names, (1, 1), "keys(record)", "имена полей списком", "field names as a list"),
        _row("values", lists.contents, (1, 1), "values(record)", "значения полей списком", "field values as a list"),
        _row("count", lists.count, (2, 2), "count(list, x)", "сколько раз встречается", "how often it occurs"),
        _row("index", lists.index, (2, 2), "index(list, x)", "номер элемента, с 0", "place of the element, from 0"),
    ]
)

TEXTS: Mapping[str, Function] = dict(
    [
        _row("lower", texts.lower, (1, 1), "lower(text)", "строчными буквами", "in lower case"),
        _row("upper", texts.upper, (1, 1), "upper(text)", "прописными буквами", "in upper case"),
        _row("capitalize", texts.capitalize, (1, 1), "capitalize(text)", "с прописной буквы", "capital first letter"),
        _row("title", texts.title, (1, 1), "title(text)", "каждое слово с прописной", "each word with a capital"),
        _row("strip", texts.strip, (1, 2), "strip(text)", "без пробелов по краям", "without spaces around"),
        _row("lstrip", texts.lstrip, (1, 2), "lstrip(text)", "без пробелов в начале", "without spaces before"),
        _row("rstrip", texts.rstrip, (1, 2), "rstrip(text)", "без пробелов в конце", "without spaces after"),
        _row("startswith", texts.startswith, (2, 2), "startswith(text, part)", "начинается с", "begins with"),
        _row("endswith", texts.endswith, (2, 2), "endswith(text, part)", "кончается на", "ends with"),
        _row("removeprefix", texts.removeprefix, (2, 2), "removeprefix(text, part)", "без начала", "without the start"),
        _row("removesuffix", texts.removesuffix, (2, 2), "removesuffix(text, part)", "без конца", "without the end"),
        _row("find", texts.find, (2, 2), "find(text, part)", "место части, или -1", "place of the part, or -1"),
        _row("replace", texts.replace, (3, 3), "replace(text, old, new)", "заменить часть", "replace a part"),
        _row("split", texts.split, (1, 2), "split(text, ',')", "разделить на список", "divide into a list"),
        _row("splitlines", texts.splitlines, (1, 1), "splitlines(text)", "строки списком", "lines as a list"),
        _row("join", texts.join, (2, 2), "join(', ', list)", "соединить в текст", "join into a text", walks=1),
        _row("isdigit", texts.isdigit, (1, 1), "isdigit(text)", "только цифры", "digits only"),
    ]
)

FUNCTIONS: Mapping[str, Function] = {**NUMBERS, **LISTS, **TEXTS}
"""Called by name: len(x). A call always means the function, whatever data are named so."""

METHODS: frozenset[str] = frozenset(TEXTS) | {"get", "count", "index"}
"""Those that may also be written after a dot, as in Python: text.lower(), record.get('field')."""

WALKS: Mapping[str, tuple[int, int]] = {"range": (1, 3)}
"""Called by name where elements are gone through; how many values in brackets."""
PAIR_WALKS: Mapping[str, tuple[int, int]] = {"enumerate": (1, 2), "zip": (2, 8)}
"""The same, with as many names after `for` as each element has parts."""
METHOD_WALKS: frozenset[str] = frozenset({"keys", "values"})
METHOD_PAIR_WALKS: frozenset[str] = frozenset({"items"})

Outside = Literal["deadline", "before", "after", "workdays"]
OUTSIDE: Mapping[str, str] = {
    "deadline": "deadline('answer')",
    "before": "before('answer', workdays=3)",
    "after": "after('answer', workdays=2)",
    "workdays": "workdays(10)",
}
"""Functions of time, worked out by the caller of the engine; name -> usage."""

RESERVED: frozenset[str] = frozenset({*FUNCTIONS, *WALKS, *PAIR_WALKS, *OUTSIDE})
"""Names that a script or loop may not assign."""
