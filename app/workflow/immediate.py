"""Operations on our own tables that a diagram wants answered within the step that reaches them."""

import logging

from app.engine import Advance, Call, Run, StaleTask
from app.errors import PermanentFailure
from app.workflow import operations
from app.workflow.operations import Context

MOST = 200
"""Operations in one step; a diagram that asks for more goes round in circles."""

log = logging.getLogger("coomet.workflow")


def answer_all(context: Context, run: Run, change: Advance) -> Advance:
    """Run what the step asks for at once, let the engine move on, and so on until it rests. All as one change."""
    changes, asked = [change], [call for call in change.calls if _at_once(call)]
    answered: set[str] = set()
    while asked:
        call = asked.pop(0)
        try:
            further = _answer(context, run, call, len(answered))
        except StaleTask:  # an earlier answer led to its cancellation
            continue
        answered.add(call.id)
        changes.append(further)
        asked += [one for one in further.calls if _at_once(one)]
    return joined(changes, answered)


def _at_once(call: Call) -> bool:
    return call.immediate or not operations.known(call.operation)


def _answer(context: Context, run: Run, call: Call, before: int) -> Advance:
    if not operations.known(call.operation):
        return run.fail(call.id, "", f"no operation is called {call.operation!r}")
    if before >= MOST:
        return run.fail(call.id, "", f"more than {MOST} operations in one step")
    operation = operations.find(call.operation)
    inner = Context(context.session, context.instance_id, context.subject, context.actor, context.now, call.key)
    try:
        with context.session.begin_nested():
            result = operation.run(inner, **call.parameters)
    except PermanentFailure as failure:
        return run.fail(call.id, failure.code, str(failure))
    return run.answer(call.id, result)


def joined(changes: list[Advance], answered: set[str] = frozenset()) -> Advance:  # type: ignore[assignment]  # an empty set
    """Several changes in a row as one: what opened and closed again in between is left out on both sides."""
    if len(changes) == 1 and not answered:
        return changes[0]
    tasks = {task.id: task for change in changes for task in change.tasks}
    closed = {task.id: task for change in changes for task in change.closed}
    calls = {call.id: call for change in changes for call in change.calls if call.id not in answered}
    timers = {timer.id: timer for change in changes for timer in change.timers}
    receivers = {one.id: one for change in changes for one in change.receivers}
    cancelled_calls = {one for change in changes for one in change.cancelled_calls}
    cancelled_timers = {one for change in changes for one in change.cancelled_timers}
    cancelled_receivers = {one for change in changes for one in change.cancelled_receivers}
    return Advance(
        tasks=tuple(task for task in tasks.values() if task.id not in closed),
        closed=tuple(task for task in closed.values() if task.id not in tasks),
        calls=tuple(call for call in calls.values() if call.id not in cancelled_calls),
        cancelled_calls=tuple(sorted(cancelled_calls - calls.keys() - answered)),
        timers=tuple(timer for timer in timers.values() if timer.id not in cancelled_timers),
        cancelled_timers=tuple(sorted(cancelled_timers - timers.keys())),
        receivers=tuple(one for one in receivers.values() if one.id not in cancelled_receivers),
        cancelled_receivers=tuple(sorted(cancelled_receivers - receivers.keys())),
        sent=tuple(one for change in changes for one in change.sent),
        journal=tuple(one for change in changes for one in change.journal),
        ended=next((change.ended for change in changes if change.ended), None),
        problems=tuple(one for change in changes for one in change.problems),
    )
