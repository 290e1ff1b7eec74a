"""`./run bench inbox`: the page of a role of 200 people with 100 and with 1,000,000 open tasks, SQLite, one client."""

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, create_app, db, migrations
from app.config import Config
from app.demo import seed
from app.identity import appointments, people
from app.workflow import releases
from app.workflow.inbox_reach import pool_of
from app.workflow.models import Instance, Subject, Task
from tests.bench.creation import CSRF
from tests.bench.http import MODEL

SMALL, LARGE = 100, 1_000_000
PEOPLE = 200
PAGES = 60
CHUNK = 20_000


def measure(number: int) -> float:
    """Median of the page's time in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Config(mode="demo", data_dir=Path(folder))
        engine = db.create_engine(settings.database)
        migrations.upgrade(engine)
        fill(db.session_factory(engine), number)
        client = create_app(settings, engine).test_client()
        token = CSRF.findall(client.get("/demo").text)[0]
        client.post("/demo/sign-in", data={"csrf_token": token, "person": seed.address("admin-by")})
        times = []
        for _page in range(PAGES):
            began = time.perf_counter()
            answer = client.get("/?view=roles")
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200
            assert answer.text.count("/tasks/") >= min(number, 50)
        engine.dispose()
    return statistics.median(times[10:])


def fill(sessions: sessionmaker[Session], number: int) -> None:
    """Open tasks of the measured model, as its instances would leave them; the role's people, and their courses."""
    with sessions.begin() as session:
        seed.load_people(session)
        release = releases.publish(session, releases.read_folders(MODEL), "system:bench").id
        add_people(session)
        courses = max(number // 100, 1)
        session.execute(sa.insert(Subject), [subject(index) for index in range(courses)])
    draw = random.Random(1)
    for start in range(0, number, CHUNK):
        rows = range(start, min(start + CHUNK, number))
        with sessions.begin() as session:
            session.execute(sa.insert(Instance), [instance(index, release) for index in rows])
            session.execute(sa.insert(Task), [task(index, draw.randrange(courses), draw) for index in rows])
    with sessions.begin() as session:
        session.execute(sa.text("ANALYZE"))


def add_people(session: Session) -> None:
    for index in range(PEOPLE):
        details = people.Details(f"Администратор {index}", f"Administrator {index}", f"a{index}@demo.example")
        person = people.create(session, details, "system:bench")
        appointments.appoint(session, person.id, appointments.Terms("administrator", date(2020, 1, 1)), "system:bench")


def subject(index: int) -> dict[str, Any]:
    return {
        "key": f"course-{index}",
        "title_ru": f"Курс {index}",
        "title_en": f"Course {index}",
        "folded": f"курс {index}",
    }


def instance(index: int, release: str) -> dict[str, Any]:
    begun = {"started_by": "system:bench", "started_at": clock.now(), "revision": 1, "status": "running"}
    return {"id": f"instance-{index:09d}", "release_id": release, "process": "approval", **begun}


def task(index: int, course: int, draw: random.Random) -> dict[str, Any]:
    due = clock.now() + timedelta(minutes=draw.randrange(-50_000, 50_000))
    return {
        "id": f"{draw.getrandbits(128):032x}",
        "instance_id": f"instance-{index:09d}",
        "process": "approval",
        "element": "task_a",
        "role": "administrator",
        "pool": pool_of("administrator", None),
        "subject": f"course-{course}",
        "due": due,
        "opened_at": clock.now(),
        "revision": 0,
    }


def figures() -> Iterator[tuple[str, float]]:
    small, large = measure(SMALL), measure(LARGE)
    yield "p50_ms_small", round(small, 2)
    yield "p50_ms_large", round(large, 2)
    yield "ratio", round(large / small, 2)


def main(as_json: bool) -> None:
    found = dict(figures())
    shown = json.dumps(found) if as_json else "\n".join(f"{name:16}{value}" for name, value in found.items())
    sys.stdout.write(shown + "\n")
