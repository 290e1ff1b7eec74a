"""The sandbox over HTTP: a procedure is clicked through, nothing real is reached, and the run becomes a scenario."""

import re
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.audit.models import EventRow
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.files.models import File
from app.workflow.models import Instance, Job, Task, Timer
from app.workflow.models_sandbox import StudioSandbox
from tests.diagrams import diagram, user
from tests.web.client import Client, Page
from tests.web.conftest import Enter

RUN = re.compile(r"/studio/sandbox/([0-9a-z]{20,})")
SENT = {"_send": "1"}


class Hand:
    """An analyst who clicks through a procedure: presses, filled-in samples, and where the run stands."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.run = ""

    def begin(self, process: str, how: str = "start", **fields: str) -> Page:
        address = f"/studio/sandbox/new/{process}?how={how}"
        page = self.client.post(address, {"_fill": "1", **fields}, expect=200)
        page = self.client.post(address, {**posted(page), "_begin": "1", **fields})
        found = RUN.search(page.location)
        assert found, page.location
        self.run = found[1]
        return self.look()

    def look(self) -> Page:
        return self.client.get(f"/studio/sandbox/{self.run}")

    def do(self, element: str, query: str = "", expect: int = 303, **fields: Any) -> Page:
        address = f"/studio/sandbox/{self.run}/tasks/{element}{query}"
        page = self.client.post(address, {"_fill": "1"}, expect=200)
        page = self.client.post(address, {**posted(page), **SENT, **fields}, expect=expect)
        return self.look() if expect == 303 else page

    def press(self, name: str, **fields: str) -> Page:
        self.client.post(f"/studio/sandbox/{self.run}/{name}", fields)
        return self.look()


def posted(page: Page) -> dict[str, Any]:
    """What a browser would send of the page's form, buttons left out."""
    found: dict[str, Any] = {}
    form = page.tree.xpath("//main//form[.//button[@name='_begin' or @name='_send']]")[0]
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items() if name != "csrf_token"}


@pytest.fixture
def hand(enter: Enter) -> Hand:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return Hand(client)


def open_tasks(page: Page) -> list[str]:
    return [str(href).rsplit("/", 1)[-1] for href in page.tree.xpath("//section[@aria-labelledby='tasks']//a/@href")]


def count(site: Flask) -> dict[str, int]:
    """Everything that a real course, letter or step on the platform would leave behind."""
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions() as session:
        tables = (Course, Instance, Job, Letter, Task, Timer, EventRow, File)
        return {one.__name__: session.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables}


def source_of(client: Client, path: str = "processes/agreement/scenarios.yaml") -> bytes:
    return bytes(client.browser.get(f"/studio/files/{path}").data)


def save(client: Client, path: str, content: bytes) -> None:
    revision = client.browser.get(f"/studio/files/{path}").headers.get("ETag", "0").strip('"')
    fields = {"content": content.decode(), "revision": revision, "csrf_token": client.token()}
    assert client.browser.post(f"/studio/files/{path}", data=fields).status_code == 200


KEPT = {"id": "date_draws_near", "ru": "Срок приближается", "en": "The date draws near", "clauses": "7.3"}


def test_a_procedure_is_clicked_through_and_kept_as_a_scenario(hand: Hand, site: Flask) -> None:
    before, client = count(site), hand.client
    page = hand.begin("agreement")
    assert open_tasks(page) == ["propose"]
    hand.do("propose")
    assert open_tasks(hand.do("confirm")) == ["send?of=tc-1.6"]
    page = hand.do("send", "?of=tc-1.6")
    assert open_tasks(page) == ["consider?of=tc-1.6"]
    assert "Deadline is near" in page.text("//section[@aria-labelledby='clock']")
    page = hand.press("clock", to="timer")
    assert "Due soon" in page.text("//section[@aria-labelledby='mailbox']")
    assert "Mark Massin" in page.text("//section[@aria-labelledby='mailbox']")
    assert count(site) == before, "nothing real may come of it"

    old = source_of(client)
    page = client.post(f"/studio/sandbox/{hand.run}/keep", KEPT)
    assert page.location == "/studio/scenarios/agreement"
    page = client.get(page.location)
    assert "The date draws near" in page.text("//table")
    assert "stops at step" not in page.text()
    new = source_of(client)
    assert new.startswith(old)
    assert b"- {timer: chair_due_soon, of: tc-1.6}" in new[len(old) :]
    assert (
        "date_draws_near" in page.text("//tr[@data-element='chair_due_soon__remind']")
        or "chair_due_soon" in page.source
    )


