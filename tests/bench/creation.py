"""The first stretch of `creation` over HTTP: entered, materials asked for, three creators polled, one chosen.

18 requests, redirects not followed, of four people; five of them complete a task. Nothing of it needs a worker: letters
wait as jobs, as in the measure of the model.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

from app import clock

ADMINISTRATOR, CREATORS = "admin-by", ("creator-by", "creator-kz", "creator-ru")
REQUESTS, COMPLETIONS = 18, 5
CSRF, NONCE = re.compile(r'name="csrf_token" value="([^"]+)"'), re.compile(r'name="nonce" value="([^"]+)"')
TASK, INSTANCE = re.compile(r'href="(/tasks/[^"]+)"'), re.compile(r"^/instances/")
VOLUNTEER = re.compile(r'<select[^>]* name="volunteer".*?<option value="([0-9a-z]{26})"', re.DOTALL)
ENTRY = {
    "language": "ru_en",
    "title_ru": "Калибровка гирь",
    "title_en": "Calibration of weights",
    "initiator_kind": "nmi",
    "nmi": "nmi-by-belgim",
    "year": "2026",
    "field": "Mass",
}


class Browser(Protocol):
    """A signed-in person. `complete` is `post` of a task, measured by whoever hands the browser in."""

    def get(self, path: str) -> str: ...
    def post(self, path: str, values: Mapping[str, str]) -> str:
        """The address the answer sends on to."""
        ...

    def complete(self, path: str, values: Mapping[str, str]) -> str: ...


def play(people: Mapping[str, Browser]) -> None:
    admin = people[ADMINISTRATOR]
    instance = admin.post("/procedures/creation", hidden(admin.get("/procedures/creation")) | ENTRY)
    assert INSTANCE.match(instance), instance
    week = (clock.now() + timedelta(days=7)).date().isoformat()
    _answer(admin, "/?view=roles", {"materials_by": week, "poll_by": week})
    for name in CREATORS:
        _answer(people[name], "/", {"answer": "yes"})
    path = found(TASK, admin.get("/?view=roles"))
    page = admin.get(path)
    chosen = {"decision": "agreed", "volunteer": found(VOLUNTEER, page)}
    admin.complete(path, hidden(page) | chosen)
    admin.get(instance)


def _answer(person: Browser, inbox: str, values: Mapping[str, str]) -> None:
    """The only task in the inbox, opened there and completed."""
    path = found(TASK, person.get(inbox))
    person.complete(path, {**hidden(person.get(path)), **values})


def hidden(page: str) -> dict[str, str]:
    """What a browser sends along; the nonce is fresh, so that a page may be sent more than once."""
    found(NONCE, page)
    return {"csrf_token": found(CSRF, page), "nonce": uuid4().hex[:26], "revision": "0", "_send": "1"}


def found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    assert match, f"{pattern.pattern} is not on the page: {page[:2000]}"
    return match.group(1)
