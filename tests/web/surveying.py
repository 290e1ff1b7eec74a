"""A published course with its questionnaire, and a learner at a telephone who has never been here."""

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.courses.models import Coordinator, Course
from app.courses.surveys import pages, questionnaires
from app.courses.surveys.models import CRITERIA, SurveyAnswer
from app.db import new_id
from app.demo import seed
from app.i18n import Locale, fold
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Person
from app.workflow import subjects
from tests.web.client import Client, Page

Headers = dict[str, str] | None
GOOD = dict.fromkeys(CRITERIA, "good")


def publish(app: Flask, number: str = "2026-901", coordinator: str = "", **more: Any) -> tuple[str, str]:
    """(id, code) of a course that learners may judge; further columns as given."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    given: dict[str, Any] = {"title_ru": "Калибровка гирь", "title_en": "Calibration of weights", "stage": "published"}
    given |= {"published_at": clock.now()} | more
    with sessions.begin() as session:
        made = Course(
            number=number, language="ru_en", initiator_kind="nmi", initiator_id="nmi-by-belgim", year=2026,
            source="administrator", registered_by="nobody", **given,
        )  # fmt: skip
        made.search = fold(f"{number} {made.title_ru} {made.title_en}")
        session.add(made)
        session.flush()
        subjects.put(session, made.id, made.title_ru, made.title_en)
        if coordinator:
            person = session.scalars(sa.select(Person).where(Person.email == seed.address(coordinator))).one()
            session.add(Coordinator(course_id=made.id, person_id=person.id, position=0))
            appointments.appoint(session, person.id, Terms("coordinator", clock.now().date(), subject=made.id), "test")
        return made.id, questionnaires.of(session, made).code


def answers(app: Flask) -> list[SurveyAnswer]:
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    with sessions() as session:
        return list(session.scalars(sa.select(SurveyAnswer)))


def add(app: Flask, course_id: str, count: int, day: date | None = None, **more: Any) -> None:
    """So many answers of that day, today by default."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    when = day or clock.now().date()
    with sessions.begin() as session:
        session.add_all(
            SurveyAnswer(key=new_id(), course_id=course_id, day=when, **{**GOOD, **more}) for _ in range(count)
        )


class Learner(Client):
    """Nobody; reads for a minute, then answers."""

    def __init__(self, app: Flask, locale: Locale = "ru") -> None:
        super().__init__(app, locale)
        self.secret = str(app.secret_key)

    def nonce(self, code: str, age: float = 60) -> str:
        """As a page has it that was opened so many seconds ago."""
        return pages.issue(self.secret, code, time.time() - age)

    def answer(
        self, code: str, given: Mapping[str, Any], expect: int = 303, nonce: str = "", headers: Headers = None
    ) -> Page:
        sent = {"csrf_token": nonce or self.nonce(code), **given}
        return self._checked(self.browser.post(f"/survey/{code}", data=sent, headers=headers), expect)
