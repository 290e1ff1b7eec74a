"""A task from its page: claim, draft, send, and what happens when somebody was faster."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.demo import seed
from app.identity import appointments, register
from app.identity.models import Appointment
from app.workflow.models import Draft, Submission, Task
from tests.web.addresses import Things
from tests.web.client import Client, Page
from tests.web.conftest import Enter

YES: dict[str, Any] = {"act": "consider", "conforms": "yes"}
NO: dict[str, Any] = {"act": "consider", "conforms": "no"}


def form(page: Page, **answers: str) -> dict[str, str]:
    """What a browser would send of the task's form."""
    return {"nonce": page.value("nonce"), "revision": page.value("revision"), **answers}


def send(client: Client, found: Things, expect: int = 303, **answers: str) -> Page:
    where = f"/tasks/{found.task}"
    return client.post(where, form(client.get(where), **answers), expect=expect)


def look(app: Flask, query: sa.Select[int]) -> int:
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    with sessions() as session:
        return session.execute(query).scalar_one()


def count(app: Flask, model: type[Draft] | type[Submission]) -> int:
    return look(app, sa.select(sa.func.count()).select_from(model))


def test_sending_closes_the_task_and_says_so(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    assert send(client, found, **YES).location == "/"
    assert "Отправлено: Рассмотреть материалы курса." in client.get("/").text()
    done = client.get(f"/tasks/{found.task}")
    assert "Что вы отправили" in done.text()
    assert found.task in "".join(client.get("/?view=done").links("/tasks/"))


def test_the_same_form_sent_twice_counts_once(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    """F19: double click, reload, back button."""
    client = enter_busy("chair-14")
    fields = form(client.get(f"/tasks/{found.task}"), **YES)
    before = count(busy_site, Submission)
    for _ in range(2):
        client.post(f"/tasks/{found.task}", fields, expect=303)
    assert count(busy_site, Submission) == before + 1


def test_what_is_missing_is_named_and_what_was_typed_is_kept(enter_busy: Enter, found: Things) -> None:
    """RA1-g: NO without comments is refused."""
    client = enter_busy("chair-14")
    page = send(client, found, expect=422, **NO)
    assert page.tree.xpath("//div[@role='alert']")
    assert page.tree.xpath("//input[@name='conforms' and @value='no' and @checked]")
    again = client.get(f"/tasks/{found.task}")
    assert again.tree.xpath("//input[@name='conforms' and @value='no' and @checked]"), "kept as a draft"


def test_a_draft_is_kept_by_the_button_and_by_the_script(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    send(client, found, _save="1", comments="Первая мысль", **NO)
    assert "Первая мысль" in client.get(f"/tasks/{found.task}").source
    fields = {"csrf_token": client.token(), "comments": "Вторая мысль", **NO}
    answer = client.browser.post(f"/tasks/{found.task}/draft", data=fields)
    assert answer.json == {"said": "Черновик сохранен"}
    assert "Вторая мысль" in client.get(f"/tasks/{found.task}").source
    send(client, found, **YES)
    assert count(busy_site, Draft) == 0


def two_heads(enter_busy: Enter) -> tuple[Client, Client, str]:
    """Two people who may both decide for the Secretariat, and the task that waits for either."""
    first, second = enter_busy("secretariat"), enter_busy("secretariat-2", "en")
    blank = first.get("/appointments/new")
    person = blank.tree.xpath("//select[@name='person']/option[contains(., 'Левин')]/@value")[0]
    terms = {"role": "chair", "organisation_id": "secretariat", "valid_from": blank.value("valid_from"), "acting": "1"}
    first.post("/appointments/new", {"person": person, **terms})
    task = next(link for link in first.get("/?view=roles").links("/tasks/") if link.count("/") == 2)
    return first, second, str(task)


def test_claimed_by_a_colleague_the_task_can_be_read_but_not_sent(enter_busy: Enter) -> None:
    first, second, task = two_heads(enter_busy)
    fields = form(second.get(task), **YES)
    first.post(f"{task}/claim")
    assert "Zhanna Issayeva has claimed this task" in second.get(task).text()
    late = second.post(task, {**fields, "comments": "Do not lose me"}, expect=409)
    assert "Do not lose me" in late.source
    first.post(f"{task}/give-back")
    assert "Zhanna Issayeva has claimed" not in second.get(task).text()


def test_who_comes_second_sees_what_was_typed(enter_busy: Enter) -> None:
    """F18: one wins, the other gets a kind page with everything still on it."""
    first, second, task = two_heads(enter_busy)
    slow = form(second.get(task), comments="Мой долгий ответ", **NO)
    first.post(task, form(first.get(task), **YES))
    page = second.post(task, slow, expect=409)
    assert page.heading == "Somebody was faster"
    assert "Мой долгий ответ" in page.text("//main")


def end_of(app: Flask, key: str, role: str) -> None:
    """Yesterday was the last day of the person's appointment to that role."""
    with app.extensions["sessions"].begin() as session:
        held = register.appointments(session, roles=[role])
        mine = next(one for one in held if one.person.email == seed.address(key))
        appointments.end(session, mine.id, clock.now().date() - timedelta(days=1), "system:test")


def test_an_appointment_that_ends_while_somebody_types_loses_nothing(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    """The answer is not taken; the page says what happened, who acts now, and holds all that was typed."""
    chair, task = enter_busy("chair-14"), f"/tasks/{found.task}"
    typed = form(chair.get(task), comments="Мой долгий ответ <b>о гирях</b>", **NO)
    end_of(busy_site, "chair-14", "chair")
    before = count(busy_site, Submission)
    page = chair.post(task, typed, expect=409)
    assert page.heading == "Ваше назначение закончилось"
    shown = page.text("//section[@aria-labelledby='typed']")
    assert "Мой долгий ответ <b>о гирях</b>" in shown
    assert "НЕТ, требует доработки" in shown, "what was ticked is said in the words of the form"
    assert "сообщите Секретариату КООМЕТ" in page.text("//main")
    assert count(busy_site, Submission) == before
    assert chair.get(task, expect=409).heading == "Ваше назначение закончилось"
    chair.post(f"{task}/claim", {}, expect=409)


def test_who_never_had_the_task_sees_nothing_of_it_whatever_they_held_before(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    end_of(busy_site, "member-15", "member")
    stranger = enter_busy("member-15")
    stranger.get(f"/tasks/{found.task}", expect=404)
    stranger.post(f"/tasks/{found.task}", {"comments": "?"}, expect=404)


def test_an_appointment_that_ended_before_the_task_opened_gives_no_right_to_see_it(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    with busy_site.extensions["sessions"].begin() as session:
        opened = session.get_one(Task, found.task).opened_at.date()
        held = register.appointments(session, roles=["chair"])
        mine = next(one for one in held if one.person.email == seed.address("chair-14"))
        appointments.end(session, mine.id, opened - timedelta(days=1), "system:test")
    enter_busy("chair-14").get(f"/tasks/{found.task}", expect=404)


def test_several_are_claimed_at_once(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    ids = client.get("/?view=roles").tree.xpath("//input[@name='task']/@value")
    assert len(ids) > 1
    client.post("/tasks/claim", {"task": [str(one) for one in ids]})
    assert {f"/tasks/{one}" for one in ids} <= set(client.get("/").links("/tasks/"))
    claimed = sa.select(sa.func.count()).select_from(Task).where(Task.id.in_(ids), Task.claimed_by.is_not(None))
    assert look(busy_site, claimed) == len(ids)


def test_a_deadline_is_extended_with_a_reason(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    where = f"/tasks/{found.task}/extend"
    name = client.get(f"/tasks/{found.task}").value("deadline")
    client.post(where, {"deadline": name, "until": "2030-01-31", "reason": ""}, expect=422)
    client.post(where, {"deadline": name, "until": "2030-01-31", "reason": "Отпуск"})
    again = client.post(where, {"deadline": name, "until": "2020-01-31", "reason": "Моя причина"}, expect=422)
    assert "Новый срок уже прошел" in again.text("//*[@role='alert']")
    assert "Моя причина" in again.text("//details[@open]"), "what was typed is still in the form"
    page = client.get(f"/tasks/{found.task}")
    assert "31 января 2030" in page.text("//main")
    assert "Отпуск" in page.text("//aside")


def test_search_and_order_of_the_inbox(enter_busy: Enter) -> None:
    client = enter_busy("chair-14")
    assert len(client.get("/?view=roles&q=РАСХОДОМЕТРИИ").tree.xpath("//li[contains(@class,'line')]")) == 1
    assert "Ничего не найдено" in client.get("/?view=roles&q=нет такого").text()
    for sort in ("due", "newest", "oldest", "';--"):
        client.get(f"/?view=roles&sort={sort}")


@pytest.mark.requirement("R5.1-a")
def test_the_day_after_an_appointment_ended_its_task_can_no_longer_be_claimed(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:  # fmt: skip
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    today = clock.now().date()
    with sessions.begin() as session:
        held = session.scalars(sa.select(Appointment).where(Appointment.organisation_id == "tc-1.4"))
        for one in [one for one in held if one.role == "chair"]:
            appointments.end(session, one.id, today, "system:test")
    client, claim = enter_busy("chair-14"), f"/tasks/{found.task}/claim"
    client.post(claim)
    client.post(f"/tasks/{found.task}/give-back")
    clock.use(lambda: clock.system() + timedelta(days=1))
    assert "назначение закончилось" in client.post(claim, expect=409).text()
    assert look(busy_site, sa.select(sa.func.count()).where(Task.id == found.task, Task.claimed_by.is_not(None))) == 0
