"""An instance as bytes: a version, then its levels as rows in the order in which their tokens came."""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

import orjson

from app.engine.ledger import LIVE, Ledger
from app.engine.library import BpmnProcessSpec
from app.engine.tokens import Instance, Level, SubLevel, Token
from app.engine.values import Json

VERSION = 2
"""Since 2 a checksum of four bytes follows the version, so that a damaged state is known as such (F34)."""
_UNCHECKED = 1


class UnreadableState(ValueError):
    """The bytes are no state of an instance, or of another release, or of a later version of the program."""


def dump(instance: Instance) -> bytes:
    """First byte: the format's version. Data are kept as differences to the parent token's, or the owner's."""
    levels = [_dump_level(level) for level in instance.levels()]
    written = orjson.dumps([instance.end_event, levels])
    return bytes([VERSION]) + crc32(written).to_bytes(4) + written


def _dump_level(level: Level) -> list[Any]:
    places: dict[str, int] = {}
    rows = []
    for token in level.tasks.values():
        parent = level.tasks[token._parent] if token._parent is not None else level.owner
        changed, gone = _differ(parent.data, token.data) if parent is not None else (token.data, [])
        place = places.get(token._parent or "", -1)
        rows.append((token.id, place, token.task_spec.name, token._state, changed, gone, token.internal_data))
        places[token.id] = len(places)
    return [level.spec.name, level.owner and level.owner.id, level.data if level.completed else None, rows]


def _differ(base: Mapping[str, Json], data: Mapping[str, Json]) -> tuple[dict[str, Json], list[str]]:
    changed = {name: value for name, value in data.items() if name not in base or not _same(base[name], value)}
    return changed, [name for name in base if name not in data]


def _same(one: Json, other: Json) -> bool:
    """Equality of JSON: True is not 1."""
    return one is other or (type(one) is type(other) and not isinstance(one, list | dict) and one == other)


def load(specs: Mapping[str, BpmnProcessSpec], state: bytes, ledger: Ledger) -> Instance:
    """The instance; raises UnreadableState."""
    written = _payload(state)
    try:
        end_event, (top, *levels) = orjson.loads(written)
        instance = Instance(specs, top[0], ledger)
        instance.end_event = end_event
        _load_level(instance, top)
        tokens = dict(instance.tasks)
        for dumped in levels:
            name, owner = dumped[0], tokens[dumped[1]]
            level = instance.subprocesses[owner.id] = SubLevel(specs[name], owner, instance)
            _load_level(level, dumped)
            tokens |= level.tasks
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise UnreadableState(f"{type(error).__name__}: {error}") from error
    return instance


def positions(state: bytes) -> set[tuple[str, str]]:
    """(Process, element) of every token that lives, read without a release. Raises UnreadableState."""
    found = set()
    try:
        for name, _, _, rows in orjson.loads(_payload(state))[1]:
            process = name.partition("/")[0]
            found |= {(process, row[2].removesuffix(" [child]")) for row in rows if row[3] in LIVE}
    except (IndexError, ValueError, TypeError) as error:
        raise UnreadableState(f"{type(error).__name__}: {error}") from error
    return found


def _payload(state: bytes) -> bytes:
    if state[:1] == bytes([_UNCHECKED]):
        return state[1:]
    if state[:1] != bytes([VERSION]):
        raise UnreadableState("unknown version of the format")
    if crc32(state[5:]).to_bytes(4) != state[1:5]:
        raise UnreadableState("the bytes have been damaged")
    return state[5:]


def _load_level(level: Level, dumped: list[Any]) -> None:
    _, _, data, rows = dumped
    if data is not None:
        level.data, level.completed = data, True
    nodes, tasks = level.spec.task_specs, level.tasks
    order: list[Token] = []
    for id_, place, name, state, changed, gone, internal in rows:
        parent = order[place] if place >= 0 else None
        base = parent or level.owner
        token = Token.__new__(Token)
        token.id, token.workflow, token.task_spec, token._state = id_, level, nodes[name], state
        token._parent, token._children = parent and parent.id, []
        token.data = _patch(base.data, changed, gone) if base is not None else changed
        token.internal_data = internal
        if parent is not None:
            parent._children.append(id_)
        tasks[id_] = token
        order.append(token)
    level.task_tree = order[0]


def _patch(base: Mapping[str, Json], changed: Mapping[str, Json], gone: list[str]) -> dict[str, Json]:
    data = {**base, **changed}
    for name in gone:
        del data[name]
    return data
