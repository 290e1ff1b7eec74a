"""The form editor, without scripts: every step is a plain form of the page."""

import json

import pytest

from tests.web.client import Client, Page
from tests.web.conftest import Enter

FORM = "/studio/forms/sheet_verdict"


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def revisions(page: Page) -> dict[str, str]:
    return {name: page.value(name) for name in ("schema_revision", "ui_revision")}


def half(client: Client, name: str, which: str) -> str:
    return str(client.browser.get(f"/studio/files/forms/{name}.{which}.json").data.decode())


def field(page: Page, key: str) -> dict[str, str]:
    """What a browser would send of the form that edits the field."""
    form = page.tree.xpath(f"//form[@data-live][.//input[@name='key' and @value='{key}']]")[0]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def test_all_forms_are_listed_and_one_is_shown_in_both_languages(analyst: Client) -> None:
    assert "sheet_verdict" in analyst.get("/studio/forms").text()
    page = analyst.get(FORM)
    assert "Курс соответствует" in page.text("//*[@lang='ru']")
    assert "Comments" in page.text("//*[@lang='en']")
    assert "Consider the course materials" in page.text()


def test_saving_a_field_as_it_is_leaves_every_byte(analyst: Client) -> None:
    before = [half(analyst, "sheet_verdict", one) for one in ("schema", "ui")]
    page = analyst.get(FORM)
    analyst.post(FORM, field(page, "comments"))
    assert [half(analyst, "sheet_verdict", one) for one in ("schema", "ui")] == before
    assert revisions(analyst.get(FORM)) == {"schema_revision": "0", "ui_revision": "0"}


def test_a_label_is_changed_and_seen_in_the_preview(analyst: Client) -> None:
    page = analyst.get(FORM)
    analyst.post(FORM, field(page, "comments") | {"label.en": "What we think of it"})
    page = analyst.get(FORM)
    assert "What we think of it" in page.text("//div[@class='panes']")
    assert revisions(page)["ui_revision"] == "1"


def test_a_field_is_added_moved_and_removed(analyst: Client) -> None:
    page = analyst.get(FORM)
    new = {"step": "add", "kind": "date", "name": "seen_on", "label.ru": "Когда", "label.en": "When"}
    analyst.post(FORM, new | revisions(page))
    assert json.loads(half(analyst, "sheet_verdict", "schema"))["properties"]["seen_on"]["format"] == "date"
    analyst.post(FORM, {"step": "up", "key": "seen_on"} | revisions(analyst.get(FORM)))
    assert json.loads(half(analyst, "sheet_verdict", "ui"))["order"][-2] == "seen_on"
    analyst.post(FORM, {"step": "remove", "key": "seen_on"} | revisions(analyst.get(FORM)))
    assert "seen_on" not in half(analyst, "sheet_verdict", "ui")


def test_a_field_in_use_cannot_go_unnoticed(analyst: Client) -> None:
    sent = {"step": "remove", "key": "conforms"} | revisions(analyst.get(FORM))
    page = analyst.post(FORM, sent, expect=200)
    assert "is in use" in page.heading
    assert "A condition asks for it" in page.text()
    assert "processes/agreement/scenarios.yaml" in page.text()
    assert "conforms" in json.loads(half(analyst, "sheet_verdict", "schema"))["properties"]
    analyst.post(FORM, sent | {"confirmed": "1"})
    assert "conforms" not in json.loads(half(analyst, "sheet_verdict", "schema"))["properties"]
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert "processes/agreement/sheet.bpmn" in {one["file"] for one in found if one["severity"] == "error"}


def test_a_field_in_use_is_renamed_only_when_confirmed(analyst: Client) -> None:
    sent = field(analyst.get(FORM), "conforms") | {"name": "fits"}
    page = analyst.post(FORM, sent, expect=200)
    assert "Rename it all the same" in page.text()
    confirmed = {one.get("name"): one.get("value") for one in page.tree.xpath("//main//input[@type='hidden']")}
    analyst.post(FORM, {name: value for name, value in confirmed.items() if name != "csrf_token"})
    assert "fits" in json.loads(half(analyst, "sheet_verdict", "schema"))["properties"]


