"""A course as a later procedure finds it: registered, described, agreed, created on a stand-in of the platform."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.connectors.moodle import Client
from app.courses import descriptions, executors, people, platform
from app.courses.actualisation import calendar
from app.courses.agreements import current
from app.courses.creation import coordination
from app.courses.models import (
    Agreement,
    AskedBody,
    Coordinator,
    Course,
    MaterialVersion,
    Sheet,
)
from app.courses.platform import marks
from app.courses.surveys import quarters
from app.courses.surveys.models import CRITERIA, MARKS, SurveyAnswer
from app.db import new_id
from app.i18n import fold
from app.identity import appointments
from app.identity.appointments import Terms
from app.identity.models import Appointment, Organisation
from app.workflow import subjects

BASE = "http://platform.example/moodle"
ANNULLED = "withdrawn"
"""The stage in which a published course takes no more requests."""
TEXT_RU = "Курс о калибровке гирь. Он рассчитан на метрологов. В конце – тест."
TEXT_EN = "A course on the calibration of weights. It is made for metrologists. There is a test at the end."


def course(session: Session, known: Mapping[str, str], how: Mapping[str, Any]) -> str:
    """`how`: creator, only, described (well, spoilt), sheet (agreed, open, none), access, splash, published, nmis.

    Of a course that learners have judged see `_answered`.
    """
    made = _registered(session, known, how)
    _agreed(session, made, how.get("sheet", "agreed"))
    client = platform.client()
    made.platform_id, made.platform_url = 7, f"{BASE}/course/view.php?id=7"
    if client is not None:
        _created(session, made, client, str(how.get("described", "well")))
    _only(session, known, how)
    if how.get("published"):
        made.stage, made.published_at, made.approved_at = "published", clock.now(), clock.now()
        calendar.plan(session, made)
    if how.get("published") and client is not None and made.platform_id is not None:
        client.set_visible(made.platform_id, visible=True)
    if how.get("coordinated"):
        coordination.appoint(session, made, "system:test")
    _answered(session, made, how)
    if how.get("coordinating"):
        terms = Terms("coordinator", clock.now().date(), subject=made.id)
        appointments.appoint(session, known["coordinator"], terms, "system:test")
    session.flush()
    return made.id


def _answered(session: Session, made: Course, how: Mapping[str, Any]) -> None:
    """`published_on`: the day of publication; `answers`: so many questionnaires, one a day in the quarter before."""
    if how.get("published_on") and made.published_at is not None:
        made.published_at = datetime.fromisoformat(how["published_on"]).replace(hour=9, tzinfo=UTC)
    day = quarters.of(clock.now().date()).previous.first_day
    for number in range(how.get("answers", 0)):
        given = dict.fromkeys(CRITERIA, MARKS[number % 2]) | {"design": MARKS[number % 4]}
        more = {"comments": f"Больше примеров, номер {number}", "participated_from": day, "participated_to": day}
        session.add(SurveyAnswer(key=new_id(), course_id=made.id, day=day + timedelta(days=number), **given, **more))


def _only(session: Session, known: Mapping[str, str], how: Mapping[str, Any]) -> None:
    """`only`: the one administrator there is; `nmis`: the only institutes that are active."""
    if "only" in how:
        others = sa.select(Appointment).where(Appointment.role == "administrator")
        for one in session.scalars(others.where(Appointment.person_id != known[how["only"]])).all():
            appointments.end(session, one.id, clock.now().date() - timedelta(days=1), "system:test")
    if "nmis" in how:
        for nmi in session.scalars(sa.select(Organisation).where(Organisation.kind == "nmi")):
            nmi.active = nmi.id in how["nmis"]
    session.flush()


def _registered(session: Session, known: Mapping[str, str], how: Mapping[str, Any]) -> Course:
    made = Course(
        number=how.get("number", "2026-001"),
        title_ru="Калибровка гирь",
        title_en=how.get("title_en", "Calibration of weights"),
        language="ru_en",
        initiator_kind="nmi",
        initiator_id="nmi-by-belgim",
        year=2026,
        source="administrator",
        registered_by=known["administrator"],
        description_ru=TEXT_RU,
        description_en=TEXT_EN,
        access=how.get("access", "open"),
        splash_id=how.get("splash", "splash"),
        representative_id=known["representative"],
        executor_id=known.get("executor"),
        third_party=list(how.get("third_party", [])),
        stage="submitted",
    )
    made.search = fold(f"{made.number} {made.title_ru} {made.title_en}")
    session.add(made)
    session.flush()
    subjects.put(session, made.id, made.title_ru, made.title_en)
    if made.executor_id:
        executors.appoint(session, made, made.initiator_id, made.executor_id, "system:test")
    people.assign_creator(session, made, known[how.get("creator", "creator")], "system:test")
    session.add(Coordinator(course_id=made.id, person_id=known["coordinator"], position=0))
    session.add(MaterialVersion(course_id=made.id, number=1, sha256="ab" * 32, agreed=True, made_by="system:test"))
    session.flush()
    return made


def _agreed(session: Session, made: Course, sheet: str) -> None:
    if sheet == "none":
        return
    state = "delivered" if sheet == "agreed" else "open"
    passage = Agreement(course_id=made.id, number=1, state=state, ended_at=clock.now())
    session.add(passage)
    session.flush()
    executor = made.executor_id or "nobody"
    asked = AskedBody(agreement_id=passage.id, body_id="tc-1.6", position=0, executor_id=executor, confirmed=True)
    row = Sheet(
        number=f"{made.number}/1", agreement_id=passage.id, course_id=made.id, body_id="tc-1.6", executor_id=executor
    )
    row.state = sheet
    session.add_all([asked, row])
    session.flush()
    assert current(session, made.id) is passage


def _created(session: Session, made: Course, client: Client, how: str) -> None:
    there = client.create(marks.new_course(session, made))
    html = descriptions.compose(session, made)
    if how == "spoilt":
        html = html.replace("non-commercial purposes", "commercial purposes")
    client.describe(there.id, html)
    marks.created(session, made, there.id, there.url, "system:test")
