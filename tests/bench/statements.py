"""How many SQL statements and commits one completion of a task costs, counted and not timed."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import Connection, Engine

from app import create_app, db, migrations
from app.config import Config
from app.demo import server

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
NONCE = re.compile(r'name="nonce" value="([^"]+)"')
TASK = re.compile(r'href="(/tasks/[^"]+)"')


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


def count(folders: Path | None = None) -> Counted:
    """Completing the second task of the measured model, in this process."""
    from tests.bench.http import folders_of_model

    with tempfile.TemporaryDirectory() as folder:
        settings = Config(mode="demo", data_dir=Path(folder))
        engine = db.create_engine(settings.database)
        migrations.upgrade(engine)
        client = create_app(settings, engine).test_client()
        server.fill(db.session_factory(engine), folders or folders_of_model(Path(folder) / "model"))
        counted = Counted()
        _complete(client, engine, counted)
        engine.dispose()
    return counted


def _complete(client: FlaskClient, engine: Engine, counted: Counted) -> None:
    hidden = _hidden(client.get("/demo").text, nonce=False)
    client.post("/demo/sign-in", data=hidden | {"person": "admin-by@demo.example"})
    client.post("/procedures/approval", data=_hidden(client.get("/procedures/approval").text) | {"_send": "1"})
    path = TASK.findall(client.get("/?view=roles").text)[0]
    for _ in range(2):  # the first completion warms what is compiled once a process
        values = {"title": "Calibration", "hours": "12", "decision": "rework", "_send": "1", "revision": "0"}
        hidden = _hidden(client.get(path).text)
        if not counted.statements:
            listen(engine, counted)
        counted.statements = counted.commits = 0
        answer = client.post(path, data=hidden | values)
        assert answer.status_code == 303, answer.text
        path = answer.headers["Location"]


def _hidden(page: str, nonce: bool = True) -> dict[str, str]:
    names = {"csrf_token": CSRF, **({"nonce": NONCE} if nonce else {})}
    return {name: pattern.findall(page)[0] for name, pattern in names.items()}
