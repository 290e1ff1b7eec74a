"""For those who watch the program: is it alive, can it answer, what is missing? A stranger learns nothing more."""

from ctypes.util import find_library
from dataclasses import asdict, dataclass
from functools import cache
from typing import Literal

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app import migrations
from app.web.access import database, public
from app.workflow import pulse, standstill

blueprint = Blueprint("health", __name__)
State = Literal["ok", "unreachable", "old", "silent", "on hold", "unknown"]


@dataclass(slots=True)
class Health:
    """A word for each part; `packages` names what the system lacks, such as pango."""

    database: State = "unknown"
    schema: State = "unknown"
    worker: State = "unknown"
    packages: tuple[str, ...] = ()

    @property
    def can_answer(self) -> bool:
        return self.database == self.schema == "ok"


@cache
def _missing() -> tuple[str, ...]:
    """Looked up once a process: what is installed later needs a restart anyway."""
    return () if find_library("pango-1.0") else ("pango",)


def look() -> Health:
    """Ask every part; what cannot be asked stays unknown."""
    health = Health(packages=_missing())
    try:
        session = database()
        session.execute(sa.select(1))
        health.database = "ok"
        health.schema = "ok" if migrations.is_current_for(session.connection()) else "old"
        if health.schema == "ok":
            health.worker = "silent" if not pulse.beats(session) else "on hold" if standstill.is_on(session) else "ok"
    except SQLAlchemyError:
        health.database = "ok" if health.database == "ok" else "unreachable"
    return health


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers, whatever is wrong with the rest: restarting it would cure nothing."""
    return jsonify(asdict(look()))


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """503 while pages cannot be served; a silent worker delays letters, not pages."""
    health = look()
    return jsonify(asdict(health)), 200 if health.can_answer else 503