def test_a_form_is_checked_as_in_the_product_and_nothing_typed_is_lost(hand: Hand) -> None:
    hand.begin("agreement")
    page = hand.do("propose", expect=422, **{"bodies.0.body": "tc-1.6", "bodies.0.part": "x" * 3000})
    assert "x" * 3000 in page.source
    assert page.tree.xpath("//*[@role='alert']")
    again = hand.client.post(f"/studio/sandbox/{hand.run}/tasks/propose/draft", {"_rows": "bodies.0",
                             "bodies.0.body": "tc-1.6", "bodies.0.part": "kept"}, expect=200)  # fmt: skip
    assert again.answer.get_json()["said"] == "Draft saved"
    assert "kept" in hand.client.get(f"/studio/sandbox/{hand.run}/tasks/propose").source


def test_operations_can_be_asked_about_and_answer_otherwise(hand: Hand) -> None:
    client = hand.client
    fields = {"_fill": "1"}
    page = client.post("/studio/sandbox/new/creation?how=start", fields, expect=200)
    page = client.post("/studio/sandbox/new/creation?how=start", {**posted(page), "_asks": "1", "_begin": "1"})
    found = RUN.search(page.location)
    assert found
    assert page.location.endswith("/answer")
    address = f"/studio/sandbox/{found[1]}"
    asked = client.get(page.location)
    assert "creation.open" in asked.heading
    wrong = client.post(f"{address}/answer", {"_outcome": "answer", "result": "{not json"}, expect=422)
    assert "This is not JSON" in wrong.text()
    assert "{not json" in wrong.source
    value = asked.tree.xpath("//textarea[@name='result']")[0].text
    client.post(f"{address}/answer", {"_outcome": "answer", "result": value})
    shown = client.get(address)
    assert open_tasks(shown)
    assert "creation.open" in shown.text("//section[@aria-labelledby='journal']")
    client.post(f"{address}/back")
    assert "waits for an answer" in client.get(address).text()
    client.post(f"{address}/answer", {"_outcome": "fail", "_code": "no_way"})
    assert "would stand still" in client.get(address).text()
    refused = client.post(f"{address}/keep", KEPT, expect=422)
    assert "stands still with an incident" in refused.text()
    client.post(f"{address}/back")
    client.post(f"{address}/asking", {"asks": "0"})
    client.post(f"{address}/answer?nr=1", {"_outcome": "fail", "_code": "no_way"})
    assert "no_way" in client.get(address).text()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"to": "days", "days": "0"}, "number of days"),
        ({"to": "days", "days": "99999999999"}, "number of days"),
        ({"to": "date", "date": "2020-01-01"}, "forward only"),
        ({"to": "date", "date": "9999-12-31"}, "forward only"),
        ({"to": "date", "date": "tomorrow"}, "not a date"),
        ({"to": "timer"}, "No timer"),
    ],
)
def test_a_clock_takes_only_days_ahead(hand: Hand, fields: dict[str, str], says: str) -> None:
    hand.begin("agreement")
    page = hand.client.post(f"/studio/sandbox/{hand.run}/clock", fields, expect=422)
    assert says in page.text("//*[@role='alert']")


def test_a_changed_draft_tells_at_which_step_the_run_does_not_fit(hand: Hand) -> None:
    client, path = hand.client, "processes/agreement/agreement.bpmn"
    hand.begin("agreement")
    hand.do("propose")
    before = source_of(client, path)
    save(client, path, before.replace(b"propose", b"suggest"))
    page = hand.look()
    assert "Step 2 does not fit the draft any more" in page.text()
    assert "open are: suggest" in page.text()
    refused = client.post(f"/studio/sandbox/{hand.run}/clock", {"to": "days", "days": "1"}, expect=422)
    assert "Take that one back first" in refused.text()
    save(client, path, b"<broken")
    assert "Step 1 does not fit" in hand.look().text()
    assert "agreement.bpmn" in client.get("/studio/sandbox").text()
    save(client, path, before)
    assert open_tasks(hand.look()) == ["confirm"]


def test_two_people_at_one_run_do_not_overwrite_each_other(hand: Hand) -> None:
    page = hand.begin("agreement")
    seen = page.value("revision")
    hand.press("clock", to="days", days="1", revision=seen)
    page = hand.client.post(
        f"/studio/sandbox/{hand.run}/clock", {"to": "days", "days": "1", "revision": seen}, expect=409
    )
    assert "Somebody else has gone on" in page.text()


def test_a_run_is_taken_back_begun_again_and_deleted(hand: Hand, site: Flask) -> None:
    hand.begin("agreement")
    assert open_tasks(hand.do("propose")) == ["confirm"]
    assert open_tasks(hand.press("back")) == ["propose"]
    hand.do("propose")
    assert open_tasks(hand.press("restart")) == ["propose"]
    hand.client.post(f"/studio/sandbox/{hand.run}/delete")
    hand.client.get(f"/studio/sandbox/{hand.run}", expect=404)
    with site.extensions["sessions"]() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(StudioSandbox)) == 0


