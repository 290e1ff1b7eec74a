"""Two administrators at one expert review at the same time (A13): one form, one publication, the other is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import worker
from app.audit.history import history
from app.courses import choices
from app.courses.approvals.models import ApprovalForm
from app.courses.record import stream_of
from app.db import new_id
from app.errors import Conflict, Problem
from app.workflow import tasks
from app.workflow.models import Incident, Submission, Task
from tests.process import cast
from tests.process.conftest import Review
from tests.process.reviewing import APPROVAL, REFUSAL, Reviewing

BOTH = ("administrator", "other_administrator")


def appointed(review: Review) -> Reviewing:
    acts = review()
    with acts.sessions.begin() as session:
        other = next(one for one in acts.scenario.people if one.name == "other_administrator")
        cast.appoint(session, other, acts.people[other.name])
    return acts


def page(acts: Reviewing, who: str, answers: dict[str, Any]) -> Callable[[], Any]:
    """The review as that person has it open; calling it sends the answers."""
    with acts.sessions() as session:
        actor = acts.actor(session, who)
        task = acts.open_task(session, "examine")
        opened = tasks.get_task_for(session, actor, task.id)
        known = choices.context(session, "approval_form", acts.course, tasks.data_of(session, opened))
        context, revision, nonce = acts.context(session, known), task.revision, new_id()

    def send() -> Any:
        with acts.sessions.begin() as opened_session:
            return tasks.complete(
                opened_session, actor, task.id, answers, nonce=nonce, revision=revision, context=context
            )

    return send


def together(*deeds: Callable[[], Any]) -> list[Any]:
    barrier = threading.Barrier(len(deeds))
    found: list[Any] = [None] * len(deeds)

    def act(index: int, deed: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found[index] = deed()
        except Exception as problem:
            found[index] = problem

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def count(session: Session, model: type[Any], *where: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


@pytest.mark.requirement("R5.1-e", "R8.2-a")
@pytest.mark.parametrize("answers", [(APPROVAL, APPROVAL), (APPROVAL, REFUSAL), (REFUSAL, APPROVAL)])
def test_of_two_administrators_who_decide_at_once_one_decides(
    review: Review, answers: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """F18 with opposite decisions too: no second form, no second publication, and the loser knows why."""
    acts = appointed(review)
    results = together(*(page(acts, who, given) for who, given in zip(BOTH, answers, strict=True)))
    lost = [one for one in results if isinstance(one, Exception)]
    assert len(lost) == 1, results
    assert isinstance(lost[0], Conflict)
    winner = next(index for index, one in enumerate(results) if not isinstance(one, Exception))
    worker.work_off(acts.sessions)
    placed = answers[winner]["may_place"] == "yes"
    with acts.sessions() as session:
        (form,) = session.scalars(sa.select(ApprovalForm).where(ApprovalForm.course_id == acts.course)).all()
        assert (form.decided_by, form.may_place) == (acts.people[BOTH[winner]], placed)
        assert count(session, Submission, Submission.form == "approval_form") == 1
        assert count(session, Incident) == 0
        kinds = [str(one.kind) for one in history(session, "register", stream_of(acts.course), limit=200).events]
    assert kinds.count("approval:given") + kinds.count("approval:refused") == 1
    assert kinds.count("course:published") == int(placed)
    assert bool(acts.visible()) is placed
    effects = [one for one in _effects(acts) if one.get("changed") == ["visible"]]
    assert len(effects) == int(placed), "made visible once, or never"


@pytest.mark.requirement("R5.1-e")
def test_who_has_claimed_the_review_is_asked_before_anybody_else_decides(review: Review) -> None:
    """A13: a pool; one claims the task, and the form names that one."""
    acts = appointed(review)
    late = page(acts, "other_administrator", APPROVAL)
    with acts.sessions.begin() as session:
        task = acts.open_task(session, "examine")
        tasks.claim(session, acts.actor(session, "administrator"), task.id)
    with pytest.raises(Conflict, match="taken"):
        late()
    with acts.sessions() as session:
        assert session.get_one(Task, task.id).closed_at is None
        with pytest.raises(Problem):
            tasks.claim(session, acts.actor(session, "other_administrator"), task.id)


def _effects(acts: Reviewing) -> list[dict[str, Any]]:
    with acts.platform.store.open() as memory:
        return memory.effects()
