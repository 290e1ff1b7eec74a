"""Files sent with a form: taken into the store, each with its own verdict, so that one bad file loses no other."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.config import Config
from app.engine import Json
from app.errors import Invalid, Problem, TooLarge
from app.files.models import File
from app.files.store import store
from app.forms import Field
from app.workflow.submissions import files_in


def take(session: Session, by: str) -> dict[str, list[File | Problem]]:
    """The files of this request by the path of their field; a Problem stands where one could not be taken."""
    return {
        path: [_take_one(session, part, by) for part in request.files.getlist(path) if part.filename]
        for path in request.files
    }


def _take_one(session: Session, part: FileStorage, by: str) -> File | Problem:
    config: Config = current_app.extensions["config"]
    try:
        return store(config.files, session, part.stream, part.filename or "", by, config.max_upload_mb << 20)
    except (Invalid, TooLarge) as problem:
        return problem


def of_draft(session: Session, fields: Sequence[Field], values: Mapping[str, Json], by: str) -> dict[str, File]:
    """The files that a person's own draft names, by id: only what they sent themselves."""
    wanted = files_in(fields, values)
    if not wanted:
        return {}
    found = session.scalars(sa.select(File).where(File.id.in_(wanted), File.created_by == by))
    return {file.id: file for file in found}
