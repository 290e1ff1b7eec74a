"""How many SQL statements and commits one completion of a task costs, counted and not timed."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection, Engine

from app import create_app, db, migrations
from app.config import Config
from app.demo import server
from tests.bench import creation
from tests.bench.creation import CSRF, TASK, found, hidden

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Counted:
    """Of the request from POST to redirect, sign-in and rights included; BEGIN and COMMIT are no statements."""

    statements: int = 0
    commits: int = 0


def listen(engine: Engine, counted: Counted) -> None:
    @sa.event.listens_for(engine, "before_cursor_execute")
    def _statement(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            counted.statements += 1

    @sa.event.listens_for(engine, "commit")
    def _commit(_connection: Connection) -> None:
        counted.commits += 1


class Counting:
    """A person of the demo in this process; what each completion cost stands in `costs`."""

    def __init__(self, app: Flask, name: str, counted: Counted, costs: list[Counted]) -> None:
        self._web, self._counted, self._costs = app.test_client(), counted, costs
        token = {"csrf_token": found(CSRF, self.get("/demo"))}
        self.post("/demo/sign-in", token | {"person": f"{name}@demo.example"})

    def get(self, path: str) -> str:
        answer = self._web.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def post(self, path: str, values: Mapping[str, str]) -> str:
        answer = self._web.post(path, data=values)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def complete(self, path: str, values: Mapping[str, str]) -> str:
        self._counted.statements = self._counted.commits = 0
        onward = self.post(path, values)
        self._costs.append(replace(self._counted))
        return onward


@contextmanager
def _filled(folders: Path) -> Iterator[tuple[Flask, Counted]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Config(mode="demo", data_dir=Path(folder))
        engine = db.create_engine(settings.database)
        migrations.upgrade(engine)
        app = create_app(settings, engine)
        server.fill(db.session_factory(engine), folders)
        counted = Counted()
        listen(engine, counted)
        yield app, counted
        engine.dispose()


def count(folders: Path | None = None) -> Counted:
    """Completing the second task of the measured model, in this process."""
    from tests.bench.http import folders_of_model

    costs: list[Counted] = []
    with tempfile.TemporaryDirectory() as folder:
        _count_model(folders or folders_of_model(Path(folder) / "model"), costs)
    return costs[-1]


def _count_model(folders: Path, costs: list[Counted]) -> None:
    with _filled(folders) as (app, counted):
        admin = Counting(app, creation.ADMINISTRATOR, counted, costs)
        admin.post("/procedures/approval", hidden(admin.get("/procedures/approval")))
        path = found(TASK, admin.get("/?view=roles"))
        for _ in range(2):  # the first completion warms what is compiled once a process
            values = {"title": "Calibration", "hours": "12", "decision": "rework"}
            path = admin.complete(path, hidden(admin.get(path)) | values)


def count_creation() -> list[Counted]:
    """Each completion of the first stretch of `creation`; what is compiled once a process is warm."""
    costs: list[Counted] = []
    with _filled(ROOT) as (app, counted):
        names = (creation.ADMINISTRATOR, *creation.CREATORS)
        people = {name: Counting(app, name, counted, costs) for name in names}
        for _ in range(2):
            creation.play(people)
    assert len(costs) == 2 * creation.COMPLETIONS
    return costs[creation.COMPLETIONS :]
