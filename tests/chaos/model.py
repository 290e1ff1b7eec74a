"""What runs in the storm: a small procedure with everything that can be lost or doubled, a journaled world, Moodle."""

import json
import os
import threading
from pathlib import Path

from app.connectors.moodle import NewCourse, PlatformCourse
from app.courses.platform import connection
from app.engine import Json
from app.workflow import operations
from app.workflow.operations import Context, Operation, Outside
from app.workflow.releases import read_folders
from tests.diagrams import diagram, on_timer, service, start_form, timer, user
from tests.scene import form
from tests.walk.server import ROOT

EFFECT = "chaos.effect"
COURSE = "chaos.course"
PROCESS = "storm"
STORM = diagram(
    PROCESS,
    user("decide", outputs="note"),
    service("tell", EFFECT, result="told", what="note"),
    service("build", COURSE, result="built", title="note"),
    timer("pause", "duration", "PT1S"),
    user("close", deadline=("answer", "workdays(3)")),
    on_timer("nudge", "close", "duration", "PT1S", interrupting=False),
    service("remind", EFFECT, what="note + ' again'"),
    flows="start decide; decide tell; tell build; build pause; pause close; close end; nudge remind; remind end",
    start=start_form(form="note", roles="administrator", outputs="note"),
)


def files() -> dict[str, bytes]:
    """The procedure, with the letters about tasks that every release has."""
    schema, ui = form("note")
    letters = {path: data for path, data in read_folders(ROOT).items() if path.startswith("processes/letters/")}
    return letters | {
        f"processes/{PROCESS}/{PROCESS}.bpmn": STORM,
        "forms/note.schema.json": schema,
        "forms/note.ui.json": ui,
    }


class World:
    """The outside: an append-only journal. It looks whether a key is there before it acts, as our connectors do."""

    def __init__(self, journal: Path) -> None:
        self.journal = journal

    def act(self, request: str, key: str) -> str:
        self._hold()
        if key not in self.keys():
            line = json.dumps({"key": key, "what": request}) + "\n"
            handle = os.open(self.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)
        return f"told {request}"

    def _hold(self) -> None:
        """Stand still as long as the file named by CHAOS_HOLD is there: for a test that stops a process just here."""
        hold = Path(os.environ.get("CHAOS_HOLD", "/nowhere"))
        if hold.exists():
            hold.with_suffix(".reached").touch()
        while hold.exists():
            threading.Event().wait(0.02)

    def keys(self) -> list[str]:
        """Of every effect, in order; a key that is there twice is a doubled effect."""
        if not self.journal.exists():
            return []
        return [json.loads(line)["key"] for line in self.journal.read_text().splitlines()]


def install(folder: Path) -> World:
    """Offer the world's one operation to the diagram."""
    world = World(folder / "world.jsonl")

    def keep(_context: Context, what: str, answer: str) -> Json:
        return answer

    outside = Outside(lambda _context, what: what, world.act)
    operations.register(Operation(EFFECT, keep, {"what": True}, outside=outside))
    operations.register(Operation(COURSE, _keep_id, {"title": True}, outside=Outside(_title, build)))
    return world


def _title(_context: Context, title: str) -> str:
    return title


def build(title: str, key: str) -> PlatformCourse:
    """A course at the stand-in for Moodle, by the program's own client; the job's key is what it is known by."""
    name = course_name(key)
    return connection.demand().create(NewCourse(name, name, title))


def course_name(key: str) -> str:
    """Moodle takes up to 100 characters."""
    return key[-100:]


def _keep_id(_context: Context, title: str, answer: PlatformCourse) -> Json:
    return answer.id
