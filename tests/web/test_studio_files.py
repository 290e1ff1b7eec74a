"""The draft over HTTP: read, saved without overwriting, checked; and who is at work on it."""

import pytest
from flask import Flask

from tests.web.client import Client
from tests.web.conftest import Enter

ONE = "processes/agreement/agreement.bpmn"


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def put(client: Client, path: str, content: str, revision: int) -> tuple[int, dict[str, object]]:
    fields = {"content": content, "revision": str(revision), "csrf_token": client.token()}
    answer = client.browser.post(f"/studio/files/{path}", data=fields)
    return answer.status_code, answer.get_json()


def test_only_analysts_come_in(enter: Enter) -> None:
    for who in ("secretariat", "operator", "auditor", "admin-by"):
        enter(who).get("/studio", expect=404)


def test_a_draft_is_opened_shown_and_discarded(enter: Enter) -> None:
    client = enter("analyst", "ru")
    assert "Открытого черновика нет" in client.get("/studio").text()
    client.post("/studio/draft")
    page = client.get("/studio")
    assert "agreement.bpmn" in page.text()


def test_a_file_is_saved_from_the_revision_that_was_read(analyst: Client) -> None:
    answer = analyst.browser.get(f"/studio/files/{ONE}")
    assert answer.headers["ETag"] == '"0"'
    text = answer.data.decode()
    status, told = put(analyst, ONE, text.replace("Согласование", "Сверка"), 0)
    assert (status, told["revision"]) == (200, 1)
    assert "Сверка" in analyst.browser.get(f"/studio/files/{ONE}").data.decode()
    assert "changed" in analyst.get("/studio").text()


def test_an_older_revision_overwrites_nothing_and_is_told_whose_stands(analyst: Client) -> None:
    put(analyst, ONE, "<one/>", 0)
    status, told = put(analyst, ONE, "<two/>", 0)
    assert status == 409
    assert told["revision"] == 1
    assert told["aside"]
    assert "Nothing of yours is lost" in str(told["said"])


def test_findings_and_catalogue_are_those_of_the_draft(analyst: Client) -> None:
    assert analyst.browser.get("/studio/findings").get_json() == {"findings": []}
    put(analyst, ONE, "<one", 0)
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert {one["file"] for one in found} >= {ONE}
    offered = analyst.browser.get("/studio/catalogue").get_json()
    assert "letters.send" in [one["name"] for one in offered["operations"]]
    assert all(one["label"]["ru"] for one in offered["roles"])


def test_s38_a_path_outside_the_folders_is_refused_and_nothing_is_kept(analyst: Client, site: Flask) -> None:
    fields = {"content": "x", "revision": "0", "csrf_token": analyst.token()}
    answer = analyst.browser.post("/studio/files/processes/../app/config.py", data=fields)
    assert answer.status_code in (404, 422)
    assert analyst.browser.get("/studio/files/app/config.py").status_code == 404


def test_who_has_the_file_open_is_told_to_the_other(analyst: Client) -> None:
    token = analyst.token()
    told = analyst.browser.post(f"/studio/presence/{ONE}", data={"csrf_token": token}).get_json()
    assert told == {"revision": 0, "others": []}
    assert "Open at" in analyst.get("/studio").text()
