"""The guide's worked examples are done in the browser step by step, as they are written, in both languages."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

from app.i18n import Locale
from tests.browser.conftest import Open
from tests.browser.studio import discard_draft, middle, open_draft, ready, select

EXAMPLES = ("deadline", "field", "letter", "reviewer")


@pytest.fixture(params=["ru", "en"])
def analyst(open_as: Open, request: pytest.FixtureRequest) -> Iterator[Tab]:
    locale: Locale = request.param
    tab = open_as("analyst", locale, width=1500)
    open_draft(tab)
    yield tab
    discard_draft(tab)


def labelled(tab: Tab, what: str) -> Locator:
    """The field whose label begins with these words; what is not seen (in a folded part) is not meant."""
    named = tab.get_by_label(re.compile(f"^{re.escape(what)}"))
    return named.and_(tab.locator("input:visible, select:visible, textarea:visible")).first


def do(tab: Tab, step: dict[str, str]) -> None:
    what, value, target = step["what"], step["value"], step["target"]
    match step["do"]:
        case "open":
            tab.goto(target)
            if "/diagrams/" in target:
                ready(tab)
        case "press":
            tab.get_by_role("button", name=what, exact=True).and_(tab.locator(":visible")).first.click()
            tab.wait_for_load_state()
        case "unfold":
            tab.locator("summary", has_text=what).first.click()
        case "choose":
            select(tab, target)
        case "place":
            tab.locator(f".djs-palette [aria-label='{what}']").click()
            at = middle(tab, target)
            tab.mouse.move(at["x"] - 3, at["y"])
            tab.mouse.move(at["x"], at["y"], steps=3)
            tab.mouse.click(at["x"], at["y"])
        case "fill":
            labelled(tab, what).fill(value)
            labelled(tab, what).blur()
        case "pick":
            labelled(tab, what).select_option(label=value)
        case "see":
            expect(tab.get_by_text(value).and_(tab.locator(":visible")).first).to_be_visible(timeout=20_000)
        case other:
            pytest.fail(f"the guide has a step that nobody can do: {other}")


def test_every_worked_example_leads_where_it_says(analyst: Tab) -> None:
    analyst.goto("/studio/guide")
    assert Axe().run(analyst).response["violations"] == []
    written = {
        example: analyst.eval_on_selector_all(
            f"[data-example='{example}'] > li", "all => all.map(one => ({...one.dataset}))"
        )
        for example in EXAMPLES
    }
    for example, steps in written.items():
        assert steps, example
        for step in steps:
            do(analyst, step)
