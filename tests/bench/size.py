"""`./run bench size`: bytes in the SQLite database per finished instance of the measured model, evidence included."""

import json
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import db
from app.db import new_id
from app.identity.actors import Actor
from app.workflow import releases, starts, tasks
from app.workflow.inbox import next_of
from tests.bench.http import ANSWERS, MODEL
from tests.conftest import load_models
from tests.scene import Scene

INSTANCES = 300


def measure(instances: int = INSTANCES) -> float:
    with tempfile.TemporaryDirectory() as folder:
        engine = db.create_engine(f"sqlite:///{Path(folder) / 'size.db'}")
        load_models().create_all(engine)
        scene = Scene(db.session_factory(engine))
        scene.person("anna", "administrator")
        with scene.sessions.begin() as session:
            releases.publish(session, releases.read_folders(MODEL), "system:bench")
        actor = scene.actor("anna")
        for _warm_up in range(10):
            play(scene, actor)
        before = stored(scene)
        for _ in range(instances):
            play(scene, actor)
        grown = stored(scene) - before
        engine.dispose()
    return grown / instances


def play(scene: Scene, actor: Actor) -> None:
    """One instance, three completions, each in its own transaction."""
    with scene.sessions.begin() as session:
        instance = starts.submit(session, actor, "approval", {}, nonce=new_id())
    for values in ANSWERS:
        with scene.sessions.begin() as session:
            complete(session, actor, instance.id, values)


def complete(session: Session, actor: Actor, instance_id: str, values: dict[str, str]) -> None:
    task = next_of(session, actor, instance_id)
    assert task is not None
    tasks.complete(session, actor, task.id, values, nonce=new_id(), revision=task.revision)


def stored(scene: Scene) -> int:
    """Pages of tables and indexes, without what is free."""
    with scene.sessions() as session:
        return int(session.execute(sa.text("SELECT sum(pgsize) FROM dbstat")).scalar_one())


def main(as_json: bool) -> None:
    found = {"bytes_per_instance": round(measure())}
    sys.stdout.write((json.dumps(found) if as_json else f"bytes_per_instance  {found['bytes_per_instance']}") + "\n")
