"""`./run bench reports`: a log of 2,000,000 rows for one of 1,000 courses with 50,000 learners; every page timed.

`rows` were counted from the file; `slowest_ms` is the slowest of the monitoring pages as the server takes for it;
`peak_rss_mb` is the most that this process held while the file was imported.
"""

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, create_app, db, migrations, worker
from app.config import Config
from app.courses.models import Course
from app.courses.monitoring import figures, imports
from app.courses.monitoring.models import (
    CourseModule,
    LearnerAttempt,
    LearnerModule,
    LogImport,
    MonitoredCourse,
    MonitoredLearner,
)
from app.demo import seed
from app.identity import people
from tests.bench.creation import CSRF

ROWS, COURSES, LEARNERS, IN_ONE, MODULES = 2_000_000, 1_000, 50_000, 5_000, 8
DAYS, ACTIVE = 365, 150
"""The year of the log, and how many of the learners are at work on a day of it."""
CHUNK = 20_000
HEAD = "Time,User full name,Affected user,Event context,Component,Event name,Description,Origin,IP address\n"


@dataclass(frozen=True, slots=True)
class Measured:
    rows: int
    pages: dict[str, float]
    """Milliseconds by address."""
    peak_mb: float
    before_mb: float
    """What the process held before the import."""
    seconds: float
    """Of the import."""

    @property
    def slowest(self) -> float:
        return max(self.pages.values())


def measure(rows: int = ROWS, courses: int = COURSES, learners: int = LEARNERS, database: str = "") -> Measured:
    """On SQLite, or in the empty database named."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Config(mode="demo", data_dir=Path(folder), database_url=database)
        engine = db.create_engine(settings.database)
        migrations.upgrade(engine)
        app = create_app(settings, engine)
        sessions = db.session_factory(engine)
        course = fill(sessions, courses, learners)
        path = Path(folder) / "log.csv"
        write(path, rows)
        before, began = peak(), time.perf_counter()
        counted = bring(sessions, course, path)
        seconds = time.perf_counter() - began
        pages = {where: ask(app.test_client(), where) for where in addresses(course)}
        engine.dispose()
    return Measured(counted, pages, peak(), before, seconds)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(sessions: sessionmaker[Session], courses: int, learners: int) -> str:
    """Published courses with their learners; the first one, whose id is returned, has many."""
    with sessions.begin() as session:
        seed.load_people(session)
        admin = people.find_by_email(session, seed.address("admin-by"))
        rows = [course(index, admin.id if admin else "") for index in range(courses)]
        session.execute(sa.insert(Course), rows)
        session.execute(sa.insert(MonitoredCourse), [monitored(row["id"]) for row in rows])
        modules = [module(row["id"], cmid) for row in rows for cmid in range(1, MODULES + 1)]
        session.execute(sa.insert(CourseModule), modules)
    draw = random.Random(1)
    most = min(IN_ONE, learners // 2)
    others = (learners - most) // max(courses - 1, 1)
    for index, row in enumerate(rows):
        with sessions.begin() as session:
            enrol(session, row["id"], most if index == 0 else others, draw)
    with sessions.begin() as session:
        session.execute(sa.text("ANALYZE"))
    return str(rows[0]["id"])


def course(index: int, by: str) -> dict[str, Any]:
    number = f"2026-{index:04}"
    made: dict[str, Any] = {
        "id": f"course-{index:04}",
        "number": number,
        "title_ru": f"Курс {number}",
        "title_en": f"Course {number}",
    }
    made |= {"search": number, "language": "ru_en", "initiator_kind": "nmi", "initiator_id": "nmi-by-belgim"}
    made |= {"year": 2026, "source": "administrator", "stage": "published", "registered_by": by, "access": "open"}
    return made | {"published_at": clock.now() - timedelta(days=400), "platform_id": index + 2}


def monitored(course_id: str) -> dict[str, Any]:
    now = clock.now()
    known: dict[str, Any] = {
        "course_id": course_id,
        "viewer_key": course_id,
        "read_at": now,
        "asked_at": now,
        "imported_at": now,
    }
    return known | {"views": 100, "people": 10, "learners": 45, "completed": 12}


def module(course_id: str, cmid: int) -> dict[str, Any]:
    kind = "quiz" if cmid % 4 == 0 else "page"
    return {
        "course_id": course_id,
        "cmid": cmid,
        "position": cmid,
        "kind": kind,
        "name": f"Module {cmid}",
        "tracked": True,
    }


def enrol(session: Session, course_id: str, number: int, draw: random.Random) -> None:
    now = clock.now()
    users = range(10, 10 + number)
    if not number:
        return
    named = [(user, f"Learner {draw.randrange(10**6):06}") for user in users]
    session.execute(
        sa.insert(MonitoredLearner),
        [
            {"course_id": course_id, "user_id": user, "name": name, "search": name.lower(), "sorting": name.lower(),
             "last_access": now, "read_at": now}
            for user, name in named
        ],
    )  # fmt: skip
    states = [
        {"course_id": course_id, "user_id": user, "cmid": cmid, "state": draw.choice((0, 1, 2, 3)), "at": now}
        for user in users
        for cmid in range(1, MODULES + 1)
    ]
    session.execute(sa.insert(LearnerModule), states)
    tried = [
        {"course_id": course_id, "user_id": user, "cmid": 4, "ident": user, "number": 1, "state": "finished",
         "started": now, "finished": now, "seconds": 300, "grade": 8.0, "highest": 10.0}
        for user in users
    ]  # fmt: skip
    session.execute(sa.insert(LearnerAttempt), tried)


def write(path: Path, rows: int) -> None:
    """A log as the platform exports it, the newest first, of a year in which every learner has days of work."""
    with path.open("w", encoding="utf-8-sig") as file:
        file.write(HEAD)
        file.writelines(lines(rows))


def lines(rows: int) -> Iterator[str]:
    draw, last = random.Random(2), datetime.now(UTC) - timedelta(days=1)
    pause = timedelta(days=DAYS) / rows
    for index in range(rows):
        at = last - index * pause
        day = index * DAYS // rows
        user = 1 if index % 20 == 0 else 10 + (day * 37 + draw.randrange(ACTIVE)) % IN_ONE
        cmid = draw.randrange(1, MODULES + 1)
        yield (
            f'"{at:%d/%m/%y, %H:%M:%S}","A Name",-,"Page: Module {cmid}",Page,"Course module viewed",'
            f"\"The user with id '{user}' viewed the 'page' activity with course module id '{cmid}'.\",web,192.0.2.1\n"
        )


def bring(sessions: sessionmaker[Session], course_id: str, path: Path) -> int:
    """The file is taken in and counted by the worker's own means; how many rows were read."""
    with sessions.begin() as session, path.open("rb") as file:
        ident = imports.take(session, session.get_one(Course, course_id), file, path.name, "UTC", "system:bench").id
    worker.work_off(sessions, most=100_000)
    with sessions() as session:
        taken = session.get_one(LogImport, ident)
        assert taken.state == "done", taken.trouble
        assert figures.of_course(session, course_id).views >= taken.counted
        return taken.rows


