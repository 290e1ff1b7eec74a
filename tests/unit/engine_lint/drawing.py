"""Diagrams for the tests of the check: a row of steps with the arrows between them, and what can be wrong with it."""

import re
from dataclasses import dataclass
from itertools import pairwise

from app.engine.lint_catalogue import Catalogue, FormShape, Happening, Operation
from app.i18n import Text
from tests.unit.engine_run.bpmn import document, end, flow, node, process, start, user

CATALOGUE = Catalogue(
    operations={
        "letters.send": Operation({"letter": True, "to": True, "copy": False}, result=False),
        "courses.register": Operation({"course": True}, result=True, immediate=True),
        "events.announce": Operation({"event": True}, immediate=True),
    },
    forms={"verdict": FormShape(frozenset(("conforms", "comments")))},
    roles={"chair": Text(ru="Председатель СОК", en="Chair of the structural body")},
    happenings={
        "course.published": Happening(Text("Курс опубликован", "Published"), {"course": Text("Курс", "Course")})
    },
)
_ID = re.compile(r'^<bpmn:\w+ id="([^"]*)"')


@dataclass(frozen=True)
class Case:
    """A rule, files that break it and files that are as they should be; `at` is the id the finding must name."""

    rule: str
    bad: dict[str, bytes]
    good: dict[str, bytes]
    at: str | None = None
    catalogue: Catalogue | None = None


def row(*nodes: str) -> str:
    """The nodes, joined by arrows in that order."""
    names = [_named(one) for one in nodes]
    return "".join(nodes) + "".join(flow(one, other) for one, other in pairwise(names))


def ways(*drawn: str) -> str:
    """Arrows written as "a>b>c"; a condition stands behind the last one: "g>x ? again"."""
    found = ""
    for way in drawn:
        path, _, condition = way.partition(" ? ")
        names = path.split(">")
        found += "".join(flow(one, other) for one, other in pairwise(names[:-1]))
        found += flow(names[-2], names[-1], condition)
    return found


def _named(drawn: str) -> str:
    found = _ID.match(drawn)
    assert found, drawn
    return found[1]


def drawn(*parts: str, before: str = "", name: str = "p") -> dict[str, bytes]:
    """One file with one process."""
    return {f"processes/test/{name}.bpmn": document(before, process(name, *parts))}


def simple(*inner: str, kind: str = "userTask", **attributes: str) -> dict[str, bytes]:
    """A start, one step, an end."""
    return drawn(row(start(), node(kind, "x", *inner, **attributes), end()))


def attached(event: str, *more: str) -> dict[str, bytes]:
    """A user task with an event on its boundary that leads to an end of its own."""
    return drawn(row(start(), user("x"), end()), row(event, end("late")), *more)


def changed(files: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """The files with one text in place of another."""
    return {path: content.replace(old.encode(), new.encode()) for path, content in files.items()}