def test_letters_are_written_in_both_languages_and_an_unknown_field_is_told(hand: Hand) -> None:
    hand.begin("agreement")
    page = hand.client.get(f"/studio/sandbox/{hand.run}/letters/1")
    assert page.tree.xpath("//section//h3[@lang='ru']")
    assert page.tree.xpath("//section//h3[@lang='en']")
    hand.client.get(f"/studio/sandbox/{hand.run}/letters/2", expect=404)
    save(hand.client, "processes/letters/task_assigned.en.txt", b"Subject\n\n{{ nothing['x'] }}")
    page = hand.client.get(f"/studio/sandbox/{hand.run}/letters/1")
    assert "cannot be written" in page.text()
    assert page.tree.xpath("//section//h3[@lang='ru']")


@pytest.mark.parametrize("process", ["sheet", "actualisation", "announcement", "planning", "access"])
def test_every_way_to_begin_is_offered(hand: Hand, process: str) -> None:
    page = hand.client.get(f"/studio/sandbox/new/{process}")
    hows = [str(one).split("how=")[1] for one in page.tree.xpath("//nav//a[contains(@href, 'how=')]/@href")]
    for how in hows:
        hand.client.get(f"/studio/sandbox/new/{process}?how={how}")


def test_one_more_person_plays(hand: Hand) -> None:
    page = hand.begin("agreement", _more="chair@tc-1.2")
    assert "Proposal" in page.text() or open_tasks(page) == ["propose"]
    task = hand.client.get(f"/studio/sandbox/{hand.run}/tasks/propose")
    assert task.tree.xpath("//select[@name='_by']//option[@value='chair_2']")
    hand.do("propose", _by="chair_2")
    hand.client.post(f"/studio/sandbox/{hand.run}/keep", KEPT)
    assert b"chair_2: {name: [" in source_of(hand.client)
    assert "stops at step" not in hand.client.get("/studio/scenarios/agreement").text()
    hand.client.post("/studio/sandbox/new/agreement?how=start", {"_begin": "1", "_more": "emperor"}, expect=422)


def test_a_called_procedure_and_a_new_folder_get_their_scenarios(hand: Hand) -> None:
    hand.begin("sheet", "begin")
    hand.client.post(f"/studio/sandbox/{hand.run}/keep", KEPT | {"id": "sheet_alone"})
    assert b"process: sheet" in source_of(hand.client)
    save(
        hand.client,
        "processes/fresh/fresh.bpmn",
        diagram("fresh", user("look", form="agreement_chair"), flows="start look; look end"),
    )
    assert open_tasks(hand.begin("fresh", "begin")) == ["look"]
    hand.client.post(f"/studio/sandbox/{hand.run}/keep", {"id": "Nameless"}, expect=422)
    hand.client.post(f"/studio/sandbox/{hand.run}/keep", KEPT)
    page = hand.client.get("/studio/scenarios/fresh")
    assert "holds" in page.text("//tr[contains(., 'date_draws_near')]")
    again = hand.client.post(f"/studio/sandbox/{hand.run}/keep", KEPT, expect=422)
    assert "called so already" in again.text()
    assert "stops at step" not in hand.client.get("/studio/scenarios/agreement").text()


def test_files_are_looked_at_and_kept_nowhere(hand: Hand, site: Flask) -> None:
    before = count(site)
    address = "/studio/sandbox/new/agreement?how=start"
    page = hand.client.post(address, {"_fill": "1"}, expect=200)
    hostile = (BytesIO(b"%PDF-1.4"), "../../<script>alert(1)</script>.pdf")
    page = hand.client.post(address, {**posted(page), "materials": hostile, "_add": "coordinators"}, expect=200)
    assert "<script>alert" not in page.source
    assert "file:script_.pdf" in page.source
    assert count(site) == before


def test_s13_s41_fields_that_nobody_asked_for_are_refused(hand: Hand) -> None:
    hand.begin("agreement")
    for name in ("len", "a b", "course"):
        page = hand.do("propose", expect=422, **{name: "x"})
        assert page.tree.xpath("//*[@role='alert']")
    assert open_tasks(hand.look()) == ["propose"]


def test_s12_s14_what_does_not_run_is_no_procedure_to_try(hand: Hand) -> None:
    path = "processes/agreement/agreement.bpmn"
    drawn = source_of(hand.client, path)
    script = b'<bpmn:scriptTask id="evil"><bpmn:script>raise SystemExit</bpmn:script></bpmn:scriptTask>'
    hostile = drawn.replace(b"</bpmn:process>", script + b"</bpmn:process>", 1)
    save(hand.client, path, hostile)
    hand.client.get("/studio/sandbox/new/agreement", expect=404)
    assert "agreement.bpmn" in hand.client.get("/studio/sandbox").text()
    assert "agreement.bpmn" in hand.client.get("/studio/scenarios/agreement").text()
