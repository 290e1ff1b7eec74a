"""What a diagram editor offers: elements that run and our words that stand in them, from the tables of the check."""

from typing import Any

from app.engine.functions import FUNCTIONS, OUTSIDE
from app.engine.lint_diagram import COOMET
from app.engine.lint_elements import DRAWN, RUNS
from app.engine.lint_events import ALLOWED
from app.engine.lint_extensions import ATTRIBUTES, PLACES
from app.i18n import Text

_WORDED = frozenset(("text", "parameter", "input", "output"))
"""Words of ours that hold a text beside their attributes."""
_FIRST = frozenset(("lang", "name", "form", "operation", "table", "event", "key"))
_ENCLOSED = frozenset(("laneSet", "extensionElements", "documentation"))
"""Drawn with something else, never by themselves."""
_BEYOND = ("participant", "lane")
TIMES = {
    "deadline": Text(ru="когда истекает срок с этим названием", en="when the deadline of that name is reached"),
    "before": Text(ru="за столько рабочих дней до срока", en="so many working days before the deadline"),
    "after": Text(ru="через столько рабочих дней после срока", en="so many working days after the deadline"),
    "workdays": Text(ru="через столько рабочих дней", en="in so many working days"),
}


def elements() -> list[str]:
    """Kinds of element that may be drawn."""
    return sorted((RUNS | DRAWN) - _ENCLOSED | set(_BEYOND))


def events() -> dict[str, list[str]]:
    """The kinds of event that run, by the element they stand in."""
    return {kind: sorted(allowed) for kind, allowed in ALLOWED.items()}


def places() -> dict[str, list[str]]:
    """Our words, each with the elements it may stand in."""
    return {word: list(where) for word, where in PLACES.items()}


def vocabulary() -> dict[str, Any]:
    """Our words as a package that moddle, the library under bpmn-js, reads and writes."""
    return {
        "name": "coomet",
        "uri": COOMET,
        "prefix": "coomet",
        "xml": {"tagAlias": "lowerCase"},
        "types": [_type(word) for word in ATTRIBUTES],
    }


def _rank(name: str) -> tuple[bool, str]:
    """What says most stands first in the file."""
    return name not in _FIRST, name


def _type(word: str) -> dict[str, Any]:
    properties = [{"name": name, "isAttr": True, "type": "String"} for name in sorted(ATTRIBUTES[word], key=_rank)]
    properties += [{"name": "body", "isBody": True, "type": "String"}] if word in _WORDED else []
    inner = [inside for inside, where in PLACES.items() if word in where and inside in ATTRIBUTES]
    properties += [
        {"name": f"{one}s", "type": one.capitalize(), "isMany": True}
        for one in inner
        if word in ATTRIBUTES and one != word
    ]
    return {"name": word.capitalize(), "superClass": ["Element"], "properties": properties}


def functions(position: str) -> list[dict[str, str]]:
    """What may be called in an expression: name, how it is written, what it gives, in the reader's language."""
    found = [{"name": one.name, "usage": one.usage, "help": str(one.help)} for one in FUNCTIONS.values()]
    times = [{"name": name, "usage": OUTSIDE[name], "help": str(text)} for name, text in TIMES.items()]
    return [*times, *found] if position == "timer" else found
