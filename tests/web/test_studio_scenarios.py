"""The scenarios of the draft over HTTP: which hold, where one stops and why, their source, and what is hostile."""

import re
import time

import pytest

from tests.web.client import Client
from tests.web.conftest import Enter
from tests.web.test_studio_sandbox import open_tasks, save, source_of

HERE = "/studio/scenarios/agreement"
PATH = "processes/agreement/scenarios.yaml"


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def send(client: Client, content: str, expect: int = 303, revision: str = "") -> str:
    page = client.get(HERE)
    fields = {"content": content, "revision": revision or page.value("revision")}
    return client.post(HERE, fields, expect=expect).text()


def test_all_scenarios_of_the_release_are_played_in_three_seconds_and_at_once_the_second_time(analyst: Client) -> None:
    first = analyst.get("/studio/scenarios")
    assert "does not hold" not in first.text()
    rows = first.tree.xpath("//tbody/tr")
    assert rows
    assert all("all" in row.text_content() for row in rows)
    analyst.get("/studio/scenarios")
    began = time.perf_counter()
    analyst.browser.get("/studio/scenarios")
    assert time.perf_counter() - began < 3


def test_a_red_one_tells_its_step_and_why_in_the_readers_language(analyst: Client) -> None:
    content = source_of(analyst, PATH).decode()
    send(analyst, content.replace("open: [propose]", "open: [suggest]", 1))
    row = analyst.get(HERE).text("//tr[contains(., 'one_body_agrees')]")
    assert "stops at step 2" in row
    assert "open are propose, expected suggest" in row
    analyst.browser.set_cookie("language", "ru")
    analyst.locale = "ru"
    row = analyst.get(HERE).text("//tr[contains(., 'one_body_agrees')]")
    assert "открыты propose, ожидались suggest" in row
    page = analyst.post(f"{HERE}/one_body_agrees/open", {})
    assert open_tasks(analyst.get(page.location)) == ["propose"]


def test_what_no_scenario_takes_is_named_and_marked_on_the_diagram(analyst: Client) -> None:
    analyst.post(f"{HERE}/body_and_procedure/remove", {})
    page = analyst.get(HERE)
    missed = page.tree.xpath("//tr[@data-status='missed']/@data-element")
    assert "rule_secretariat" in missed
    assert page.tree.xpath("//div[@data-island='viewer']/@data-source")
    drawn = analyst.browser.get(str(page.tree.xpath("//div[@data-island='viewer']/@data-source")[0]))
    assert drawn.mimetype == "application/xml"
    assert "no scenario" in page.text()


def test_removing_one_leaves_every_other_byte(analyst: Client) -> None:
    before = source_of(analyst, PATH).decode()
    analyst.post(f"{HERE}/vacancy/remove", {})
    after = source_of(analyst, PATH).decode()
    start = before.index("  - id: vacancy")
    assert before.startswith(after[: start - 2])
    assert after.count("- id:") == before.count("- id:") - 1
    analyst.post(f"{HERE}/vacancy/remove", {}, expect=404)


def test_broken_yaml_is_kept_and_its_line_told(analyst: Client) -> None:
    content = source_of(analyst, PATH).decode()
    send(analyst, content + "  - {id: x, steps: [\n")
    page = analyst.get(HERE)
    assert re.search(r"cannot be read\. Line \d+", page.text())
    assert "- {id: x, steps: [" in page.source
    analyst.post(f"{HERE}/vacancy/open", {}, expect=409)
    analyst.post(f"{HERE}/vacancy/remove", {}, expect=409)
    assert "the file cannot be read" in analyst.get("/studio/scenarios").text()


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
HEAD = "process: agreement\npeople: {}\noperations: {}\nscenarios:\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (BOMB + HEAD, "references included"),
        ("a: &a [*a]\n" + HEAD, "refers to itself"),
        ("a: " + "[" * 3000, "deep"),
        ("a: !!python/object/apply:os.system ['id']\n", "not YAML"),
        (HEAD + "  - {id: a, steps: 7}\n", "Not written as scenarios are"),
        ("", "empty"),
    ],
)
def test_s10_s11_s17_hostile_sources_are_findings_at_once(analyst: Client, content: str, says: str) -> None:
    began = time.perf_counter()
    send(analyst, content)
    assert says in analyst.get(HERE).text()
    assert time.perf_counter() - began < 10


def test_s09_s20_words_of_a_scenario_stay_words(analyst: Client) -> None:
    name = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    step = "{task: '<i>', with: {x: 1}}"
    send(analyst, HEAD + f"  - {{id: 'a\"><b>', name: {{ru: '{name}', en: '{name}'}}, steps: [{step}]}}\n")
    page = analyst.get(HERE)
    assert "<img src=x" not in page.source
    assert "{{ 7*7 }}" in page.text("//tbody")
    assert "the procedure has not begun" in page.text("//tbody")


def test_a_source_that_is_too_large_is_refused_and_still_there(analyst: Client) -> None:
    said = send(analyst, "# " + "x" * (513 * 1024), expect=422)
    assert "at most 512 kB" in said


def test_two_who_save_lose_nothing(analyst: Client) -> None:
    content = source_of(analyst, PATH)
    save(analyst, PATH, content + b"# theirs\n")
    page = analyst.post(HERE, {"content": content.decode() + "# mine\n", "revision": "0"}, expect=409)
    assert "kept in the history" in page.text()
    assert "# mine" in page.source
    assert source_of(analyst, PATH).endswith(b"# theirs\n")


def test_only_folders_with_a_diagram_have_scenarios(analyst: Client) -> None:
    for folder in ("nothing", "letters", "..%2Fforms", "Agreement"):
        analyst.get(f"/studio/scenarios/{folder}", expect=404)
        analyst.post(f"/studio/scenarios/{folder}", {"content": "x"}, expect=404)