def test_what_somebody_else_saved_is_not_overwritten_and_nothing_typed_is_lost(analyst: Client) -> None:
    old = analyst.get(FORM)
    analyst.post(FORM, field(old, "comments") | {"label.en": "Theirs"})
    page = analyst.post(FORM, field(old, "comments") | {"label.en": "Mine"}, expect=409)
    assert "set aside" in page.text()
    assert field(page, "comments")["label.en"] == "Mine"
    assert "Theirs" in half(analyst, "sheet_verdict", "ui")
    analyst.post(FORM, field(page, "comments"))
    assert "Mine" in half(analyst, "sheet_verdict", "ui")


def test_the_preview_judges_as_the_product_does(analyst: Client) -> None:
    page = analyst.post(f"{FORM}/preview", {"act": "consider", "conforms": "no", "_check": "1"}, expect=200)
    assert page.tree.xpath("//*[@lang='ru']//*[@role='alert']")
    assert page.tree.xpath("//*[@lang='en']//*[@role='alert']")


def test_a_new_form_is_made_and_a_copy_of_another(analyst: Client) -> None:
    wanted = {"name": "second_opinion", "title.ru": "Второе мнение", "title.en": "Second opinion"}
    analyst.post("/studio/forms", wanted)
    assert "No findings" in analyst.get("/studio/forms/second_opinion").text()
    analyst.post("/studio/forms", wanted | {"name": "third_opinion", "copy": "sheet_verdict"})
    assert "conforms" in half(analyst, "third_opinion", "schema")
    assert analyst.post("/studio/forms", wanted, expect=422).text().count("Second opinion") >= 1


def test_a_form_that_is_asked_goes_only_when_confirmed(analyst: Client) -> None:
    assert "Consider the course materials" in analyst.post(f"{FORM}/remove", expect=200).text()
    analyst.post(f"{FORM}/remove", {"confirmed": "1"})
    analyst.get(FORM, expect=404)
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert "form-unknown" in {one["rule"] for one in found}


def test_broken_json_is_kept_and_told_with_its_line(analyst: Client) -> None:
    page = analyst.get(f"{FORM}/source")
    sent = {"schema": '{\n "type": "object",\n', "ui": half(analyst, "sheet_verdict", "ui")} | revisions(page)
    analyst.post(f"{FORM}/source", sent)
    page = analyst.get(f"{FORM}/source")
    assert "line 3" in page.text("//*[@id='findings-list']")
    assert '"type": "object"' in page.text("//textarea[@name='schema']")
    assert "Mend" not in analyst.get(FORM).heading
    assert "It can be shown as soon as" in analyst.get(FORM).text()


def test_thousands_of_fields_are_a_finding_and_nothing_is_lost(analyst: Client) -> None:
    many = {"type": "object", "properties": {f"f{one}": {"type": "string"} for one in range(5000)}}
    sent = {"schema": json.dumps(many), "ui": '{"title": {"ru": "Х", "en": "X"}, "fields": {}}'}
    analyst.post(f"{FORM}/source", sent | revisions(analyst.get(f"{FORM}/source")))
    page = analyst.get(FORM)
    assert "100" in page.text("//*[@id='findings-list']")
    assert half(analyst, "sheet_verdict", "schema") == json.dumps(many)


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "Имя", "a" * 60])
def test_s13_a_name_of_a_field_that_would_reach_into_the_page_is_refused(analyst: Client, name: str) -> None:
    new = {"step": "add", "kind": "text", "name": name, "label.ru": "Х", "label.en": "X"}
    page = analyst.post(FORM, new | revisions(analyst.get(FORM)), expect=422)
    assert page.tree.xpath("//*[@role='alert']")


def test_s23_what_is_typed_is_written_as_text(analyst: Client) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    analyst.post(FORM, field(analyst.get(FORM), "comments") | {"label.en": evil, "label.ru": evil, "help.en": evil})
    page = analyst.get(FORM)
    assert not page.tree.xpath("//img | //script[not(@src)]")
    assert evil in page.text("//*[@class='pane stack']")


def test_the_script_is_told_what_was_saved_and_what_is_wrong(analyst: Client) -> None:
    sent = field(analyst.get(FORM), "comments") | {"label.en": "", "_live": "1", "csrf_token": analyst.token()}
    told = analyst.browser.post(FORM, data=sent).get_json()
    assert told["revisions"] == [0, 1]
    assert "the English text is missing" in told["findings"]
