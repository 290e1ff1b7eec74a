"""Files of other tools through the studio's import: told about before they are saved, kept byte for byte, harmless."""

import io
import random
import time
from pathlib import Path

import pytest
from flask import Flask

from app.i18n import Locale
from tests.corpus.mutating import mutated
from tests.corpus.samples import samples
from tests.unit.engine_lint.drawing import drawn, row, simple
from tests.unit.engine_lint.test_attacks import DOCTYPES
from tests.unit.engine_run.bpmn import end, start, user
from tests.web.client import Client, Page
from tests.web.conftest import Enter

ROOT = Path(__file__).parents[2]
AGREEMENT = ROOT / "processes" / "agreement" / "agreement.bpmn"
CAMUNDA = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="urn:x" exporter="Camunda Modeler">
  <!-- a remark of theirs -->
  <bpmn:process id="Process_0ab1cd2" name="Order of a sensor" isExecutable="false" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="u"/>
    <bpmn:userTask id="u" name="Ask" camunda:assignee="demo" camunda:taskListener="x"/>
    <bpmn:sequenceFlow id="f2" sourceRef="u" targetRef="e"/><bpmn:endEvent   id="e"/>
  </bpmn:process>
</bpmn:definitions>
"""
SCRIPT = "<img src=x onerror=alert(1)>"


@pytest.fixture
def analyst(enter: Enter) -> Client:
    return entered(enter, "en")


def entered(enter: Enter, locale: Locale) -> Client:
    client = enter("analyst", locale)
    client.post("/studio/draft")
    return client


def send(client: Client, content: bytes, name: str = "order.bpmn", expect: int = 200, **more: str) -> Page:
    return client.post("/studio/import", {"file": (io.BytesIO(content), name), "do": "look", **more}, expect=expect)


def press(client: Client, page: Page, do: str, expect: int = 303, **typed: str) -> Page:
    """A button of the page that tells about the file."""
    kept = {name: page.value(name) for name in ("packed", "filename", "folder", "name")}
    return client.post("/studio/import", kept | {"do": do} | typed, expect=expect)


def stored(client: Client, path: str) -> bytes:
    return bytes(client.browser.get(f"/studio/files/{path}").data)


def test_it_is_told_before_anything_is_saved_and_then_kept_byte_for_byte(analyst: Client) -> None:
    page = send(analyst, CAMUNDA)
    text = page.text()
    assert "Camunda Modeler" in text
    assert "Does not run as it is" in text
    assert "taskListener" in text
    assert "marked as not executable" in text
    assert page.value("name") == page.value("folder") == "order_of_a_sensor"
    assert analyst.browser.get("/studio/files/processes/order_of_a_sensor/order_of_a_sensor.bpmn").status_code == 404
    taken = press(analyst, page, "take", folder="orders", name="orders")
    assert taken.location.endswith("/studio/diagrams/processes/orders/orders.bpmn")
    assert stored(analyst, "processes/orders/orders.bpmn") == CAMUNDA
    assert "orders.bpmn" in analyst.get("/studio").text()


def test_settings_of_others_are_named_each_with_what_becomes_of_it(analyst: Client) -> None:
    found = send(analyst, CAMUNDA).tree.xpath("//*[@aria-labelledby='settings']//tbody/tr")
    rows = [[cell.text_content() for cell in one] for one in found]
    assert [(tool, words, places) for tool, words, places, _ in rows] == [
        ("Camunda", "taskListener", "1"),
        ("Camunda", "assignee", "1"),
        ("Camunda", "historyTimeToLive", "1"),
    ]
    fates = [fate for *_, fate in rows]
    assert [fate.partition(",")[0].partition(":")[0] for fate in fates] == [
        "Is not run here",
        "Has no effect here",
        "Changes nothing here and stays in the file as it is.",
    ]


def test_a_drawing_that_is_there_is_not_touched(analyst: Client) -> None:
    content = AGREEMENT.read_bytes().replace(b'id="agreement"', b'id="agreement_of_others"', 1)
    page = send(analyst, content, "agreement.bpmn")
    assert "complete; kept as it is" in page.text()
    press(analyst, page, "take", folder="other", name="other")
    assert stored(analyst, "processes/other/other.bpmn") == content


def test_a_file_without_a_drawing_gets_one_and_the_rest_stays(analyst: Client) -> None:
    page = press(analyst, send(analyst, CAMUNDA), "draw", expect=200)
    assert "complete; kept as it is" in page.text()
    press(analyst, page, "take")
    kept = stored(analyst, "processes/order_of_a_sensor/order_of_a_sensor.bpmn")
    before, after = CAMUNDA.rsplit(b"</", 1)
    assert kept.startswith(before + b"<bpmndi:BPMNDiagram")
    assert kept.endswith(b"</" + after)


def test_any_legal_encoding_is_read(analyst: Client) -> None:
    for encoding in ("utf-16", "windows-1251", "utf-8-sig"):
        text = CAMUNDA.decode().replace("Order of a sensor", "Заказ датчика")
        text = text.replace('"UTF-8"', f'"{encoding.removesuffix("-sig")}"')
        page = send(analyst, text.encode(encoding))
        assert "Заказ датчика" in page.text()
        folder = encoding.replace("-", "_")
        press(analyst, page, "take", folder=folder)
        assert "Заказ датчика" in stored(analyst, f"processes/{folder}/zakaz_datchika.bpmn").decode("utf-8-sig")


def test_what_is_there_is_replaced_only_when_that_is_said(analyst: Client) -> None:
    content = AGREEMENT.read_bytes() + b"<!-- another -->"
    page = send(analyst, content, "agreement.bpmn")
    page = press(analyst, page, "look", expect=200, folder="agreement", name="agreement")
    assert "has a file processes/agreement/agreement.bpmn already" in page.text()
    refused = press(analyst, page, "take", expect=409)
    assert "There is already a file" in refused.text()
    assert stored(analyst, "processes/agreement/agreement.bpmn") == AGREEMENT.read_bytes()
    press(analyst, refused, "take", replace="on")
    assert stored(analyst, "processes/agreement/agreement.bpmn") == content


def test_a_process_that_the_draft_has_already_is_told_with_its_file(analyst: Client) -> None:
    page = press(analyst, send(analyst, AGREEMENT.read_bytes()), "look", expect=200, folder="twin", name="twin")
    assert "is already in processes/agreement/agreement.bpmn" in page.text()


def test_a_decision_table_comes_in_too(analyst: Client) -> None:
    table = next((ROOT / "processes").rglob("*.dmn"))
    page = send(analyst, table.read_bytes(), table.name)
    assert "DMN table" in page.text()
    assert "two of one name cannot be published" in page.text()


def test_s38_a_folder_that_leads_elsewhere_is_refused_and_the_file_is_still_there(analyst: Client) -> None:
    page = send(analyst, CAMUNDA)
    for place in ("../app", "Ünï", "a/b", "con fig", ".hidden"):
        page = press(analyst, page, "take", expect=422, folder=place)
        assert "is no place for a file of a release" in page.text()
    press(analyst, page, "take", folder="orders")


def test_s16_s17_a_doctype_is_refused_at_once(analyst: Client) -> None:
    for kind, declared in DOCTYPES.items():
        began = time.process_time()
        page = send(analyst, (declared + CAMUNDA.decode().partition("?>")[2]).encode(), expect=422)
        assert time.process_time() - began < 3, kind
        assert "The file cannot be opened" in page.text()
        assert "DOCTYPE" in page.text() or "XML" in page.text()


HUGE: dict[str, tuple[bytes | dict[str, bytes], int]] = {
    "30 MB": (b"<a>" + b"x" * 30_000_000 + b"</a>", 422),
    "depth 3,000": (drawn("<bpmn:subProcess id='a'>" * 3_000 + "</bpmn:subProcess>" * 3_000), 422),
    "20,000 elements": (drawn(row(start(), *(user(f"u{n}") for n in range(6_700)), end())), 422),
    "5,000 elements": (drawn(row(start(), *(user(f"u{n}") for n in range(2_400)), end())), 200),
}


def test_s18_what_is_huge_is_told_and_breaks_nothing(analyst: Client) -> None:
    for kind, (files, status) in HUGE.items():
        content = files if isinstance(files, bytes) else next(iter(files.values()))
        began = time.process_time()
        page = send(analyst, content, expect=status)
        assert time.process_time() - began < 10, kind
        assert ("cannot be opened" in page.text()) == (status == 422)
        assert ("elements; 1000 are allowed" in page.text()) == (status == 200)


BROKEN = [b"", b"<definitions><script>alert(1)</script>", b"\x00\x01", b"PK\x03\x04", b"<html/>"]


def test_s19_what_is_no_diagram_is_said_to_be_so_escaped(enter: Enter) -> None:
    client = entered(enter, "ru")
    for content in BROKEN:
        page = send(client, content, name=f"{SCRIPT}.bpmn", expect=422)
        assert "Файл не открывается" in page.text()
        assert "<script>alert" not in page.source
        assert SCRIPT not in page.source


def test_s20_s22_names_and_ids_are_shown_as_text(analyst: Client) -> None:
    hostile = {"Order of a sensor": SCRIPT, 'id="u"': 'id="a&quot; onmouseover=&quot;x"', "Camunda Modeler": SCRIPT}
    text = CAMUNDA.decode()
    for old, new in hostile.items():
        text = text.replace(old, new.replace("<", "&lt;"))
    page = send(analyst, text.encode(), name="'];alert(1)//.bpmn")
    assert SCRIPT not in page.source
    assert SCRIPT in page.text()
    assert not page.tree.xpath("//@onmouseover | //img[@src='x']")
    analyst.get(press(analyst, page, "take", folder="hostile", name="hostile").location)
    assert SCRIPT not in analyst.get("/studio").source


def test_two_processes_of_one_id_are_a_finding_and_the_file_can_still_be_taken(analyst: Client) -> None:
    content = next(iter(simple().values()))
    inner = content[content.index(b"<bpmn:process") : content.index(b"</bpmn:definitions>")]
    page = send(analyst, content.replace(inner, inner + inner))
    assert "already taken" in page.text()
    press(analyst, page, "take", folder="twice", name="twice")


def test_a_file_that_the_page_gave_back_spoilt_is_told(analyst: Client) -> None:
    page = analyst.post("/studio/import", {"packed": "no base 64 !", "do": "take"}, expect=422)
    assert "did not come back whole" in page.text()
    assert "Choose a BPMN or DMN file" in analyst.post("/studio/import", {"do": "look"}, expect=422).text()


def test_whatever_comes_the_page_answers(analyst: Client, site: Flask) -> None:
    """Seeded faults in our own diagrams, through the door that strangers' files come by."""
    known = samples()
    for number, name in enumerate(sorted(known)[:6]):
        files = {path: content for path, content in known[name].items() if path.endswith(f"/{name}.bpmn")}
        for path, content in mutated(files or known["sheet"], random.Random(f"import {number}")).items():
            answer = analyst.browser.post(
                "/studio/import",
                data={"file": (io.BytesIO(content), path.rpartition("/")[2]), "csrf_token": analyst.token()},
            )
            assert answer.status_code in (200, 422), (name, answer.status_code)


def test_what_runs_as_it_is_is_said_to(analyst: Client) -> None:
    text = AGREEMENT.read_bytes().replace(b'id="agreement"', b'id="agreement_of_others"', 1)
    assert "Does not run as it is" not in send(analyst, text).text()
