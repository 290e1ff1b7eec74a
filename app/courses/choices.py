"""What the form of a task offers to choose from and shows besides its fields."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.engine import Json
from app.forms.model import Context


def context(session: Session, form: str, subject: str | None, data: Mapping[str, Json]) -> Context:
    """Options of fields with `options_from`, values of read-only and bound fields.

    `form` is the form's name, `subject` the course of the task (None: a start form), `data` the task's data.
    """
    raise NotImplementedError
