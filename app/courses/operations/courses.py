"""Operations on the register."""

from collections.abc import Mapping

from app.courses import register
from app.engine import Json
from app.workflow.operations import Context, Operation


def _register(context: Context, values: Mapping[str, Json]) -> Json:
    """Of the registration form: enters the course, says what the instance is about."""
    course = register.register(context.session, values, context.actor)
    title = register.title(course)
    context.about(course.id, title.into("ru"), title.into("en"))
    return {"course": course.id}


OPERATIONS = (Operation("courses.register", _register, {"values": True}, immediate=True),)
