"""Attacks through the pages (ids as in the security notes); each is refused, and nothing changes."""

import io
import json
import logging
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import create_app
from app.audit.kinds import Kind
from app.audit.models import EventRow
from app.config import Config
from app.courses.models import Course
from app.db import Model
from app.identity.models import Person
from app.logs import JsonLines
from app.web import diagrams, journal
from app.workflow.models import Subject
from tests.web.addresses import Things
from tests.web.client import Client
from tests.web.conftest import Enter

IMG = "<img src=x onerror=alert(1)>"


def sessions_of(app: Flask) -> sessionmaker[Session]:
    found: sessionmaker[Session] = app.extensions["sessions"]
    return found


def test_s70_no_variable_of_a_procedure_and_no_row_holds_a_setting(busy_site: Flask, enter_busy: Enter) -> None:
    """After a whole demo: the search finds what was typed, and no secret, in any table."""
    enter_busy("chair-14").get("/")
    secret = busy_site.extensions["config"].secret_key
    with sessions_of(busy_site)() as session:
        rows = [str(row) for table in Model.metadata.sorted_tables for row in session.execute(sa.select(table))]
        title = session.scalars(sa.select(Course.title_ru)).first()
    assert title
    assert any(title in row for row in rows)
    assert [row for row in rows if secret in row] == []


