"""A letter as a recipient would read it, with sample facts: for trying a procedure out, where no course is real."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from app.courses.letters.composing import Composed, compose
from app.courses.letters.facts import Facts
from app.courses.letters.publication import SIGN_UP
from app.engine import Json
from app.engine.expressions_errors import ExpressionError
from app.errors import N_, Invalid, PermanentFailure
from app.i18n import Locale, Text, current_locale, format_date, use_locale

HOME = "https://courses.example"
NOT_WRITTEN = N_("The letter “%(letter)s” cannot be written: %(reason)s.")


def preview(
    files: Mapping[str, bytes], folder: str, letter: str, locale: Locale, more: Callable[[], Facts] = dict
) -> Composed:
    """In that language; `more`: facts that are known, in the place of samples. Raises Invalid with what is wrong."""
    with use_locale(locale):
        known = facts() | more()
    try:
        with use_locale(locale):
            return compose(files, folder, letter, locale, known)
    except (PermanentFailure, ExpressionError, UnicodeDecodeError) as error:
        raise Invalid(NOT_WRITTEN, letter=letter[:80], reason=str(error)[:300]) from error


def facts(day: date = date(2026, 12, 7)) -> Facts:
    """One of everything that letters may speak of, in the current language; `day` is when things are due."""
    return {
        "recipient": {"name": _in("Имя Получателя", "Name of the recipient")},
        "course": {
            "number": "2026-001",
            "title": _in("Калибровка гирь", "Calibration of weights"),
            "link": f"{HOME}/courses/1",
            "creator": _in("Семен Создателев", "Semyon Sozdatelev"),
            "platform": "https://e-learning.example/course/view.php?id=7",
            "request": _in("Просим прислать слайды.", "Please send the slides."),
        },
        "sheet": _sheet(day),
        "package": {"sha256": "0" * 64, "files": ["lesson.pdf"], "sheets": ["2026-001/1"], "link": f"{HOME}/courses/1"},
        "approval": {
            "number": "2026-001/F1",
            "date": format_date(day),
            "may_place": True,
            "remarks": _in("Замечаний нет.", "No remarks."),
            "repeat_agreement": False,
            "administrator": _in("Анна Администраторова", "Anna Administratorova"),
            "link": f"{HOME}/courses/1/approvals/1",
        },
        "publication": _publication(),
        **_of_planning(day),
        **_of_topicality(day),
        **_of_learners(day),
        "question": {"author": _in("Мила Массина", "Mila Massina"), "text": _in("Вопрос?", "A question?")},
        "withdrawal": {"reason": _in("Курс больше не нужен.", "The course is not needed any more.")},
        "report": {"number": "2026/1", "meeting": format_date(day), "courses": 3, "link": f"{HOME}/annual-reports/1"},
        "how_to_apply": _in("Напишите координатору.", "Write to the coordinator."),
        "task": {
            "name": _in("Задача", "Task"),
            "clause": "7.3",
            "due": format_date(day),
            "link": f"{HOME}/tasks/1",
        },
    }


def _in(ru: str, en: str) -> str:
    return Text(ru, en).into(current_locale())


def _sheet(day: date) -> Facts:
    return {
        "number": "2026-001/1",
        "body": _in("ТК 1.6", "TC 1.6"),
        "body_name": _in("Масса и связанные с ней величины", "Mass and related quantities"),
        "part": _in("Модуль 2", "Module 2"),
        "link": f"{HOME}/courses/1/sheets/1",
        "round": {
            "heading": _in("Первое рассмотрение", "First consideration"),
            "number": 1,
            "due": format_date(day),
            "late": False,
            "comments": _in("Хорошо бы добавить рисунок.", "A drawing would help."),
            "remarks": [_in("Нет ссылки на R 111.", "The reference to R 111 is missing.")],
            "message": _in("Просим рассмотреть модуль 2.", "Please consider module 2."),
        },
    }


def _publication() -> Facts:
    coordinators: list[Json] = [
        {
            "name": _in("Кира Координаторова", "Kira Koordinatorova"),
            "organisation": _in("БелГИМ", "BelGIM"),
            "contact": "kira@example.org",
        }
    ]
    return {
        "link": "https://e-learning.example/course/view.php?id=7",
        "description": _in("Курс о калибровке гирь.", "A course on the calibration of weights."),
        "access": _in("ограниченный доступ", "restricted access"),
        "restricted": True,
        "language": _in("русский и английский", "Russian and English"),
        "coordinators": coordinators,
        "sign_up": SIGN_UP,
        "portal": f"{HOME}/portal",
    }


def _of_planning(day: date) -> Facts:
    return {
        "survey": {
            "year": day.year,
            "deadline": format_date(day),
            "message": _in("Просим ответить.", "Please answer."),
            "link": f"{HOME}/surveys/1",
            "asked": 12,
            "answered": 7,
        },
        "list": {
            "year": day.year,
            "organisation": _in("БелГИМ", "BelGIM"),
            "reason": _in("Список еще не составлен.", "The list has not been made yet."),
            "link": f"{HOME}/register/requests/1",
        },
    }


def _of_topicality(day: date) -> Facts:
    return {
        "topicality": {
            "due": format_date(day + timedelta(days=1096)),
            "history": f"{HOME}/courses/1/history",
            "decision": {
                "number": "2026-001/D1",
                "act": "annul",
                "date": format_date(day),
                "meeting": _in("заседание 12", "meeting 12"),
                "reason": _in("Стандарт отменен.", "The standard was withdrawn."),
                "link": f"{HOME}/courses/1/decisions/1",
            },
            "edition": {"number": 2, "changes": _in("Новый модуль 3.", "A new module 3.")},
        }
    }


def _of_learners(day: date) -> Facts:
    tests: list[Json] = [_in("Итоговый тест", "Final test")]
    return {
        "certificate": {
            "number": "2026-001/C1",
            "date": format_date(day),
            "code": "ABCD-EFGH",
            "link": f"{HOME}/certificates/ABCD-EFGH",
            "corrected": False,
        },
        "certificate_request": {
            "reason": _in("Пройдены не все тесты.", "Not all tests are passed."),
            "note": _in("Попробуйте еще раз.", "Try once more."),
            "tests": tests,
            "page": f"{HOME}/portal",
        },
        "access": {"key": _in("(ключ)", "(key)")},
    }
