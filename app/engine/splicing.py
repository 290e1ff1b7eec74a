"""A diagram that an editor has written anew, put into the bytes it came from: only what was changed is replaced.

Editors write the whole file again, in their own order and without comments. Here the two are compared by what they
mean, and the old text keeps every byte of an element that means the same as before.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from app.engine.markup import Part, Source, read_parts, read_source
from app.engine.splicing_meaning import Key, group, keyed, meaning, ordered
from app.engine.splicing_writing import Writer, leading
from app.engine.xml import parse_xml


class Unreadable(ValueError):
    """What the editor sent is no XML that we read."""


def splice(old: bytes, new: bytes, seen: bytes | None = None) -> bytes:
    """The old bytes with what `new` says; `seen` is how the editor wrote what it was given, before any change.

    With `seen` only the differences between it and `new` are carried over: what an editor cannot hold, and so leaves
    out, stays. Without it the result means what `new` means, in every detail. Raises Unreadable for a `new` that is
    not XML; an `old` that is not is given up for `new`.
    """
    fresh = _read(new)
    if fresh is None:
        raise Unreadable
    kept, before = _read(old), _read(seen) if seen is not None else None
    if kept is None or kept[1].name != fresh[1].name:
        return new
    if new in (old, seen):
        return old
    result = _Merge(kept[0], kept[1], fresh[1], before[1] if before is not None else None).run()
    return result if result == old or _holds(result, fresh[1] if before is None else None) else new


@lru_cache(maxsize=12)
def _read(content: bytes) -> tuple[Source, Part] | None:
    """The file in parts; None for what is no XML. Kept: a save begins where the one before has ended."""
    if parse_xml(content, "")[0] is None:
        return None
    source = read_source(content)
    return source, read_parts(source.text)


def _holds(result: bytes, fresh: Part | None) -> bool:
    """The net under it: what was put together is XML, and means what was sent."""
    read = _read(result)
    return read is not None and (fresh is None or meaning(read[1]) == meaning(fresh))


@dataclass
class _Merge:
    source: Source
    old: Part
    new: Part
    seen: Part | None
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.source.text, self.old)

    def run(self) -> bytes:
        self._element(self.old, self.new, self.seen, self.old)
        return self.source.written(self.writer.finished())

    def _same(self, one: Part | None, other: Part) -> bool:
        return one is not None and meaning(one) == meaning(other)

    def _element(self, old: Part, new: Part, seen: Part | None, above: Part) -> None:
        if self._same(seen, new) or self._same(old, new):
            return
        if old.text != new.text and (seen is None or seen.text != new.text):
            if old.children or new.children:
                self.writer.replace(old, new, above)
                return
            self.writer.write_text(old, new.text)
        self.writer.write_attributes(old, new, seen)
        self._children(old, new, seen)

    def _children(self, old: Part, new: Part, seen: Part | None) -> None:
        had, has = keyed(old), keyed(new)
        saw = keyed(seen) if seen is not None else None
        moved = self._moved(had, has, saw, old)
        for key, child in had.items():
            if key in moved or (key not in has and (saw is None or key in saw)):
                self.writer.remove(child)
        placed: dict[Key, int] = {}
        """Where the next one goes: behind this child of the old text."""
        for key, child in has.items():
            if key in had and key not in moved:
                placed[key] = had[key].end
                self._element(had[key], child, saw.get(key) if saw else None, old)
            elif key in had or saw is None or not self._same(saw.get(key), child):
                at, beside = self._place(key, child, has, had, placed, old)
                kept = had[key] if key in had and self._same(had[key], child) else None
                self.writer.insert(old, child, at, beside, kept)
                placed[key] = at

    def _moved(
        self, had: Mapping[Key, Part], has: Mapping[Key, Part], saw: Mapping[Key, Part] | None, old: Part
    ) -> set[Key]:
        """Those that stand elsewhere among their like; nothing where the editor has moved nothing."""
        if saw is not None and [key for key in saw if key in has] == [key for key in has if key in saw]:
            return set()
        groups: dict[str, list[Key]] = {}
        for key in has:
            if key in had and ordered(old, had[key]):
                groups.setdefault(group(old, had[key]), []).append(key)
        place = {key: number for number, key in enumerate(had)}
        moved: set[Key] = set()
        for keys in groups.values():
            moved |= set(keys) - _in_order(keys, place)
        return moved

    def _place(
        self,
        key: Key,
        child: Part,
        has: Mapping[Key, Part],
        had: Mapping[Key, Part],
        placed: Mapping[Key, int],
        old: Part,
    ) -> tuple[int, Part | None]:
        """Where a new child goes, and the neighbour whose indentation it takes."""
        order = list(has)
        before = [one for one in order[: order.index(key)] if one in placed]
        alike = [one for one in before if group(old, has[one]) == group(old, child)]
        chosen = (alike or before)[-1:]
        if chosen:
            return placed[chosen[0]], had.get(chosen[0]) or self._neighbour(old)
        after = [had[one] for one in order[order.index(key) + 1 :] if one in had]
        if after:
            return after[0].start - len(leading(self.source.text, after[0].start)), after[0]
        return (old.children[-1].end if old.children else old.opened), self._neighbour(old)

    @staticmethod
    def _neighbour(old: Part) -> Part | None:
        return old.children[0] if old.children else None


def _in_order(keys: list[Key], place: Mapping[Key, int]) -> set[Key]:
    """The longest run of keys that stand in the same order as before: they stay where they are."""
    if all(place[one] < place[two] for one, two in itertools.pairwise(keys)):
        return set(keys)
    best: list[tuple[int, int | None]] = []
    for number, key in enumerate(keys):
        length, link = 1, None
        for earlier in range(number):
            if place[keys[earlier]] < place[key] and best[earlier][0] >= length:
                length, link = best[earlier][0] + 1, earlier
        best.append((length, link))
    at: int | None = max(range(len(keys)), key=lambda number: best[number][0])
    kept: set[Key] = set()
    while at is not None:
        kept.add(keys[at])
        at = best[at][1]
    return kept
