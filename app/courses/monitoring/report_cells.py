"""The cells of the platform's reports, as it writes them in English and Russian: states, times, durations, numbers."""

import re
from datetime import datetime
from typing import Any

from app.courses.monitoring.export_lines import FUTURE, STRANGE_TIME
from app.courses.monitoring.moments import Clock, Unreadable
from app.errors import N_, Invalid

NOTHING = ("", "-", "–", "—")
STRANGE_STATE = N_("In row %(row)s the state “%(state)s” is not understood. English and Russian are.")
_NOT_DONE = ("not completed", "не выполнен", "не завершен")
_DONE = ("completed", "выполнен", "завершен")
_FAILED = ("did not achieve", "ниже проходн", "не достиг", "не получ")
_PASSED = ("achieved pass", "выше проходн", "достиг", "получ")
_ATTEMPTS = (
    ("notstarted", ("not started", "не начат")),
    ("abandoned", ("never submitted", "не отправлен", "abandoned")),
    ("finished", ("finished", "завершен")),
    ("inprogress", ("in progress", "в процессе")),
    ("overdue", ("overdue", "просрочен")),
    ("submitted", ("submitted", "отправлен")),
)
_UNITS = (
    (1, ("sec", "сек", "с")), (60, ("min", "мин", "м")), (3600, ("hour", "hr", "час", "ч")),
    (86_400, ("day", "дн", "ден", "сут", "д")), (604_800, ("week", "нед")), (31_536_000, ("year", "год", "лет")),
)  # fmt: skip
_LASTED = re.compile(r"(\d+)\s*([^\W\d]+)")
_WHOLE = 0.00001


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def completion(text: str, row: int) -> int:
    """0 not done, 1 done, 2 passed, 3 failed. Raises Invalid."""
    folded = _folded(text)
    if folded in NOTHING or folded.startswith(_NOT_DONE):
        return 0
    if not folded.startswith(_DONE):
        raise Invalid(STRANGE_STATE, row=row, state=text[:60])
    if any(sign in folded for sign in _FAILED):
        return 3
    return 2 if any(sign in folded for sign in _PASSED) else 1


def attempt_state(text: str, row: int) -> str:
    """The platform's own word for it. Raises Invalid."""
    folded = _folded(text)
    for state, beginnings in _ATTEMPTS:
        if folded.startswith(beginnings):
            return state
    raise Invalid(STRANGE_STATE, row=row, state=text[:60])


def moment(clock: Clock, text: str, row: int) -> str | None:
    """In UTC, in ISO 8601; None where there is none. Raises Invalid."""
    if text.strip() in NOTHING:
        return None
    try:
        at = clock.read(text)
    except Unreadable:
        raise Invalid(STRANGE_TIME, row=row, time=text[:40]) from None
    if clock.is_future(at):
        raise Invalid(FUTURE, row=row, time=text[:40])
    return at.isoformat()


def seconds(text: str, started: str | None, finished: str | None) -> int | None:
    """A duration in words; what is not understood is taken from the two times, which are exact to the minute."""
    total, found = 0, 0
    for number_, word in _LASTED.findall(_folded(text)):
        for unit, beginnings in _UNITS:
            if word.startswith(beginnings):
                total, found = total + int(number_) * unit, found + 1
                break
    if found:
        return total
    if started is None or finished is None:
        return None
    return int((datetime.fromisoformat(finished) - datetime.fromisoformat(started)).total_seconds())


def number(text: str) -> float | None:
    """With a point or a comma; None where there is none, or words stand in its place."""
    try:
        return float(re.sub(r"[\s\u00a0]", "", text).replace(",", "."))
    except ValueError:
        return None


def answer(slot: int) -> dict[str, Any]:
    return {"slot": slot, "question": "", "given": "", "right": "", "state": "", "mark": None, "highest": None}


def judged(text: str, mark: float | None, highest: float, *, over: bool) -> str:
    """The state of a question by its mark."""
    if mark is None:
        if text not in NOTHING:
            return "needsgrading"
        return "gaveup" if over else "todo"
    if mark >= highest - _WHOLE:
        return "gradedright"
    return "gradedpartial" if mark > _WHOLE else "gradedwrong"


def compared(given: str, right: str, *, over: bool) -> str:
    """The state of a question whose mark is not told: a wrong answer may still be partly right."""
    if not given:
        return "gaveup" if over else "todo"
    return "gradedright" if over and given == right else "complete"
