"""Acts of a story that are no form of a procedure: what learners do, and what a page lets a person do at once."""

import io
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.courses import references, settings
from app.courses.actualisation import checking
from app.courses.certificates import asking
from app.courses.creation import decisions, questions
from app.courses.models import Course
from app.courses.monitoring import imports, reading
from app.courses.planning import requests
from app.courses.references import Edition
from app.courses.surveys import answering
from app.courses.surveys.models import CRITERIA
from app.demo import learning
from app.files.models import File
from app.identity import substitutions
from app.identity.actors import Actor

Values = Mapping[str, Any]
Deed = Callable[[Session, Actor, str, Values], str | None]
"""Of somebody, about a subject; gives another subject where the deed begins one."""


def _course(session: Session, subject: str) -> Course:
    return session.get_one(Course, subject)


def _platform_id(session: Session, subject: str) -> int:
    found = _course(session, subject).platform_id
    if found is None:
        raise LookupError("the demo's story comes to the platform before the course does")
    return found


def _set_up(session: Session, _actor: Actor, subject: str, _values: Values) -> None:
    """As the creator does on the platform itself: the picture and self-enrolment, which no web service sets."""
    picture = session.get_one(File, _course(session, subject).splash_id)
    learning.set_up(_platform_id(session, subject), picture.size)


def _learn(session: Session, _actor: Actor, subject: str, values: Values) -> None:
    learning.take_part(_platform_id(session, subject), values["learners"], values["modules"])


def _judge(session: Session, _actor: Actor, subject: str, values: Values) -> None:
    """`answers`: the four marks as letters (e, g, s, u) and a comment; the same answer counts once."""
    marks = {"e": "excellent", "g": "good", "s": "satisfactory", "u": "unsatisfactory"}
    course, today = _course(session, subject), clock.now().date()
    for number, (given, comment) in enumerate(values["answers"]):
        answer = dict(zip(CRITERIA, (marks[one] for one in given), strict=True))
        answering.take(session, course, {**answer, "comments": comment}, f"demo {today} {number}")


def _read(session: Session, _actor: Actor, subject: str, _values: Values) -> None:
    reading.wanted(session, subject)


def _import_log(session: Session, actor: Actor, subject: str, values: Values) -> None:
    rows = learning.log_of(_platform_id(session, subject), values["days"])
    name = f"logs_{clock.now():%Y%m%d}.csv"
    imports.take(session, _course(session, subject), io.BytesIO(rows.encode("utf-8-sig")), name, "UTC", actor.person_id)


def _ask_certificate(session: Session, _actor: Actor, subject: str, values: Values) -> None:
    asking.ask(session, _course(session, subject), values["account"], values["language"])


def _ask_register(session: Session, actor: Actor, _subject: str, values: Values) -> str:
    return requests.ask(session, actor, values).id


def _withdraw(session: Session, actor: Actor, subject: str, values: Values) -> None:
    decisions.withdraw(session, actor, _course(session, subject), values["reason"])


def _check_early(session: Session, actor: Actor, subject: str, values: Values) -> None:
    checking.begin_early(session, actor, _course(session, subject), values["reason"])


def _write(session: Session, actor: Actor, subject: str, values: Values) -> None:
    asked = questions.thread(session, subject)
    questions.write(session, actor, _course(session, subject), values["text"], asked[-1][0].id if asked else "")


def _set(session: Session, actor: Actor, _subject: str, values: Values) -> None:
    settings.change(session, values["name"], values["value"], clock.now().date(), actor.person_id)


def _refer(session: Session, actor: Actor, _subject: str, values: Values) -> None:
    edition = Edition(**values["edition"])
    references.change(session, values["code"], edition, clock.now().date(), actor.person_id)


def _substitute(session: Session, actor: Actor, _subject: str, values: Values) -> None:
    first, last = (date.fromisoformat(values[name]) for name in ("valid_from", "valid_to"))
    terms = substitutions.Terms(values["by"], first, last, reason=values["reason"])
    substitutions.make(session, actor.person_id, terms, actor.person_id)


DEEDS: Mapping[str, Deed] = {
    "set_up": _set_up,
    "learn": _learn,
    "judge": _judge,
    "read_figures": _read,
    "import_log": _import_log,
    "ask_certificate": _ask_certificate,
    "ask_register": _ask_register,
    "withdraw": _withdraw,
    "check_early": _check_early,
    "write": _write,
    "set": _set,
    "refer": _refer,
    "substitute": _substitute,
}

