"""Instances in every kind of state, stopped somewhere in the middle, and how to bring any of them to its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine import Advance, Run, Snapshot
from tests.bench import course
from tests.unit.engine_run.bpmn import (
    boundary,
    chain,
    document,
    each,
    end,
    error,
    flow,
    message,
    node,
    ours,
    parallel,
    process,
    script,
    service,
    start,
    timer,
    user,
    xor,
)

Act = tuple[str, str, Any]
"""What is done (complete, answer, fail, fire, receive), to which element, with what."""
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    files: Mapping[str, bytes]
    process: str
    acts: tuple[Act, ...]
    """Up to the state that is kept."""
    values: Values = field(default_factory=dict)
    """By element: what it is answered with on the way to the end."""
    data: Values = field(default_factory=dict)
    """What it starts with."""


BRANCHES = document(
    '<bpmn:message id="m" name="materials.sent"/><bpmn:error id="down" errorCode="down"/>',
    process(
        "branches",
        start(),
        parallel("split"),
        user("short", outputs="a"),
        end("early"),
        service("moodle", "moodle.create", "site", course="course"),
        boundary("oops", "moodle", error("down")),
        user("by_hand"),
        xor("made"),
        node("eventBasedGateway", "race"),
        node("intermediateCatchEvent", "answer", ours("message", key="course"), message("m")),
        node("intermediateCatchEvent", "late", timer("date", 'after("answer", workdays=2)')),
        xor("met"),
        parallel("join"),
        end(),
        chain("start", "split", "short", "early"),
        chain("split", "moodle", "made", "join"),
        chain("oops", "by_hand", "made"),
        chain("split", "race", "answer", "met", "join", "end"),
        chain("race", "late", "met"),
    ),
)

EACH = document(
    process(
        "each",
        start(),
        node("inclusiveGateway", "choose", default="f_choose_c"),
        user("a", each("bodies", "body", "opinions", "opinion", sequential=True), outputs="opinion"),
        node("subProcess", "b", start("s") + user("inside", outputs="b") + end("e") + chain("s", "inside", "e")),
        user("c"),
        node("inclusiveGateway", "join"),
        script("count", "n = n + 1"),
        xor("gw", "f_gw_end"),
        end(),
        chain("start", "choose", "c", "join", "count", "gw", "end"),
        flow("choose", "a", "n >= 0"),
        flow("choose", "b", "n >= 0"),
        chain("a", "join"),
        chain("b", "join"),
    ),
)

COURSE = course.files()
REVIEWS: tuple[Act, ...] = (("complete", "fill", course.DATA),)
REFUSED: tuple[Act, ...] = (*REVIEWS, *[("complete", "a_review", course.review(False))] * 3)
AGREED: tuple[Act, ...] = (*REVIEWS, *[("complete", "a_review", course.review(True))] * 3)
PUBLISHED: tuple[Act, ...] = (*AGREED, ("complete", "expert", {"expert_ok": True}), ("answer", "moodle", {"id": 17}))
WAITED: tuple[Act, ...] = (*PUBLISHED, ("answer", "mail", 1), ("complete", "publish", {}))
ANSWERS: Values = {
    "fill": course.DATA,
    "a_review": course.review(True),
    "expert": {"expert_ok": True},
    "actual": {"renew": False},
}
BODIES = {"bodies": {"x": 1, "y": 2, "z": 3}, "n": 0}

STORIES: Mapping[str, Story] = {
    "new": Story(COURSE, "course", (), ANSWERS),
    "reviews": Story(COURSE, "course", (*REVIEWS, ("complete", "a_review", course.review(True))), ANSWERS),
    "deadline": Story(COURSE, "course", (*REVIEWS, ("fire", "a_deadline", None), ("fire", "a_remind", None)), ANSWERS),
    "rework": Story(COURSE, "course", (*REFUSED, ("fire", "rw_remind", None)), ANSWERS),
    "publication": Story(COURSE, "course", (*PUBLISHED, ("answer", "mail", {"ok": True})), ANSWERS),
    "three_years": Story(COURSE, "course", WAITED, ANSWERS),
    "branches": Story(
        {"processes/golden/branches.bpmn": BRANCHES},
        "branches",
        (("complete", "short", {"a": 1}), ("fail", "moodle", "forbidden")),
        data={"course": "c-7"},
    ),
    "by_hand": Story(
        {"processes/golden/branches.bpmn": BRANCHES},
        "branches",
        (("fail", "moodle", "down"), ("receive", "answer", {"files": 3})),
        {"short": {"a": 2}},
        {"course": "c-7"},
    ),
    "each": Story(
        {"processes/golden/each.bpmn": EACH},
        "each",
        (("complete", "a", {"opinion": "first"}), ("complete", "inside", {"b": 5})),
        {"a": {"opinion": "later"}},
        BODIES,
    ),
    "ended": Story(COURSE, "course", (*WAITED, ("fire", "wait3y", None), ("complete", "actual", {"renew": False}))),
}


def act(run: Run, what: str, element: str, value: Any) -> Advance:
    """Do it to the first that waits there."""
    seen = run.snapshot()
    if what == "complete":
        return run.complete(next(task.id for task in seen.open_tasks if task.element == element), value)
    if what == "fire":
        return run.fire(next(timer.id for timer in seen.timers if timer.element == element))
    if what == "receive":
        receiver = next(receiver for receiver in seen.receivers if receiver.element == element)
        return run.receive(receiver.name, receiver.key, value)
    call = next(call.id for call in seen.calls if call.element == element)
    return run.answer(call, value) if what == "answer" else run.fail(call, value, "as told")


def finish(run: Run, values: Values) -> None:
    """Answer whatever waits, people first, until the instance has ended."""
    while not run.ended:
        seen = run.snapshot()
        if seen.failed:
            run.retry(str(seen.failed[0].task))
        else:
            what, element = _next(seen)
            act(run, what, element, values.get(element, {}))


def _next(seen: Snapshot) -> tuple[str, str]:
    for task in seen.open_tasks:
        return "complete", task.element
    for call in seen.calls:
        return "answer", call.element
    for receiver in seen.receivers:
        return "receive", receiver.element
    return "fire", seen.timers[0].element
