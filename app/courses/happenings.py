"""Domain events about courses that procedures can begin with."""

from app.courses.actualisation import calendar
from app.courses.monitoring.planning import DUE
from app.courses.surveys.calendar import QUARTER_ENDED
from app.i18n import Text
from app.workflow.happenings import Happening

_ID = Text("Идентификатор курса", "Id of the course")
_REQUEST = Text("Идентификатор запроса", "Id of the request")
HAPPENINGS = (
    Happening("course.published", Text("Курс опубликован", "The course is published"), "course", _ID),
    Happening(QUARTER_ENDED, Text("Закончился квартал", "A calendar quarter has ended"), "course", _ID),
    Happening("course.listed", Text("Курс включен в перечень", "The course entered the list"), "course", _ID),
    Happening("register.requested", Text("Запрошен перечень", "The list is asked for"), "request", _REQUEST),
    Happening(
        calendar.EVENT,
        Text("Пора проверить актуальность курса", "The topicality of the course is to be checked"),
        "course",
        _ID,
    ),
    Happening(DUE, Text("Пора считать показатели курса", "The figures of a course are to be read"), "course", _ID),
    Happening(
        "certificate.requested",
        Text("Обучающийся запросил сертификат", "A learner has asked for a certificate"),
        "course",
        _ID,
        {"request": Text("Идентификатор заявки", "Id of the request")},
    ),
    Happening(
        "access.listed",
        Text("Составлен список допускаемых к курсу", "A list of those admitted to the course is made"),
        "course",
        _ID,
        {"list": Text("Идентификатор списка", "Id of the list")},
    ),
)
