"""Domain events about courses that procedures can begin with."""

from app.courses.surveys.calendar import QUARTER_ENDED
from app.i18n import Text
from app.workflow.happenings import Happening

_ID = Text("Идентификатор курса", "Id of the course")
HAPPENINGS = (
    Happening("course.published", Text("Курс опубликован", "The course is published"), "course", _ID),
    Happening(QUARTER_ENDED, Text("Закончился квартал", "A calendar quarter has ended"), "course", _ID),
)
