"""Moving an instance as far as it goes by itself, and telling what has become of it."""

from collections.abc import Iterator

from app.engine.advance import (
    Advance,
    Call,
    Closed,
    Ended,
    EngineProblem,
    OpenTask,
    Receiver,
    Snapshot,
    Timer,
)
from app.engine.library import TaskState
from app.engine.tokens import Instance, Request, Token
from app.i18n import Text

STUCK = Text(
    ru="Процесс остановился: он ждёт слияния ветвей, но ни одна из них больше не придёт.",
    en="The process stands still: it waits for branches to join, and none of them can come any more.",
)


def settle(instance: Instance) -> None:
    """Run every token that can go on by itself."""
    ledger = instance.ledger
    while ledger.agenda or _join_inclusively(instance):
        token = ledger.agenda.popleft()
        if token._state != TaskState.READY:
            continue
        try:
            ledger.count(token)
            token.run()
        except Exception as error:  # whatever it is, it becomes an incident at this token and all else is kept
            token.fail(error, "run")


def _join_inclusively(instance: Instance) -> bool:
    for level in list(instance.levels()):
        for gateway in level.spec.inclusive:
            gateway.fire(level)
    return bool(instance.ledger.agenda)


def summarise(instance: Instance, acting: Token | None) -> Advance:
    """What the step changed for the world; `acting` is the token whose call led to it, of which the caller knows."""
    ledger = instance.ledger
    opened: list[Request] = []
    closed: list[Token] = []
    cancelled: dict[type[Request], list[str]] = {Call: [], Timer: [], Receiver: []}
    for token, before in ledger.before.items():
        node = token.task_spec
        if node.asks_for is None or (token._state == node.asks_in) == (before == node.asks_in):
            continue
        if token._state == node.asks_in and token.request is not None:
            opened.append(token.request)
        elif node.asks_for is OpenTask:
            closed.append(token)
        elif token._state == TaskState.CANCELLED and token is not acting:
            cancelled[node.asks_for].append(token.id)
    problems = (*ledger.problems, *_deadlock(instance))
    return Advance(
        tasks=tuple(r for r in opened if isinstance(r, OpenTask)),
        closed=tuple(_close(token) for token in closed if token._state != TaskState.ERROR),
        calls=tuple(r for r in opened if isinstance(r, Call)),
        cancelled_calls=tuple(cancelled[Call]),
        timers=tuple(r for r in opened if isinstance(r, Timer)),
        cancelled_timers=tuple(cancelled[Timer]),
        receivers=tuple(r for r in opened if isinstance(r, Receiver)),
        cancelled_receivers=tuple(cancelled[Receiver]),
        cancelled_problems=_given_up(instance),
        sent=tuple(ledger.sent),
        journal=tuple(ledger.journal),
        ended=ending(instance),
        problems=problems,
    )


def _given_up(instance: Instance) -> tuple[str, ...]:
    states = instance.ledger.before.items()
    return tuple(t.id for t, old in states if old == TaskState.ERROR and t._state == TaskState.CANCELLED)


def _close(token: Token) -> Closed:
    how = token._state == TaskState.COMPLETED
    return Closed(token.id, token.task_spec.element.id, "completed" if how else "cancelled")


def ending(instance: Instance) -> Ended | None:
    return Ended(instance.end_event, dict(instance.data)) if instance.completed else None


def _deadlock(instance: Instance) -> Iterator[EngineProblem]:
    """A level that waits for nothing and nobody would stand still in silence."""
    if not instance.completed and not any(_is_waiting(t) for level in instance.levels() for t in level.tasks.values()):
        yield EngineProblem(None, None, instance.spec.name, STUCK, "")


def _is_waiting(token: Token) -> bool:
    return token._state == TaskState.ERROR or is_asking(token)


def is_asking(token: Token) -> bool:
    return token.task_spec.asks_for is not None and token._state == token.task_spec.asks_in


def look(instance: Instance) -> Snapshot:
    """Everything the instance waits for, asked again of its state."""
    tokens = [token for level in instance.levels() for token in level.tasks.values()]
    asked = [token.task_spec.ask(token) for token in tokens if is_asking(token)]
    failed = tuple(token.problem() for token in tokens if token._state == TaskState.ERROR)
    return Snapshot(
        open_tasks=tuple(r for r in asked if isinstance(r, OpenTask)),
        calls=tuple(r for r in asked if isinstance(r, Call)),
        timers=tuple(r for r in asked if isinstance(r, Timer)),
        receivers=tuple(r for r in asked if isinstance(r, Receiver)),
        failed=(*failed, *_deadlock(instance)),
        ended=ending(instance),
    )
