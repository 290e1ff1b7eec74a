"""What an analyst, or somebody in an analyst's place, may try through the studio that no editor's own tests try."""

import io
import json
import zipfile

import pytest

from tests.web.client import Client
from tests.web.conftest import Enter
from tests.web.test_studio_release import LETTER, SHEET, raw, save

UI, SCHEMA = "forms/agreement_receipt.ui.json", "forms/agreement_receipt.schema.json"
IMAGE = '<img src=x onerror="alert(1)">'
PAGES = (
    "/studio",
    f"/studio/diagrams/{SHEET}",
    f"/studio/texts/{LETTER}",
    f"/studio/source/{LETTER}",
    "/studio/forms/agreement_receipt",
    "/studio/decisions/processes/agreement/routing.dmn",
    "/studio/scenarios/agreement",
    "/studio/sandbox",
    "/studio/compare",
    "/studio/publish",
    "/studio/releases",
    "/studio/moves",
    "/studio/history",
    "/studio/archive",
    "/studio/import",
    "/studio/guide",
)


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def alive(client: Client) -> None:
    """The server still serves, and the draft is readable."""
    assert client.get("/studio").status == 200


@pytest.mark.parametrize("hidden", [{"$expr": "7*7"}, ["{{ 7*7 }}"], {"or": [{"eval": "${7*7}"}]}])
def test_s08_an_expression_deep_in_the_source_of_a_form_is_never_evaluated(analyst: Client, hidden: object) -> None:
    ui = json.loads(raw(analyst, UI))
    ui["title"] = {"ru": "{{ 7*7 }}", "en": "{{ 7*7 }}", "more": hidden}
    save(analyst, UI, json.dumps(ui, ensure_ascii=False))
    page = analyst.get("/studio/forms/agreement_receipt")
    assert "49" not in page.text("//main")
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert UI in [one["file"] for one in found], "what a form does not know is a finding"


def test_s24_notes_of_people_are_text_wherever_they_are_told(analyst: Client) -> None:
    text = raw(analyst, LETTER).decode()
    save(analyst, LETTER, text + "\nP.S.\n", note=IMAGE)
    page = analyst.get("/studio/publish")
    analyst.post("/studio/publish", {"sha256": page.value("sha256"), "note": IMAGE})
    for path in ("/studio/releases", "/studio/releases/2", "/studio/history"):
        analyst.post("/studio/draft")
        shown = analyst.get(path)
        assert not shown.tree.xpath("//img")
        assert not shown.tree.xpath("//@onerror")
    assert IMAGE in analyst.get("/studio/releases").text()


@pytest.mark.parametrize("path", PAGES)
def test_s25_no_page_of_the_studio_runs_a_line_that_is_not_the_programs_own(analyst: Client, path: str) -> None:
    """The client asks every page for its policy; here for each page of the studio, with a hostile draft."""
    hostile = 'name="&lt;img src=x onerror=alert(1)&gt;"'
    save(analyst, SHEET, raw(analyst, SHEET).decode().replace('name="Лист согласования"', hostile))
    page = analyst.get(path)
    policy = page.answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "object-src 'none'" in policy
    assert not page.tree.xpath("//@onerror | //@onclick | //@onload")
    assert not page.tree.xpath("//img[@src='x']")


@pytest.mark.parametrize(
    "name",
    [
        "processes/agreement/logo.svg",
        "processes/agreement/page.html",
        "processes/agreement/documents/../../x.html",
        "forms/course.h5p",
        "forms/run.php",
        "app/config.py",
    ],
)
def test_s26_s27_nothing_but_files_of_a_release_comes_in(analyst: Client, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "<svg onload='alert(1)'/>")
    token = analyst.token()
    data = {"csrf_token": token, "archive": (io.BytesIO(packed.getvalue()), "draft.zip")}
    answer = analyst.browser.post("/studio/archive", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert b"<svg onload" not in answer.data
    put = analyst.browser.post(
        f"/studio/files/{name}", data={"csrf_token": token, "content": "<svg/>", "revision": "0"}
    )
    assert put.status_code in (404, 422)
    assert analyst.browser.get(f"/studio/files/{name}").status_code == 404
    alive(analyst)


@pytest.mark.parametrize(
    "text",
    [
        "().__class__.__mro__[1].__subclasses__()",
        "(g.gi_frame for g in [1])",
        "'{0.__globals__}'.format(len)",
        "().__\uff43lass__",
    ],
)
def test_s04_s05_s06_s07_no_condition_of_a_draft_climbs_out(analyst: Client, text: str) -> None:
    sheet = raw(analyst, SHEET).decode()
    at = sheet.index("</bpmn:conditionExpression>")
    begin = sheet.rindex(">", 0, at) + 1
    save(analyst, SHEET, sheet[:begin] + text.replace("<", "&lt;") + sheet[at:])
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert [one for one in found if one["file"] == SHEET and one["severity"] == "error"]
    page = analyst.get("/studio/publish")
    assert not page.tree.xpath("//input[@name='sha256']"), "it cannot be published"