def addresses(course_id: str) -> list[str]:
    """Every list and report of monitoring; periods of a day, of a month and of a year."""
    today = clock.now().date()
    base = f"/courses/{course_id}/monitoring"
    first = {"day": today - timedelta(days=7), "month": today - timedelta(days=37), "year": today - timedelta(days=370)}
    last = today - timedelta(days=7)
    periods = [f"{base}/participation?first={day}&last={last}&role=student" for day in first.values()]
    lists = [f"/monitoring?sort={order}" for order in ("number", "views", "learners", "read")]
    people_of = [
        f"{base}/completion",
        f"{base}/completion?page=90",
        f"{base}/completion?q=Learner+1",
        f"{base}/learners/10",
    ]
    return ["/monitoring?q=2026-05", *lists, base, *periods, *people_of, f"{base}/log", "/reports/annual"]


def ask(client: Any, where: str) -> float:
    """Milliseconds of the second of two requests: the first one also loads what a process loads once."""
    token = CSRF.findall(client.get("/demo").text)[0]
    client.post("/demo/sign-in", data={"csrf_token": token, "person": seed.address("admin-by")})
    client.get(where)
    began = time.perf_counter()
    answer = client.get(where)
    assert answer.status_code == 200, where
    return (time.perf_counter() - began) * 1000


def main(as_json: bool) -> None:
    found = measure()
    slowest = max(found.pages, key=lambda where: found.pages[where])
    if as_json:
        body = {"rows": found.rows, "slowest_ms": round(found.slowest, 1), "peak_rss_mb": round(found.peak_mb, 1)}
        print(json.dumps(body))
    for where, took in sorted(found.pages.items(), key=lambda pair: -pair[1]):
        print(f"{took:8.1f} ms  {where}", file=sys.stderr)
    print(
        f"{found.rows} rows in {found.seconds:.0f} s; at most {found.peak_mb:.0f} MB, {found.before_mb:.0f} MB before; "
        f"slowest {slowest} with {found.slowest:.0f} ms",
        file=sys.stderr,
    )
