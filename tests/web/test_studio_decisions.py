"""The table editor, without scripts."""

import pytest

from app.engine.decisions import compile_decision
from tests.unit.engine_lint.test_decisions_coverage import dmn
from tests.web.client import Client, Page
from tests.web.conftest import Enter

PATH = "processes/agreement/routing.dmn"
TABLE = f"/studio/decisions/{PATH}"


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def content(client: Client, path: str = PATH) -> bytes:
    return bytes(client.browser.get(f"/studio/files/{path}").data)


def typed(page: Page) -> dict[str, str]:
    form = page.tree.xpath("//form[@data-decision]")[0]
    return {name: value for name, value in form.form_values() if name not in ("csrf_token", "do")}


def put(client: Client, text: bytes) -> None:
    fields = {"content": text.decode(), "revision": "0", "csrf_token": client.token()}
    assert client.browser.post(f"/studio/files/{PATH}", data=fields).status_code == 200


def test_tables_are_listed_with_who_asks_them(analyst: Client) -> None:
    page = analyst.get("/studio/decisions")
    assert "Who is asked" in page.text()
    assert "processes/agreement/agreement.bpmn" in page.text()


def test_saving_a_table_as_it_is_leaves_every_byte(analyst: Client) -> None:
    before = content(analyst)
    analyst.post(TABLE, typed(analyst.get(TABLE)))
    assert content(analyst) == before
    assert analyst.get(TABLE).value("revision") == "0"


def test_a_rule_is_added_filled_in_and_runs(analyst: Client) -> None:
    analyst.post(TABLE, typed(analyst.get(TABLE)) | {"do": "add"})
    page = analyst.get(TABLE)
    analyst.post(TABLE, typed(page) | {"t.3.0": '"sb"', "t.3.1": "true", "v.3.0": '"profile"', "note.3": "New <rule>"})
    assert compile_decision(content(analyst)).decide(["sb", True])[0] == ["others", "secretariat", "profile"]
    assert "New &lt;rule" in analyst.get(TABLE).source
    before = typed(analyst.get(TABLE))
    analyst.post(TABLE, before | {"do": "up.3"})
    assert typed(analyst.get(TABLE))["t.2.0"] == '"sb"'
    analyst.post(TABLE, typed(analyst.get(TABLE)) | {"do": "remove.2"})
    assert len(compile_decision(content(analyst)).rules) == 3


def test_a_fault_stands_at_its_cell_and_nothing_typed_is_lost(analyst: Client) -> None:
    analyst.post(TABLE, typed(analyst.get(TABLE)) | {"t.0.0": "[5..1]"})
    page = analyst.get(TABLE)
    assert "begins after its end" in page.text("//*[@data-fault='t.0.0']")
    assert typed(page)["t.0.0"] == "[5..1]"
    assert "begins after its end" in page.text("//*[@id='findings-list']")


def test_an_overlap_and_a_gap_are_told_with_an_example(analyst: Client) -> None:
    put(analyst, dmn("UNIQUE", [("days", "integer")], [["< 5", "1"], ["[4..9]", "2"]]))
    text = analyst.get(TABLE).text("//*[@id='findings-list']")
    assert "Rules 1 and 2 hold at the same time, for example when days = 4" in text
    assert "No rule holds when days = 10" in text


def test_values_are_tried_and_the_rules_marked(analyst: Client) -> None:
    page = analyst.get(f"{TABLE}?try=1&table=routing&x.0=nmi&x.1=true")
    assert '["profile", "secretariat"]' in page.text("//*[@class='tried']")
    assert len(page.tree.xpath("//tr[@class='taken']")) == 2
    assert "not among those allowed" in analyst.get(f"{TABLE}?try=1&table=routing&x.0=x&x.1=").text(
        "//*[@class='tried']"
    )


def test_a_table_saved_meanwhile_is_not_overwritten_and_what_was_typed_is_shown(analyst: Client) -> None:
    old = typed(analyst.get(TABLE))
    analyst.post(TABLE, old | {"v.0.0": '"others"'})
    page = analyst.post(TABLE, old | {"note.0": "Mine"}, expect=409)
    assert "Mine" in page.text()
    assert b'<text>"others"</text>' in content(analyst)
    analyst.post(TABLE, typed(analyst.get(TABLE)) | {"do": "add"})
    assert "Mine" in analyst.post(TABLE, old | {"note.0": "Mine"}, expect=422).text()


def test_a_new_table_is_made(analyst: Client) -> None:
    wanted = {"name": "urgency", "folder": "agreement", "ru": "Срочность", "en": "Urgency"}
    analyst.post("/studio/decisions", wanted)
    assert "Urgency" in analyst.get("/studio/decisions/processes/agreement/urgency.dmn").heading
    analyst.post("/studio/decisions", wanted, expect=422)
    analyst.post("/studio/decisions", wanted | {"name": "../../app/x"}, expect=422)


@pytest.mark.parametrize(
    "text",
    [
        "<definitions",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><definitions>&e;</definitions>',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><definitions>&b;</definitions>',
    ],
)
def test_s16_a_file_that_is_none_is_kept_told_and_shown_as_source(analyst: Client, text: str) -> None:
    analyst.post(TABLE, {"source": text, "revision": "0"})
    page = analyst.get(TABLE)
    assert "Error" in page.text("//*[@id='findings-list']")
    assert "root:" not in page.source
    assert page.text("//textarea[@name='source']") == text


@pytest.mark.parametrize(
    "cell", ["__import__('os').system('id')", "().__class__.__mro__", "'{0.__globals__}'.format(len)"]
)
def test_s05_code_in_a_cell_is_a_fault_of_the_cell(analyst: Client, cell: str) -> None:
    analyst.post(TABLE, typed(analyst.get(TABLE)) | {"v.0.0": cell})
    assert analyst.get(TABLE).text("//*[@data-fault='v.0.0']")


def test_thousands_of_rules_are_shown_by_the_hundred(analyst: Client) -> None:
    put(analyst, dmn("FIRST", [("days", "integer")], [[f"{n}", "1"] for n in range(2000)]))
    page = analyst.get(f"{TABLE}?first=1900")
    assert "Rules 1901 to 2000 of 2000" in page.text()
    analyst.post(TABLE, typed(page) | {"v.1999.0": "7"})
    assert compile_decision(content(analyst)).decide([1999])[0] == 7


def test_more_than_is_read_is_told_and_kept(analyst: Client) -> None:
    huge = dmn("FIRST", [("days", "integer")], [[f"{n}", "1"] for n in range(5000)])
    put(analyst, huge)
    assert "more than 20000" in analyst.get(TABLE).text("//*[@id='findings-list']")
    assert content(analyst) == huge


def test_s20_markup_in_a_cell_is_written_as_text(analyst: Client) -> None:
    evil = "\"'><script>alert(1)</script>"
    analyst.post(TABLE, typed(analyst.get(TABLE)) | {"t.0.0": evil, "note.0": evil, "en": evil, "i.0.label": evil})
    page = analyst.get(TABLE)
    assert not page.tree.xpath("//script[not(@src)]")
    assert typed(page)["note.0"] == evil


def test_the_script_is_told_faults_and_findings(analyst: Client) -> None:
    sent = typed(analyst.get(TABLE)) | {"t.1.0": "> >", "_live": "1", "csrf_token": analyst.token()}
    told = analyst.browser.post(TABLE, data=sent).get_json()
    assert told["revision"] == 1
    assert set(told["faults"]) == {"t.1.0"}
