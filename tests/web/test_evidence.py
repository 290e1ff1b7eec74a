"""What changes something leaves exactly one event, and what is refused none of it (S69, X-3)."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.audit.models import EventRow
from tests.web.addresses import Things
from tests.web.client import Client
from tests.web.conftest import Enter

Act = Callable[[Client, Things], object]


def kinds(app: Flask) -> list[str]:
    """Kinds of all events so far, in order."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    with sessions() as session:
        return list(session.scalars(sa.select(EventRow.kind).order_by(EventRow.seq)))


def claim(client: Client, found: Things) -> object:
    return client.post(f"/tasks/{found.task}/claim")


def claim_and_give_back(client: Client, found: Things) -> object:
    claim(client, found)
    return client.post(f"/tasks/{found.task}/give-back")


def extend(client: Client, found: Things) -> object:
    page = client.get(f"/tasks/{found.task}")
    name = page.value("deadline")
    return client.post(f"/tasks/{found.task}/extend", {"deadline": name, "until": "2027-03-01", "reason": "Отпуск"})


def decide(client: Client, found: Things) -> object:
    page = client.get(f"/tasks/{found.task}")
    answer = {"act": "consider", "conforms": "yes", "nonce": page.value("nonce"), "revision": page.value("revision")}
    return client.post(f"/tasks/{found.task}", {**answer, "_send": "1"})


@pytest.mark.requirement("X-3")
@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (claim, ["task:claimed"]),
        (claim_and_give_back, ["task:claimed", "task:given_back"]),
        (extend, ["deadline:extended"]),
    ],
)
def test_s69_each_act_leaves_one_event(
    busy_site: Flask, enter_busy: Enter, found: Things, act: Act, wanted: list[str]
) -> None:
    client = enter_busy("chair-14")
    before = len(kinds(busy_site))
    act(client, found)
    assert kinds(busy_site)[before:] == wanted


def test_s69_a_decision_is_one_event_of_the_task_whatever_else_the_step_writes(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    client = enter_busy("chair-14")
    before = len(kinds(busy_site))
    decide(client, found)
    assert kinds(busy_site)[before:].count("task:completed") == 1


@pytest.mark.parametrize("act", [claim, extend])
def test_s69_what_is_refused_leaves_only_the_refusal(
    busy_site: Flask, enter_busy: Enter, found: Things, act: Act
) -> None:
    client = enter_busy("member-16")
    before = len(kinds(busy_site))
    fields = {"csrf_token": client.token(), "until": "2027-03-01", "reason": "x", "deadline": "answer"}
    path = f"/tasks/{found.task}/{'claim' if act is claim else 'extend'}"
    assert client.browser.post(path, data=fields).status_code == 404
    assert kinds(busy_site)[before:] == ["task:denied"]


def test_s21_links_in_an_instruction_or_a_title_stay_text(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    """Instructions and titles are plain text: markup and addresses in them are shown, never followed."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    wicked = "[x](javascript:alert(1)) <a href=data:text/html,x>y</a>"
    with sessions.begin() as session:
        session.execute(sa.text("UPDATE course SET title_ru = :t"), {"t": wicked})
        session.execute(sa.text("UPDATE subject SET title_ru = :t, title_en = :t"), {"t": wicked})
    client = enter_busy("chair-14")
    for path in ("/?view=roles", f"/tasks/{found.task}", f"/courses/{found.course}"):
        page = client.get(path)
        assert wicked in page.text()
        assert not [href for href in page.links(":") if re.match(r"(javascript|data):", href)]
