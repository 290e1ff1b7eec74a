"""What those who keep procedures running can do: answer by hand, suspend and resume, stop a deadline's clock."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.errors import PermanentFailure
from app.i18n import Locale, Text
from app.workflow import instances, operations, releases, standstill
from app.workflow.models import Deadline, Incident, Instance, Task
from app.workflow.operations import Context, Given, Operation
from tests.diagrams import diagram, service, user
from tests.web.addresses import Things
from tests.web.conftest import Enter

ASKING = diagram(
    "asking",
    service("ask", "registry.number", result="found"),
    user("read", title="found.number", form="agreement_ask_again"),
    flows="start ask; ask read; read end",
)


def _refusing(_context: Context) -> None:
    raise PermanentFailure("the registry is closed")


def stuck(site: Flask, monkeypatch: pytest.MonkeyPatch, **gives: Given) -> str:
    """An incident of an operation that failed for good; its id."""
    monkeypatch.setattr(operations, "_registered", dict(operations.registered()))
    operations.register(Operation("registry.number", _refusing, gives=gives))
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions.begin() as session:
        current = releases.current(session)
        assert current is not None
        files = {**releases.export(session, current.id), "processes/asking/asking.bpmn": ASKING}
        release = releases.publish(session, files, "tester")
        instances.start(session, release.id, "asking", {}, "tester")
    worker.work_off(sessions)
    with sessions() as session:
        return session.scalars(sa.select(Incident.id).where(Incident.element == "ask")).one()


NUMBER = Given(Text("Номер", "Number"), {"type": "string", "maxLength": 20})


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_an_operation_is_answered_by_hand_with_what_it_declares(
    busy_site: Flask, enter_busy: Enter, monkeypatch: pytest.MonkeyPatch, locale: Locale
) -> None:
    incident = stuck(busy_site, monkeypatch, number=NUMBER)
    client = enter_busy("operator", locale)
    assert client.get("/incidents").links(f"/incidents/{incident}/answer")
    page = client.get(f"/incidents/{incident}/answer")
    assert ("Номер" if locale == "ru" else "Number") in page.text("//label")
    refused = client.post(f"/incidents/{incident}/answer", {"number": "12/ТК"}, expect=422)
    assert refused.value("number") == "12/ТК"
    client.post(f"/incidents/{incident}/answer", {"number": "12/ТК", "note": "Из журнала"})
    with busy_site.extensions["sessions"]() as session:
        assert session.scalars(sa.select(Task.title).where(Task.element == "read")).one() == "12/ТК"
    client.post(f"/incidents/{incident}/answer", {"number": "13", "note": "again"}, expect=409)


def test_an_undeclared_result_is_json_that_is_checked(
    busy_site: Flask, enter_busy: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = stuck(busy_site, monkeypatch)
    client = enter_busy("admin-by")
    wrong = client.post(f"/incidents/{incident}/answer", {"result": '{"number": 12', "note": "!"}, expect=422)
    assert '{"number": 12' in wrong.text("//textarea")
    client.post(f"/incidents/{incident}/answer", {"result": '{"number": "12"}', "note": "!"})
    with busy_site.extensions["sessions"]() as session:
        assert session.scalars(sa.select(Task.title).where(Task.element == "read")).one() == "12"


def test_a_procedure_is_suspended_and_resumed_with_a_reason(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    address = f"/instances/{found.instance}"
    enter_busy("chair-14").post(f"{address}/suspend", {"reason": "not mine to stop"}, expect=404)
    client = enter_busy("operator")
    client.post(f"{address}/suspend", {"reason": " "}, expect=422)
    client.post(f"{address}/suspend", {"reason": "Спор о составе"})
    assert "Возобновить процедуру" in client.get(address).text("//main")
    chair = enter_busy("chair-14")
    page = chair.get(f"/tasks/{found.task}")
    fields = {"nonce": page.value("nonce"), "revision": page.value("revision"), "conforms": "yes", "act": "consider"}
    chair.post(f"/tasks/{found.task}", {**fields, "_send": "1"}, expect=409)
    client.post(f"{address}/resume", {"reason": "Решено"})
    with busy_site.extensions["sessions"]() as session:
        assert session.get_one(Instance, found.instance).status == "running"


def test_the_clock_of_a_deadline_is_stopped_and_started(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    with busy_site.extensions["sessions"]() as session:
        name = session.scalars(sa.select(Deadline.name).where(Deadline.task_id == found.task)).first()
    client = enter_busy("chair-14")
    task = f"/tasks/{found.task}"
    client.post(f"{task}/stop-clock", {"deadline": name, "reason": ""}, expect=422)
    client.post(f"{task}/stop-clock", {"deadline": name, "reason": "Ждем доступа"})
    assert "Отсчет этого срока остановлен" in client.get(task).text("//main")
    client.post(f"{task}/start-clock", {"deadline": name, "reason": "Доступ есть"})
    assert "Остановить отсчет срока" in client.get(task).text("//main")


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_a_restored_site_says_on_every_page_that_it_stands_still_until_an_operator_lets_it_go_on_f32(
    busy_site: Flask, enter_busy: Enter, found: Things, locale: Locale
) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        standstill.begin(session, "system:restore", {"backup": "b"})
    operator = enter_busy("operator", locale)
    for path in ("/", "/courses", f"/instances/{found.instance}"):
        assert operator.get(path).links("/standstill")
    assert not enter_busy("chair-14").get("/").links("/standstill")
    assert not worker.announce_one(sessions)
    assert operator.get("/standstill").heading
    operator.post("/standstill/end")
    assert not operator.get("/").links("/standstill")
    operator.post("/standstill/end", expect=409)