@pytest.mark.requirement("X-1")
def test_s38_a_strangers_task_looks_like_no_task_and_the_attempt_is_kept(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    client = enter_busy("member-16")
    other = client.browser.get(f"/tasks/{found.task}")
    nothing = client.browser.get("/tasks/01aaaaaaaaaaaaaaaaaaaaaaaa")
    assert (other.status_code, nothing.status_code) == (404, 404)
    strip = re.compile(r"[0-9a-z]{26}|value=\"[^\"]*\"|task\S*|nonce-\S+")
    assert strip.sub("", other.text) == strip.sub("", nothing.text)
    with sessions_of(busy_site)() as session:
        denied = session.scalars(sa.select(EventRow).where(EventRow.kind == Kind.TASK_DENIED.value)).all()
    assert len(denied) == 1
    assert found.task in denied[0].body


@pytest.mark.parametrize("path", ["/tasks/%s;i18n", "/x/..%%2ftasks/%s", "//tasks/%s", "/tasks/%s.", "/TASKS/%s"])
def test_s40_tricks_with_the_path_open_nothing(enter_busy: Enter, found: Things, path: str) -> None:
    client = enter_busy("member-16")
    answer = client.browser.get(path % found.task, follow_redirects=True)
    assert answer.status_code == 404


def test_s40_the_method_cannot_be_overridden(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    headers = {"X-HTTP-Method-Override": "POST"}
    assert client.browser.get(f"/tasks/{found.task}/claim?_method=POST", headers=headers).status_code == 405


def test_s41_s42_undeclared_and_read_only_fields_change_nothing(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    client = enter_busy("chair-14")
    page = client.get(f"/tasks/{found.task}")
    extra = {"course_title": "Чужое", "role": "administrator", "closed_by": "x", "instance_id": "y", "agreed": "true"}
    fields = {"nonce": page.value("nonce"), "revision": page.value("revision"), "act": "consider", "conforms": "yes"}
    page = client.post(f"/tasks/{found.task}", fields | extra, expect=422)
    assert "о котором эта форма не спрашивает" in page.text("//div[@role='alert']")
    with sessions_of(busy_site)() as session:
        assert session.get_one(Course, found.course).title_ru != "Чужое"
    assert "Чужое" not in client.get(f"/tasks/{found.task}").source
    client.get("/incidents", expect=404)


def test_s43_a_step_that_is_over_cannot_be_taken_again(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    page = client.get(f"/tasks/{found.task}")
    fields = {"revision": page.value("revision"), "act": "consider", "conforms": "yes"}
    client.post(f"/tasks/{found.task}", {**fields, "nonce": page.value("nonce")})
    client.post(f"/tasks/{found.task}", {**fields, "nonce": "0" * 26}, expect=409)


def test_s45_no_form_without_its_token_and_no_change_by_get(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("chair-14")
    refused = client.post(f"/tasks/{found.task}/claim", token=False, expect=400)
    assert refused.heading == "Запрос не удалось прочесть"
    plain = {"Content-Type": "text/plain"}
    assert client.browser.post(f"/tasks/{found.task}/claim", data='{"a":1}', headers=plain).status_code == 400
    for path in ("claim", "give-back", "draft", "extend"):
        client.get(f"/tasks/{found.task}/{path}", expect=405)


def test_s20_s24_what_people_type_is_shown_as_typed(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    with sessions_of(busy_site).begin() as session:
        course = session.get_one(Course, found.course)
        course.title_ru = course.title_en = IMG
        subject = session.get_one(Subject, found.course)
        subject.title_ru = subject.title_en = IMG
        for person in session.scalars(sa.select(Person)):
            person.name_ru += '"]};alert(1)//<script>'
    for path in (f"/courses/{found.course}", "/courses"):
        assert "&lt;img src=x" in enter_busy("admin-by").get(path).source
    client = enter_busy("chair-14")
    for path in ("/?view=roles", f"/tasks/{found.task}", f"/courses/{found.course}/sheets/{found.sheet}", "/demo"):
        source = client.get(path).source
        assert IMG not in source
        assert "alert(1)//<script>" not in source
    assert "Ничего не найдено" in client.get("/?q=<script>alert(1)</script>").text()


def test_s20_s22_names_in_a_diagram_stay_names() -> None:
    name = "&lt;img src=x onerror=alert(1)&gt;"
    source = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:coomet:bpmn:1">'
        f'<process id="p"><task id="t" name="{name}"><extensionElements><c:text lang="en" name="{name}"/>'
        "</extensionElements></task></process></definitions>"
    )
    for locale in ("ru", "en"):
        drawn = diagrams.in_language(source.encode(), locale).decode()
        assert name in drawn
        assert "<img" not in drawn


def test_s52_a_session_from_before_sign_in_is_not_kept(enter: Enter) -> None:
    client = enter()
    before = client.get("/demo").value("csrf_token")
    client.enter("chair-16@demo.example")
    after = client.get("/demo").value("csrf_token")
    assert before.split(".")[0] != after.split(".")[0]


def test_s53_a_closed_account_is_out_at_once(site: Flask, enter: Enter) -> None:
    client = enter("chair-16")
    with sessions_of(site).begin() as session:
        session.scalars(sa.select(Person).where(Person.email == "chair-16@demo.example")).one().active = False
    client.get("/", expect=303)


def test_s54_cookies_of_the_demo_and_of_production(site: Flask, tmp_path_factory: pytest.TempPathFactory) -> None:
    demo = site.test_client().get("/demo").headers["Set-Cookie"]
    assert demo.startswith("session=")
    assert "HttpOnly" in demo
    assert "SameSite=Lax" in demo
    assert "Secure" not in demo
    serving = Config(mode="serve", data_dir=tmp_path_factory.mktemp("serve"), secret_key="k" * 40)
    app = create_app(serving)
    answer = app.test_client().get("/sign-in", base_url="https://courses.example")
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_production_has_nothing_of_the_demo(tmp_path_factory: pytest.TempPathFactory) -> None:
    serving = Config(mode="serve", data_dir=tmp_path_factory.mktemp("serve"), secret_key="k" * 40)
    app = create_app(serving)
    assert not [rule.rule for rule in app.url_map.iter_rules() if "demo" in rule.rule]
    assert not set(app.blueprints) & {"personas", "clock", "mailbox"}


def test_s51_another_host_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("serve")
    serving = Config(mode="serve", data_dir=folder, secret_key="k" * 40, public_url="https://courses.example")
    client = create_app(serving).test_client()
    assert client.get("/sign-in", base_url="https://courses.example").status_code == 200
    assert client.get("/sign-in", base_url="https://evil.example").status_code == 400


def test_s61_a_log_line_cannot_be_forged(site: Flask) -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    journal.log.addHandler(handler)
    journal.log.setLevel(logging.INFO)
    site.test_client().get("/demo%0A2026-11-22 admin logged in%1B[31m")
    journal.log.removeHandler(handler)
    lines = heard.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["path"].startswith("/demo\n2026")


@pytest.mark.parametrize("words", ["';--", "%" * 5000, "_" * 300, "\\", "ё" * 500, "' OR 1=1", "\x00"])
def test_s63_searches_are_words_and_nothing_else(enter_busy: Enter, words: str) -> None:
    for path in ("/?view=roles&q=", "/courses?q=", "/courses?stage=", "/?after=", "/courses?page="):
        answer = enter_busy("admin-by").browser.get(path + words)
        assert answer.status_code in {200, 422}


def test_s65_no_page_lets_itself_be_framed(site: Flask) -> None:
    answer: Client = Client(site)
    assert answer.get("/demo").answer.headers["X-Frame-Options"] == "DENY"
