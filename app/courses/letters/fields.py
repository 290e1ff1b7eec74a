"""What a letter's template may speak of, explained in both languages, with an example of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine import Finding, Json
from app.engine.templates_shape import ITEM, paths, shape_of
from app.i18n import Locale, Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Fact:
    """One field: what it is, and an example; a list of records has them in `within`."""

    label: Text
    example: Text | bool | int = NOTHING
    within: "Mapping[str, Fact] | None" = None
    listed: bool = False


def _f(ru: str, en: str, example_ru: str | bool | int = "", example_en: str = "") -> Fact:
    if isinstance(example_ru, str):
        return Fact(Text(ru, en), Text(example_ru, example_en or example_ru))
    return Fact(Text(ru, en), example_ru)


_PLATFORM = "https://e-learning.bipm.org/1"
_HOME = "https://courses.example"
_DAY = ("22 ноября 2026", "22 November 2026")
_LINK = ("ссылка", "link")

FACTS: Mapping[str, Mapping[str, Fact]] = {
    "recipient": {"name": _f("имя получателя", "name of the recipient", "Анна Петровна Весова", "Anna Vesova")},
    "course": {
        "number": _f("номер курса", "number of the course", "2026-002"),
        "title": _f("название курса", "title of the course", "Калибровка гирь", "Calibration of weights"),
        "link": _f("ссылка на курс", "link to the course", f"{_HOME}/courses/1"),
        "creator": _f(
            "имя создателя; пусто, если его нет", "name of the creator, or empty", "Игорь Мерин", "Igor Merin"
        ),
        "platform": _f("адрес курса на платформе", "address of the course on the platform", _PLATFORM),
        "request": _f("запрос исполнителю", "what was written to the executor", "Пришлите материалы.", "Send it."),
    },
    "sheet": {
        "number": _f("номер листа", "number of the sheet", "2026-002/1"),
        "body": _f("шифр СОК", "code of the body", "ТК 1.6", "TC 1.6"),
        "body_name": _f("название СОК", "name of the body", "Масса", "Mass"),
        "part": _f("часть курса", "part of the course", "Модуль 2", "Module 2"),
        "link": _f("ссылка на лист", "link to the sheet", f"{_HOME}/courses/1/sheets/1"),
        "round": Fact(
            Text("последний раунд", "the last round"),
            within={
                "heading": _f("название раунда", "heading of the round", "Первичное согласование", "Primary agreement"),
                "number": _f("номер раунда", "number of the round", 1),
                "due": _f("срок", "due day", *_DAY),
                "late": _f("срок прошел", "whether it is late", False),
                "remarks": Fact(Text("замечания", "remarks"), Text("Уточнить формулу 3.", "State it."), listed=True),
                "comments": _f("комментарии", "comments", "Уточнить формулу 3.", "State formula 3."),
                "message": _f("сообщение исполнителя", "message of the executor", "Ждем ответа.", "Please answer."),
            },
        ),
    },
    "package": {
        "sha256": _f("контрольная сумма пакета", "checksum of the package", "9f86d081884c7d65"),
        "files": Fact(Text("имена файлов", "names of files"), Text("урок.pdf", "lesson.pdf"), listed=True),
        "sheets": Fact(Text("номера листов", "numbers of sheets"), Text("2026-002/1", "2026-002/1"), listed=True),
        "link": _f(*_LINK, f"{_HOME}/courses/1/documents"),
    },
    "approval": {
        "number": _f("номер формы одобрения", "number of the form for approval", "2026-002-Е1"),
        "date": _f("дата решения", "day of the decision", *_DAY),
        "may_place": _f("можно ли разместить курс", "whether the course may be placed", True),
        "remarks": _f("замечания", "remarks", "Исправить титул.", "Correct the title."),
        "repeat_agreement": _f("нужно ли повторное согласование", "whether it is agreed again", False),
        "administrator": _f("имя администратора", "name of the administrator", "Олег Гирин", "Oleg Girin"),
        "link": _f(*_LINK, f"{_HOME}/courses/1/approvals/1"),
    },
    "publication": {
        "link": _f("адрес курса на платформе", "address on the platform", "https://e-learning.bipm.org/1"),
        "description": _f("описание курса", "description of the course", "О калибровке гирь.", "On weights."),
        "access": _f("доступ словами", "access in words", "свободный доступ", "open access"),
        "restricted": _f("доступ ограничен", "whether access is restricted", False),
        "language": _f("язык курса", "language of the course", "русский", "Russian"),
        "coordinators": Fact(
            Text("координаторы", "coordinators"),
            within={
                "name": _f("имя", "name", "Кира Весова", "Kira Vesova"),
                "organisation": _f("организация", "organisation", "БелГИМ", "BelGIM"),
                "contact": _f("контакты", "contact", "kira@institute.example"),
            },
            listed=True,
        ),
        "sign_up": _f("где завести учетную запись", "where an account is made", "https://e-learning.bipm.org/signup"),
        "portal": _f("список курсов на портале", "list on the portal", f"{_HOME}/portal"),
    },
    "survey": {
        "year": _f("год", "year", 2026),
        "deadline": _f("срок ответа", "day of the answer", *_DAY),
        "message": _f("обращение", "message of its owners", "Просим ответить.", "Please answer."),
        "link": _f(*_LINK, f"{_HOME}/surveys/1"),
        "asked": _f("сколько спрошено", "how many are asked", 19),
        "answered": _f("сколько ответили", "how many have answered", 12),
    },
    "list": {
        "year": _f("год", "year", 2026),
        "organisation": _f("для кого запрошен", "for whom it was asked", "БелГИМ", "BelGIM"),
        "reason": _f("причина отказа", "reason of a refusal", "Перечень еще не готов.", "It is not ready."),
        "link": _f(*_LINK, f"{_HOME}/register/requests/1"),
    },
    "topicality": {
        "due": _f("день следующей проверки", "day of the next check", *_DAY),
        "history": _f("ссылка на историю", "link to the history", f"{_HOME}/courses/1/history"),
        "decision": Fact(
            Text("решение ТК 4", "decision of TC 4"),
            within={
                "number": _f("номер", "number", "2026-1"),
                "act": _f("что решено", "what is decided", "annul"),
                "date": _f("дата", "day", *_DAY),
                "meeting": _f("заседание", "meeting", "35-е заседание ТК 4", "35th meeting of TC 4"),
                "reason": _f("причина", "reason", "Документ заменен.", "The document was replaced."),
                "link": _f(*_LINK, f"{_HOME}/courses/1/decisions/1"),
            },
        ),
        "edition": Fact(
            Text("новая версия", "new version"),
            within={
                "number": _f("номер", "number", 2),
                "changes": _f("что изменено", "changes", "Глава 3.", "Chapter 3."),
            },
        ),
    },
    "task": {
        "name": _f("задача", "task", "Рассмотреть материалы", "Consider the materials"),
        "clause": _f("пункт", "clause", "7.3"),
        "due": _f("срок", "due day", *_DAY),
        "link": _f(*_LINK, f"{_HOME}/tasks/1"),
    },
    "question": {
        "author": _f("кто спросил", "who asked", "Марк Массин", "Mark Massin"),
        "text": _f("вопрос", "question", "Где рисунок 2?", "Where is figure 2?"),
    },
    "withdrawal": {"reason": _f("причина", "reason", "Курс больше не готовится.", "It is not made any more.")},
    "report": {
        "number": _f("номер отчета", "number of the report", "2026-1"),
        "meeting": _f("день заседания", "day of the meeting", *_DAY),
        "courses": _f("сколько курсов", "how many courses", 12),
        "link": _f(*_LINK, f"{_HOME}/reports/1"),
    },
    "certificate": {
        "number": _f("номер свидетельства", "number of the certificate", "2026-0007"),
        "date": _f("дата", "day", *_DAY),
        "code": _f("код проверки", "code", "7K3M9QXT4W2HJ8RVDC5B"),
        "link": _f(*_LINK, f"{_HOME}/certificates/7K3M9QXT4W2HJ8RVDC5B"),
        "corrected": _f("исправленное", "whether it is a correction", False),
    },
    "certificate_request": {
        "reason": _f("причина", "reason", "Тест не пройден.", "The test is not passed."),
        "note": _f("что написал администратор", "what the administrator wrote", "Пройдите тест.", "Take the test."),
        "tests": Fact(Text("непройденные тесты", "tests not passed"), Text("Итоговый тест", "Final test"), listed=True),
        "page": _f("страница слушателя", "the learner's page", f"{_HOME}/certificates"),
    },
    "access": {"key": _f("ключ записи на курс", "enrolment key", "⟦⋯⟧")},
}
PLAIN: Mapping[str, Fact] = {
    "how_to_apply": _f("как подать заявку", "how to apply", "Напишите Секретариату.", "Write.")
}
"""Names that are a text themselves."""


def sample(locale: Locale) -> dict[str, Json]:
    """Facts of an invented course, in one language."""
    whole: dict[str, Json] = {name: _values(facts, locale) for name, facts in FACTS.items()}
    return whole | {name: _value(fact, locale) for name, fact in PLAIN.items()}


def _values(facts: Mapping[str, Fact], locale: Locale) -> dict[str, Json]:
    return {name: _value(fact, locale) for name, fact in facts.items()}


def _value(fact: Fact, locale: Locale) -> Json:
    if fact.within is not None:
        inner: Json = _values(fact.within, locale)
        return [inner] if fact.listed else inner
    value: Json = fact.example.into(locale) if isinstance(fact.example, Text) else fact.example
    return [value] if fact.listed else value


def offered() -> Iterator[tuple[str, Fact]]:
    """Every field as it is written in a template, with its explanation."""
    for name, facts in FACTS.items():
        yield from _offered(name, facts)
    yield from PLAIN.items()


def _offered(above: str, facts: Mapping[str, Fact]) -> Iterator[tuple[str, Fact]]:
    for name, fact in facts.items():
        path = f"{above}['{name}']"
        if fact.within is not None and not fact.listed:
            yield from _offered(path, fact.within)
        else:
            yield path, fact


def unknown(path: str, source: str) -> list[Finding]:
    """Fields of a letter that the program does not give, each with its line."""
    return [_finding(path, place, shape.line) for place, shape in paths(shape_of(source)) if not _known(place)]


def _known(place: tuple[str, ...]) -> bool:
    """Also where what is above it is unknown already: that is told once, and a first name by the check itself."""
    facts: Mapping[str, Fact] | None = FACTS.get(place[0])
    if facts is None:
        return True
    for number, step in enumerate(place[1:], 2):
        if step == ITEM:
            continue
        if facts is None or step not in facts:
            return number < len(place)
        facts = facts[step].within
    return True


def _finding(path: str, place: tuple[str, ...], line: int) -> Finding:
    name = ".".join(step for step in place if step != ITEM)
    return Finding(
        path,
        name,
        "letter-field",
        "warning",
        Text(ru=f"Поля «{name}» в письмах нет.", en=f"Letters have no field “{name}”."),
        Text(ru="Выберите поле из списка.", en="Choose a field from the list."),
        line,
    )
