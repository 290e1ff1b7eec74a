"""Domain events about courses that procedures can begin with."""

from app.i18n import Text
from app.workflow.happenings import Happening

_ID = Text("Идентификатор курса", "Id of the course")
HAPPENINGS = (Happening("course.published", Text("Курс опубликован", "The course is published"), "course", _ID),)
