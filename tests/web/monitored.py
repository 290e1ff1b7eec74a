"""A course of the busy site as it is once published: read from the platform that was recorded, its log imported."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.config import Config
from app.connectors.moodle.stand_in import StandIn
from app.courses.creation import coordination
from app.courses.models import Course
from app.courses.monitoring import imports, planning, reading
from tests.contract import bench

SAMPLES = Path(__file__).parents[1] / "samples" / "monitoring"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def furnish(app: Flask) -> None:
    """The demo's platform gets the recorded course (number 2), its people and their attempts."""
    settings: Config = app.extensions["config"]
    stand_in = StandIn(settings.data_dir / "moodle.db", "http://127.0.0.1:8000/moodle")
    stand_in.fill()
    with stand_in.store.open() as memory:
        bench.furnish(memory)


def publish(app: Flask, course_id: str, access: str = "open") -> None:
    """Published, with its coordinators in office; nothing is read yet."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    with sessions.begin() as session:
        course = session.get_one(Course, course_id)
        course.stage, course.published_at, course.access = "published", clock.now(), access
        course.platform_id, course.platform_url = 2, "http://127.0.0.1:8000/moodle/course/view.php?id=2"
        coordination.appoint(session, course, "system:test")
        planning.begin(session, course)
    furnish(app)


def fill(app: Flask, course_id: str) -> None:
    """Its figures are read, its log is imported."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    with sessions.begin() as session, (SAMPLES / "log-views.csv").open("rb") as file:
        course = session.get_one(Course, course_id)
        reading.wanted(session, course.id)
        imports.take(session, course, file, "log-views.csv", "UTC", "system:test")
    worker.work_off(sessions)
