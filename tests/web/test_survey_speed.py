"""Twenty thousand answers to a thousand courses: every page of their figures within a second of server time (slow)."""

import random
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.courses.models import Course
from app.courses.surveys.models import CRITERIA, MARKS, SurveyAnswer
from app.db import new_id
from app.i18n import fold
from tests.web.conftest import Enter
from tests.web.surveying import GOOD, Learner, publish

COURSES, ANSWERS, SECOND = 1000, 20_000, 1.0


@pytest.mark.slow
def test_every_page_and_table_of_twenty_thousand_answers_takes_less_than_a_second(site: Flask, enter: Enter) -> None:
    busiest, code = publish(site, "2026-999")
    filled(site, busiest)
    client, learner = enter("admin-by"), Learner(site)
    paths = [f"/courses/{busiest}/satisfaction", f"/courses/{busiest}/satisfaction?quarter=2026-4", "/satisfaction"]
    paths += ["/satisfaction?page=20", "/satisfaction?q=999", f"/courses/{busiest}/satisfaction.xlsx"]
    paths += ["/satisfaction.csv", "/satisfaction.xlsx", f"/courses/{busiest}", f"/survey/{code}"]
    client.get("/")  # what a first request loads is none of theirs
    took = {path: seconds_of(lambda path=path: client.browser.get(path)) for path in paths}
    took["answer"] = seconds_of(lambda: learner.answer(code, GOOD))
    assert not {path: round(seconds, 2) for path, seconds in took.items() if seconds > SECOND}


def seconds_of(act: object) -> float:
    assert callable(act)
    began = time.process_time()
    act()
    return time.process_time() - began


def filled(app: Flask, busiest: str) -> None:
    """A quarter of the answers to one course; all within two years."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    chance, today = random.Random(7), clock.now().date()
    with sessions.begin() as session:
        courses = [
            {"id": new_id(), "number": f"2025-{number:04}", "title_ru": f"Курс {number}", "title_en": "",
             "search": fold(f"2025-{number:04} Курс"), "language": "ru_en", "initiator_kind": "nmi",
             "initiator_id": "nmi-by-belgim", "year": 2025, "source": "administrator", "registered_by": "nobody",
             "stage": "published", "published_at": clock.now() - timedelta(days=700)}
            for number in range(COURSES)
        ]  # fmt: skip
        session.execute(sa.insert(Course), courses)
        ids = [busiest] * (COURSES // 3) + [row["id"] for row in courses]
        rows = [
            {"key": new_id(), "course_id": chance.choice(ids), "day": today - timedelta(days=chance.randrange(700)),
             "comments": "Больше примеров" if chance.random() < 0.2 else "",
             **{name: chance.choice(MARKS) for name in CRITERIA}}
            for _ in range(ANSWERS)
        ]  # fmt: skip
        session.execute(sa.insert(SurveyAnswer), rows)
