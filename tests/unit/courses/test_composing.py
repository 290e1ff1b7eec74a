"""Letters of the repository: both languages of each, and words for every state they may meet."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.courses.letters.composing import calendar_entry, compose, find
from app.courses.letters.sending import message_id
from app.errors import PermanentFailure
from app.i18n import Locale
from app.workflow import releases

ROOT = Path(__file__).parents[3]
FILES = releases.read_folders(ROOT)
NAMES = sorted(
    {(Path(path).parts[1], Path(path).name.split(".")[0]) for path in FILES if re.search(r"letters/.*\.txt$", path)}
)
ROUND = {
    "heading": "Первичное согласование", "number": 0, "due": "7 декабря 2026", "late": False, "comments": "Слайд 4",
    "remarks": ["Слайд 4", "Слайд 5"], "message": "",
}  # fmt: skip
FACTS: dict[str, Any] = {
    "recipient": {"name": "Анна"},
    "course": {"number": "2026-001", "title": "Гири", "link": "https://c.example/courses/1", "creator": "Анна",
               "platform": "https://c.example/moodle", "request": "Слайды, пожалуйста."},
    "question": {"author": "Анна", "text": "Какой шрифт?"},
    "withdrawal": {"reason": "Тема устарела."},
    "sheet": {"number": "2026-001/1", "body": "ТК 1.6", "body_name": "Масса", "part": "", "link": "https://c.example/s",
              "round": ROUND},
    "package": {"sha256": "ab" * 32, "files": ["a.pdf"], "sheets": ["2026-001/1"], "link": "https://c.example/c"},
    "approval": {"number": "2026-001/F1", "date": "7 декабря 2026", "may_place": False, "remarks": "Слайд 4",
                 "repeat_agreement": True, "administrator": "Анна", "link": "https://c.example/f"},
    "publication": {"link": "https://c.example/moodle", "description": "О гирях.", "access": "открытый",
                    "restricted": True, "language": "русский", "sign_up": "https://c.example/signup",
                    "portal": "https://c.example/portal",
                    "coordinators": [{"name": "Анна", "organisation": "Масса", "contact": "+375"}]},
    "topicality": {"due": "7 декабря 2029", "history": "https://c.example/h",
                   "decision": {"number": "2026-001/D1", "act": "annul", "date": "7 декабря 2026", "meeting": "25-е",
                                "reason": "Метод не применяется.", "link": "https://c.example/d"},
                   "edition": {"number": 2, "changes": "Слайд 4"}},
    "how_to_apply": "Анна.",
    "survey": {"year": 2027, "deadline": "7 декабря 2026", "message": "Ждем ответа.", "asked": 3, "answered": 2,
               "link": "https://c.example/surveys/1"},
    "list": {"year": 2027, "organisation": "Масса", "reason": "Год указан неверно.", "link": "https://c.example/l"},
    "certificate": {"number": "COOMET-2026-00001", "date": "7 декабря 2026", "code": "7K3M9-QXT4W-2HJ8R-VDC5B",
                    "link": "https://c.example/certificates/x", "corrected": True},
    "certificate_request": {"reason": "Анна.", "note": "Анна.", "tests": ["Масса – Анна"],
                            "page": "https://c.example/certificates/ask/1"},
    "report": {"number": "TC4-2027-1", "meeting": "2 марта 2027", "courses": 3, "link": "https://c.example/r"},
    "access": {"key": "Гири"},
    "task": {"name": "Рассмотреть", "clause": "7.3", "due": "7 декабря 2026", "link": "https://c.example/tasks/1"},
}  # fmt: skip


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_every_letter_reads_well_in_both_languages(folder: str, name: str, locale: Locale) -> None:
    made = compose(FILES, folder, name, locale, FACTS)
    assert made.title
    assert "{" not in made.title + made.text
    assert "  " not in made.text.replace("\n", " \n").replace(" \n", "\n")
    assert "\n\n\n" not in made.text
    assert "None" not in made.title + made.text
    greeting = "Здравствуйте, Анна!" if locale == "ru" else "Dear Анна,"
    assert made.text.startswith(greeting)
    assert "https://c.example/" in made.text
    assert (re.search("[а-я]{3}", made.text.replace("Анна", "").replace("Масса", "")) is not None) or locale == "en"


@pytest.mark.parametrize(("folder", "name"), NAMES)
def test_every_letter_is_there_in_both_languages(folder: str, name: str) -> None:
    place = "processes/letters" if folder == "letters" else f"processes/{folder}/letters"
    assert {f"{place}/{name}.ru.txt", f"{place}/{name}.en.txt"} <= FILES.keys()


def test_no_two_procedures_have_a_letter_of_one_name() -> None:
    """A called procedure's letter is found by its name alone: a second one of that name could be sent in its place."""
    names = [name for _folder, name in NAMES]
    assert sorted(names) == sorted(set(names))


def test_general_letters_stand_in_where_a_procedure_has_none_of_its_own() -> None:
    assert find(FILES, "agreement", "task_overdue", "en") == "processes/letters/task_overdue.en.txt"
    with pytest.raises(PermanentFailure):
        compose(FILES, "agreement", "no_such_letter", "ru", FACTS)


def test_a_deadline_becomes_a_calendar_entry() -> None:
    entry = calendar_entry("1@c", "Рассмотреть, сроком до; " + "очень " * 20, date(2026, 12, 31), "https://c.example/1")
    assert "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101" in entry
    assert "Рассмотреть\\, сроком до\\;" in entry
    assert all(len(line.encode()) <= 75 for line in entry.split("\r\n"))


def test_the_same_cause_and_recipient_have_the_same_message_id() -> None:
    assert message_id("call-1", "p") == message_id("call-1", "p")
    assert len({message_id("call-1", "p"), message_id("call-2", "p"), message_id("call-1", "q")}) == 3
