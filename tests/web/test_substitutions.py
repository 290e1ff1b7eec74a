"""Deputies and acting chairs on the Secretariat's page: entered, changed, ended; the tasks follow the days (X-6)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.audit.history import history
from app.demo import seed
from app.identity import people, register
from tests.conftest import TestClock
from tests.web.addresses import Things
from tests.web.client import Client, Page
from tests.web.conftest import Enter

PAGE = "/substitutions"


def sessions_of(app: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = app.extensions["sessions"]
    return found


def who(app: Flask, key: str) -> str:
    with sessions_of(app)() as session:
        found = people.find_by_email(session, seed.address(key))
        assert found is not None
        return found.id


def days(first: int, last: int) -> dict[str, str]:
    """From so many days after today until so many."""
    today = clock.now().date()
    return {
        "valid_from": (today + timedelta(days=first)).isoformat(),
        "valid_to": (today + timedelta(days=last)).isoformat(),
    }


def entered(app: Flask, client: Client, terms: dict[str, str], expect: int = 303) -> Page:
    """The chair of TC 1.4 is away; a colleague acts."""
    base = {"absent": who(app, "chair-14"), "substitute_id": who(app, "guest"), "role": "chair"}
    return client.post(f"{PAGE}/new", base | {"organisation_id": "tc-1.4"} | terms, expect=expect)


def kinds(app: Flask, key: str) -> list[str]:
    with sessions_of(app)() as session:
        events = history(session, "person", who(app, key), limit=100).events
    return [one.kind.value for one in reversed(events) if one.kind.value.startswith("substitution:")]


@pytest.mark.requirement("X-6")
def test_an_acting_chair_gets_the_tasks_between_the_days_and_not_after(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    moved = TestClock(clock.now())
    clock.use(moved)
    secretariat, deputy = enter_busy("secretariat"), enter_busy("guest")
    task = f"/tasks/{found.task}"
    deputy.get(task, expect=404)
    entered(busy_site, secretariat, days(1, 5) | {"reason": "Командировка"})
    deputy.get(task, expect=404)
    moved.move(days=2)
    deputy, secretariat = enter_busy("guest"), enter_busy("secretariat")
    assert deputy.get("/?view=roles").links(task), "the task is in the substitute's inbox"
    assert "замещает: Тимофеев" in enter_busy("chair-14").get("/account").text("//main")
    listed = secretariat.get(PAGE)
    assert "Тимофеев Сергей Львович" in listed.text("//tbody")
    assert "сейчас" in listed.text("//tbody")
    moved.move(days=5)
    enter_busy("guest").get(task, expect=409)
    assert not enter_busy("secretariat").get(PAGE).tree.xpath("//tbody"), "what has ended is shown only when asked for"
    assert enter_busy("secretariat").get(f"{PAGE}?all=1&q=тимофеев").tree.xpath("//tbody/tr")


@pytest.mark.requirement("X-6")
def test_a_substitution_is_changed_and_ended_and_each_is_in_the_evidence(busy_site: Flask, enter_busy: Enter) -> None:
    secretariat = enter_busy("secretariat")
    entered(busy_site, secretariat, days(0, 9))
    with sessions_of(busy_site)() as session:
        made = register.substitutions(session)[0].terms.id
    page = secretariat.get(f"{PAGE}/{made}")
    assert page.value("valid_to") == days(0, 9)["valid_to"]
    terms = {"substitute_id": who(busy_site, "member-14"), "role": "chair", "organisation_id": "tc-1.4"}
    secretariat.post(f"{PAGE}/{made}", {**terms, **days(0, 7)})
    assert "замещение изменено" in secretariat.get(f"{PAGE}/{made}").text("//ol")
    late = {"last_day": days(0, 8)["valid_to"]}
    secretariat.post(f"{PAGE}/{made}/end", late, expect=422)
    secretariat.post(f"{PAGE}/{made}/end", {"last_day": days(0, 2)["valid_to"]})
    assert kinds(busy_site, "chair-14") == ["substitution:made", "substitution:changed", "substitution:ended"]
    with sessions_of(busy_site)() as session:
        assert register.substitutions(session)[0].terms.valid_to.isoformat() == days(0, 2)["valid_to"]


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"valid_to": ""}, "valid_to"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"valid_from": "31.12.2026"}, "valid_from"),
        ({"substitute_id": "nobody"}, "substitute_id"),
        ({"organisation_id": "tc-9.9"}, "organisation_id"),
        ({"role": "chair", "organisation_id": "tc-1.5"}, "role"),
        ({"role": "emperor"}, "role"),
        ({"absent": ""}, "absent"),
    ],
)
def test_what_cannot_be_is_named_and_everything_typed_is_kept(
    busy_site: Flask, enter_busy: Enter, terms: dict[str, str], wrong: str
) -> None:
    client = enter_busy("secretariat")
    typed = {**days(0, 3), "reason": "Отпуск по графику", **terms}
    page = entered(busy_site, client, typed, 422)
    assert page.tree.xpath(f"//*[@id='{wrong}'][@aria-invalid='true']"), page.text("//main")
    assert page.value("reason") == "Отпуск по графику"
    assert page.value("valid_from") == typed["valid_from"]
    assert kinds(busy_site, "chair-14") == []


def test_nobody_substitutes_for_themselves(busy_site: Flask, enter_busy: Enter) -> None:
    page = entered(
        busy_site, enter_busy("secretariat"), days(0, 1) | {"substitute_id": who(busy_site, "chair-14")}, 422
    )
    assert page.tree.xpath("//*[@id='substitute_id'][@aria-invalid='true']")


def test_only_the_secretariat_enters_and_who_reads_sees_no_buttons(busy_site: Flask, enter_busy: Enter) -> None:
    entered(busy_site, enter_busy("secretariat", "en"), days(0, 3))
    for key in ("chair-14", "creator-by", "operator"):
        enter_busy(key).get(PAGE, expect=404)
        entered(busy_site, enter_busy(key), days(0, 3), 404)
    page = enter_busy("auditor", "en").get(PAGE)
    assert "Sergei Timofeev" in page.text("//tbody")
    assert not page.links(f"{PAGE}/new")


def test_an_empty_list_says_what_will_come_here(enter_busy: Enter) -> None:
    assert "Сейчас никто никого не замещает" in enter_busy("secretariat").get(PAGE).text("//main")
    assert "Nothing found" in enter_busy("secretariat", "en").get(f"{PAGE}?q=nobody").text("//main")
