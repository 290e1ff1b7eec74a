"""The demo's story: told by the program itself, on the days it speaks of, broken off and gone on with at any act."""

import json
import re
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import db, join, worker
from app.audit.kinds import Kind
from app.audit.models import EventRow
from app.courses.models import Course
from app.demo import courses, filling, story
from app.demo.acts import STARTS
from app.demo.deeds import DEEDS
from app.workflow import fsck
from app.workflow.models import Incident
from tests.web.conftest import BROKEN_OFF_AT, ROOT, Enter, settings_for

PEOPLE = {row["key"] for row in json.loads((ROOT / "app" / "demo" / "people.json").read_text("utf-8"))}
STAGES = {"registered", "agreement", "handed_over", "submitted", "rework", "published", "annulled", "withdrawn"}


def test_every_act_is_one_of_the_program_by_somebody_who_is_there() -> None:
    diagrams = "".join(path.read_text("utf-8") for path in (ROOT / "processes").rglob("*.bpmn"))
    elements = set(re.findall(r'userTask id="(\w+)"', diagrams))
    for act in story.read(whole=True):
        assert act.what["who"] in PEOPLE
        assert act.what["do"] in elements | set(STARTS) | set(DEEDS)


def test_a_story_broken_off_goes_on_with_the_next_act(busy_site: Flask) -> None:
    """The played site is always broken off once; no act is missing and none is done twice."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        marks = sa.select(EventRow.body, EventRow.at).where(EventRow.kind == Kind.DEMO_PLAYED).order_by(EventRow.seq)
        rows = session.execute(marks).all()
        assert courses.is_told(session)
    done = [json.loads(body)["done"] for body, _at in rows]
    assert BROKEN_OFF_AT in done
    assert done == list(range(1, len(story.read(whole=False)) + 1))
    moments = [at for _body, at in rows]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).days > 30


def test_a_register_that_people_have_filled_is_left_alone(busy_site: Flask, tmp_path: Path) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    asked: list[int] = []

    def report(done: int, _all: int) -> bool:
        asked.append(done)
        return False

    assert courses.play(sessions, tmp_path, lambda: None, whole=True, report=report)
    assert asked == []


def test_while_the_past_is_played_pages_say_so_and_nothing_is_sent(
    busy_site: Flask, enter_busy: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling.of(busy_site), "progress", lambda: (40, 300))
    busy_site.jinja_env.globals["story_progress"] = filling.of(busy_site).progress
    client = enter_busy("admin-by", "en")
    assert "40 of 300 steps" in client.get("/demo").text("//main")
    answer = client.browser.post("/demo/clock", data={"amount": "1", "unit": "days", "csrf_token": client.token()})
    assert answer.status_code == 503


@pytest.mark.slow
def test_the_whole_story_is_told(peopled: Path, tmp_path: Path) -> None:
    """Three years of courses in every stage, without an incident, and the books balance."""
    folder = tmp_path / "whole"
    shutil.copytree(peopled, folder)
    settings = settings_for(folder)
    join(settings)
    engine = db.create_engine(settings.database)
    sessions = db.session_factory(engine)
    assert courses.play(sessions, settings.files, lambda: worker.work_off(sessions), whole=True)
    with sessions() as session:
        assert set(session.scalars(sa.select(Course.stage).distinct())) >= STAGES
        assert session.scalars(sa.select(Incident)).all() == []
        oldest = session.scalar(sa.select(sa.func.min(EventRow.at)).where(EventRow.kind == Kind.DEMO_PLAYED))
        newest = session.scalar(sa.select(sa.func.max(EventRow.at)))
        assert oldest is not None
        assert newest is not None
        assert (newest - oldest).days > 2 * 365
        assert fsck.run(session, settings) == []
    engine.dispose()
