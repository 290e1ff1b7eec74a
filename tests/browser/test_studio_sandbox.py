"""The sandbox in a real browser: a scenario is recorded by clicking, kept, green, drawn on the diagram; four looks."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from app.i18n import Locale
from tests.browser.conftest import Open
from tests.browser.test_every_page import LOOKS, judge, listen

READY = "[data-island='viewer'][data-state='ready']"
TASKS = "section[aria-labelledby='tasks'] a"


def begin(tab: Tab) -> str:
    """A run of the agreement up to the first body that is asked; its address."""
    tab.goto("/studio")
    if tab.locator("form[action='/studio/draft'] button").count():
        tab.locator("form[action='/studio/draft'] button").click()
    tab.goto("/studio/sandbox/new/agreement")
    tab.click("[name='_fill']")
    tab.click(".main-actions [name='_begin']")
    for _ in ("propose", "confirm", "send"):
        tab.locator(TASKS).first.click()
        tab.click(".main-actions [name='_fill']")
        tab.click(".main-actions [name='_send']")
    tab.wait_for_selector(READY)
    return tab.url


def test_a_scenario_is_recorded_by_clicking_and_drawn_on_the_diagram(open_as: Open) -> None:
    tab = open_as("analyst", "en")
    heard: list[str] = []
    listen(tab, heard)
    begin(tab)
    tab.get_by_role("button", name="On to the next timer").click()
    expect(tab.locator("section[aria-labelledby='mailbox']")).to_contain_text("Due soon")
    tab.locator(TASKS).first.click()
    tab.click(".main-actions [name='_fill']")
    tab.click(".main-actions [name='_send']")
    expect(tab.locator(TASKS)).to_have_count(1)
    tab.get_by_role("link", name="Keep as a scenario").click()
    tab.fill("#id", "clicked_together")
    tab.fill("#ru", "Ответ после напоминания")
    tab.fill("#en", "An answer after the reminder")
    tab.get_by_role("button", name="Keep the scenario").click()
    row = tab.locator("tr", has_text="clicked_together")
    expect(row.first).to_contain_text("holds")
    tab.goto("/studio/scenarios/agreement?diagram=sheet")
    tab.wait_for_selector(READY)
    assert tab.locator(".djs-element.is-taken[data-element-id='chair_due_soon']").count() == 1
    tab.locator("summary", has_text="by which scenarios").click()
    expect(tab.locator("tr[data-element='chair_due_soon']")).to_contain_text("clicked_together")
    assert heard == []


_begun: list[str] = []


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_every_page_of_the_sandbox_looks_right_to_people_and_programs(
    open_as: Open, artifacts: Path, locale: Locale, theme: str, width: int
) -> None:
    tab = open_as("analyst", locale, width, theme, reduced_motion="reduce")
    heard: list[str] = []
    listen(tab, heard)
    _begun[:] = _begun or [begin(tab)]
    (run,) = _begun
    pages = {
        "sandbox": "/studio/sandbox",
        "sandbox-begin": "/studio/sandbox/new/agreement",
        "sandbox-begin-event": "/studio/sandbox/new/announcement",
        "sandbox-run": run,
        "sandbox-task": f"{run}/tasks/consider?of=tc-1.6",
        "sandbox-answer": f"{run}/answer?nr=1",
        "sandbox-letter": f"{run}/letters/1",
        "sandbox-keep": f"{run}/keep",
        "scenarios": "/studio/scenarios",
        "scenarios-folder": "/studio/scenarios/agreement",
    }
    problems: list[str] = []
    for name, where in pages.items():
        tab.goto(where)
        if re.search(r"-(run|folder)$", name):
            tab.wait_for_selector(READY)
        tab.screenshot(path=artifacts / f"{name}-{locale}-{theme}-{width}.png", full_page=True)
        problems += judge(tab, name, width)
    assert problems + heard == []
