"""The job that looks into an upload, apart from any transaction, once for each content."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.courses.advice.models import FileLook
from app.engine import Json
from app.errors import TemporaryFailure
from app.files import looking
from app.files.models import File
from app.files.store import path_of, store
from app.workflow import jobs
from app.workflow.operations import Context, Operation, Outside

NAME = "advice.look"
BY = "system:advice"


@dataclass(slots=True)
class _Place:
    root: Path = Path("data/files")


_place = _Place()


def install(root: Path) -> None:
    """Where files are kept; called once when the program is joined."""
    _place.root = root


def wanted(session: Session, file: File) -> None:
    """Have the file looked into after commit; the same content only once."""
    if looking.can_look(file.kind) and session.get(FileLook, file.sha256) is None:
        jobs.enqueue(session, NAME, {"file": file.id}, key=f"{NAME}:{file.sha256}")


def found(session: Session, sha256: str) -> FileLook | None:
    return session.get(FileLook, sha256)


@dataclass(frozen=True, slots=True)
class _Request:
    path: Path
    kind: str


def _prepare(context: Context, file: str) -> _Request | None:
    known = context.session.get_one(File, file)
    if context.session.get(FileLook, known.sha256) is not None:
        return None
    return _Request(path_of(_place.root, known.sha256), known.kind)


def _act(request: _Request | None, _key: str) -> Mapping[str, Any] | None:
    if request is None:
        return None
    if not request.path.is_file():  # the operator restores it
        raise TemporaryFailure("the file is missing in the store")
    return looking.look(request.path, request.kind)


def _keep(context: Context, file: str, answer: Mapping[str, Any] | None) -> Json:
    session = context.session
    known = session.get_one(File, file)
    if answer is None or session.get(FileLook, known.sha256) is not None:
        return {"looked": False}
    seen = {key: value for key, value in answer.items() if key != "shown"}
    look = FileLook(sha256=known.sha256, found=seen, at=clock.now())
    if "shown" in answer:
        small = b64decode(answer["shown"])
        look.shown_id = store(_place.root, session, BytesIO(small), "picture.jpg", BY, len(small), ["jpg"]).id
    session.add(look)
    session.flush()
    return {"looked": True}


OPERATIONS = (Operation(NAME, _keep, {"file": True}, outside=Outside(_prepare, _act)),)
