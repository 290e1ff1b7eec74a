"""Parallel ways: whether every join gets what it waits for, and nothing is started twice at once."""

from collections.abc import Iterator
from functools import lru_cache

from app.engine.lint_diagram import Diagram, Level, Node
from app.engine.lint_net import JOINS, Outcome, play, reached
from app.engine.lint_rule import Remark, Rule, label, remark


@lru_cache(maxsize=1)
def outcomes(diagram: Diagram) -> tuple[tuple[Level, Outcome], ...]:
    """Only of levels with parallel ways: elsewhere there is a single token. The rules ask one after the other."""
    found = []
    for level in diagram.levels:
        if any(node.kind in JOINS for node in level.nodes.values()):
            found.append((level, play(level)))
    return tuple(found)


def join_starves(diagram: Diagram) -> Iterator[Remark]:
    for _, outcome in outcomes(diagram):
        for node, missing in outcome.starving.items():
            yield remark(node, missing=", ".join(sorted(label(other) for other in missing)))


def twice_at_once(diagram: Diagram) -> Iterator[Remark]:
    for _, outcome in outcomes(diagram):
        yield from (remark(node) for node in outcome.doubled)


def inclusive_unpaired(diagram: Diagram) -> Iterator[Remark]:
    for _, outcome in outcomes(diagram):
        yield from (remark(node) for node in outcome.unpaired)


def too_tangled(diagram: Diagram) -> Iterator[Remark]:
    return (remark(level) for level, outcome in outcomes(diagram) if outcome.tangled)


def reminder_joins(diagram: Diagram) -> Iterator[Remark]:
    for level in diagram.levels:
        ordinary = reached(level.starts)
        for node in _reminded(level):
            for flow in node.outgoing:
                if flow.target is not None and flow.target in ordinary and flow.target.kind != "endEvent":
                    yield remark(flow, target=label(flow.target))


def reminder_parallel(diagram: Diagram) -> Iterator[Remark]:
    return (remark(node) for level in diagram.levels for node in _reminded(level) if node.kind in JOINS)


def _reminded(level: Level) -> list[Node]:
    """The nodes that only events which do not interrupt lead to, those events first."""
    ordinary = reached(level.starts)
    found = [node for node in level.nodes.values() if node.host and not node.interrupting]
    for node in found:
        found += [other for other in node.followers() if other not in found and other not in ordinary]
    return found


RULES = (
    Rule(
        "join-starves",
        "error",
        join_starves,
        ru=(
            "Этот шлюз может ждать вечно: путь от «{missing}» приходит не всегда.",
            "Шлюз «и» должен соединять ровно те пути, которые разделил другой шлюз «и», и каждый из них должен дойти.",
        ),
        en=(
            "This gateway may wait for ever: the way from “{missing}” does not always arrive.",
            "A parallel gateway joins just those ways that another one has split, and each of them has to get here.",
        ),
    ),
    Rule(
        "twice-at-once",
        "error",
        twice_at_once,
        ru=(
            "Сюда могут прийти два параллельных пути, и все дальнейшее случится дважды.",
            "Соедините параллельные пути шлюзом «и» до этого места.",
        ),
        en=(
            "Two parallel ways may both come here, and everything behind would happen twice.",
            "Join the parallel ways with a parallel gateway before this place.",
        ),
    ),
    Rule(
        "inclusive-unpaired",
        "error",
        inclusive_unpaired,
        ru=(
            "Шлюзу «и/или» не хватает пары: неясно, кого ждать.",
            "Все пути, которые разделил один шлюз «и/или», соедините одним таким же шлюзом.",
        ),
        en=(
            "The inclusive gateway has no partner: it is not clear whom to wait for.",
            "Join all ways that one inclusive gateway has split with one other of its kind.",
        ),
    ),
    Rule(
        "too-tangled",
        "error",
        too_tangled,
        ru=(
            "Параллельных путей, которые пересекаются, слишком много: проверить все их сочетания нельзя.",
            "Вынесите часть путей в подпроцесс или в отдельный вызываемый процесс.",
        ),
        en=(
            "Too many parallel ways cross each other: their combinations cannot all be checked.",
            "Move some of the ways into a sub-process or into a process that is called.",
        ),
    ),
    Rule(
        "reminder-joins",
        "error",
        reminder_joins,
        ru=(
            "Событие не прерывает задачу, но его путь вливается в основной: «{target}» случится еще раз.",
            "Закончите этот путь своим концом или сделайте событие прерывающим.",
        ),
        en=(
            "The event does not interrupt, yet its way flows into the main one: “{target}” would happen once more.",
            "Let this way end at an end event of its own, or make the event interrupt.",
        ),
    ),
    Rule(
        "reminder-parallel",
        "error",
        reminder_parallel,
        ru=(
            "После события, которое не прерывает задачу, параллельные пути могут смешаться с путями прошлого раза.",
            "Вынесите параллельные шаги в подпроцесс.",
        ),
        en=(
            "Behind an event that does not interrupt, parallel ways may mix with those of the time before.",
            "Move the parallel steps into a sub-process.",
        ),
    ),
)
