"""`./run bench timers`: 1,000,000 pending timers, 1,000 of them due within a minute, one worker process, SQLite."""

import json
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, db, migrations
from app.audit.kinds import Kind
from app.audit.models import EventRow
from app.workflow import instances
from app.workflow.models import Timer
from tests.diagrams import diagram, timer, user
from tests.scene import Scene
from tests.walk.server import ROOT

PENDING, DUE, SPAN = 1_000_000, 1_000, 60.0
CHUNK = 20_000
WAITS = diagram("waits", timer("pause", "duration", "P30D"), user("work"), flows="start pause; pause work; work end")


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'coomet.db'}"
        engine = db.create_engine(url)
        migrations.upgrade(engine)
        scene = Scene(db.session_factory(engine))
        scene.publish(waits=WAITS)
        fill(scene)
        command = [sys.executable, "-m", "app.cli", "worker", "--demo", "--data", name, "--database", url]
        worker = subprocess.Popen(command, cwd=ROOT)
        time.sleep(3)
        due = spread(scene.sessions)
        time.sleep(SPAN + 10)
        worker.terminate()
        worker.wait(40)
        found = compare(scene.sessions, due)
        engine.dispose()
    return found


def fill(scene: Scene) -> None:
    """The instances whose timers will come due, and many rows of one that waits for years."""
    with scene.sessions.begin() as session:
        for _ in range(DUE):
            instances.start(session, scene.release_id, "waits", {}, "system:bench")
        lone = instances.start(session, scene.release_id, "waits", {}, "system:bench").id
    far = clock.now() + timedelta(days=700)
    for start in range(0, PENDING, CHUNK):
        with scene.sessions.begin() as session:
            rows = [pending(index, lone, far) for index in range(start, start + CHUNK)]
            session.execute(sa.insert(Timer), rows)


def pending(index: int, instance_id: str, far: Any) -> dict[str, Any]:
    return {
        "id": f"pending-{index}",
        "instance_id": instance_id,
        "element": "pause",
        "kind": "duration",
        "expression": {"iso": "P700D"},
        "country": "BY",
        "zone": "Europe/Minsk",
        "set_at": far - timedelta(days=700),
        "due": far + timedelta(seconds=index),
        "attempts": 0,
    }


def spread(sessions: sessionmaker[Session]) -> dict[str, Any]:
    """Let the instances' timers come due one after the other within the span; timer -> moment."""
    begin, due = clock.now() + timedelta(seconds=2), {}
    with sessions.begin() as session:
        mine = sa.select(Timer.id).where(Timer.id.not_like("pending-%")).order_by(Timer.due).limit(DUE)
        for index, ident in enumerate(session.scalars(mine).all()):
            due[ident] = begin + timedelta(seconds=SPAN * index / DUE)
            session.execute(sa.update(Timer).where(Timer.id == ident).values(due=due[ident]))
    return due


def compare(sessions: sessionmaker[Session], due: dict[str, Any]) -> dict[str, float]:
    lags: dict[str, list[float]] = {}
    with sessions() as session:
        for at, body in session.execute(
            sa.select(EventRow.at, EventRow.body).where(EventRow.kind == Kind.TIMER_FIRED.value)
        ):
            ident = json.loads(body)["timer"]
            lags.setdefault(ident, []).append((at - due[ident]).total_seconds())
    times = sorted(one for each in lags.values() for one in each)
    late = times[int(len(times) * 0.99)] if times else float("inf")
    twice = sum(len(each) > 1 for each in lags.values())
    return {"missed": len(due.keys() - lags.keys()), "twice": twice, "p99_lag_s": round(late, 3)}


def main(as_json: bool) -> None:
    found = measure()
    shown = json.dumps(found) if as_json else "\n".join(f"{name:16}{value}" for name, value in found.items())
    sys.stdout.write(shown + "\n")
