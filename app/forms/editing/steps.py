"""Steps on the list of fields: add, move, duplicate, remove. Each keeps both files and their order in step."""

import copy
import re
from typing import Any

from app.errors import N_, Invalid
from app.forms.editing.kinds import KINDS
from app.forms.editing.pair import GONE, MOST, Node, Pair, Part, split
from app.forms.names import fault_of
from app.i18n import Text

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
TAKEN = N_("The form has a field “%(name)s” already.")
FULL = N_("A form has at most %(most)s fields.")


class BadName(Invalid):
    """A name that no field may have; `why` says so in both languages."""

    def __init__(self, why: Text) -> None:
        super().__init__(N_("%(why)s"), why=str(why))


def add(pair: Pair, above: str, kind: str, name: str, label: Text) -> str:
    """A field (or `kind` heading) at the end of the form or of the rows of the table `above`; its key."""
    part = pair.part(above)
    if kind == "heading":
        _ordered(part).append({"heading": {"ru": label.ru, "en": label.en}})
        return _key(above, f"#{len(part.order) - 1}")
    made = KINDS.get(kind)
    if made is None or (above and not made.in_rows):
        raise Invalid(N_("There is no such kind of answer here."))
    demand_name(part, name)
    _ordered(part).append(name)
    part.properties[name] = copy.deepcopy(dict(made.schema))
    words = {"ru": label.ru, "en": label.en}
    part.asked[name] = {"label": words, **copy.deepcopy(dict(made.ui))}
    return _key(above, name)


def demand_name(part: Part, name: str) -> None:
    """Invalid for a name that is none, or has been given away."""
    fault = fault_of(name)
    if fault is not None:
        raise BadName(fault)
    if name in part.properties or name in part.asked:
        raise Invalid(TAKEN, name=name)
    if len(part.properties) >= MOST:
        raise Invalid(FULL, most=MOST)


def move(pair: Pair, key: str, by: int) -> str:
    """One place up (-1) or down (1) among its own; at the end it stays. Its key afterwards."""
    above, part, place = _find(pair, key)
    order = _ordered(part)
    target = place + by
    if 0 <= target < len(order):
        order[place], order[target] = order[target], order[place]
    else:
        target = place
    return _key(above, f"#{target}") if isinstance(order[target], dict) else key


def duplicate(pair: Pair, key: str) -> str:
    """The same once more, right behind it, under a name of its own; it is not bound to the same place of data."""
    above, part, place = _find(pair, key)
    order = _ordered(part)
    if isinstance(order[place], dict):
        order.insert(place + 1, copy.deepcopy(order[place]))
        return _key(above, f"#{place + 1}")
    name = str(order[place])
    again = _free(part, name)
    demand_name(part, again)
    order.insert(place + 1, again)
    insert_after(part.properties, name, again, copy.deepcopy(part.properties.get(name, {"type": "string"})))
    insert_after(part.asked, name, again, copy.deepcopy(part.asked.get(name, {})))
    part.properties[again].pop("x-bind", None)
    required = part.schema.get("required")
    if isinstance(required, list) and name in required:
        required.append(again)
    return _key(above, again)


def remove(pair: Pair, key: str) -> None:
    """Out of both files. What else speaks of it (conditions) stays, and is a finding."""
    _, part, place = _find(pair, key)
    order = _ordered(part)
    gone = order.pop(place)
    if isinstance(gone, dict):
        return
    part.properties.pop(gone, None)
    part.asked.pop(gone, None)
    required = part.schema.get("required")
    if isinstance(required, list) and gone in required:
        required.remove(gone)
        if not required:
            del part.schema["required"]


def heading_of(pair: Pair, key: str) -> Node:
    _, part, place = _find(pair, key)
    found = _ordered(part)[place]
    if not isinstance(found, dict):
        raise Invalid(GONE)
    return found


def _find(pair: Pair, key: str) -> tuple[str, Part, int]:
    """The part and the place in its order. Invalid where nothing is there any more."""
    above, name = split(key)
    part = pair.part(above)
    order = part.order
    if name.startswith("#") and name[1:].isdigit() and len(name) < 6:
        place = int(name[1:])
        if place < len(order) and isinstance(order[place], dict):
            return above, part, place
    elif name in order:
        return above, part, order.index(name)
    raise Invalid(GONE)


def _ordered(part: Part) -> list[Any]:
    """The order as a list of the file, written out where the file left it to the order of `fields`."""
    order = part.order
    if part.ui.get("order") != order:
        part.ui["order"] = order
    found: list[Any] = part.ui["order"]
    return found


def _free(part: Part, name: str) -> str:
    stem = re.sub(r"_\d{1,3}$", "", name)[:36]
    return next(one for number in range(2, MOST + 3) if (one := f"{stem}_{number}") not in part.properties)


def insert_after(node: Node, name: str, key: str, value: Any) -> None:
    """A new key right behind another, or last."""
    behind = False
    for known in list(node):
        if behind:
            node[known] = node.pop(known)
        if known == name:
            behind = True
            node[key] = value
    if not behind:
        node[key] = value


def _key(above: str, name: str) -> str:
    return f"{above}.{name}" if above else name
