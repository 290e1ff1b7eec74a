"""The editors of forms, tables and texts in a real browser: saved while one types, shown at once, accessible."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from app.i18n import Locale
from tests.browser.conftest import Open

FORM = "/studio/forms/sheet_verdict?open=comments"
TABLE = "/studio/decisions/processes/agreement/routing.dmn"
LETTER = "/studio/texts/processes/agreement/letters/consider.en.txt"
PAGES = (
    "/studio/forms",
    FORM,
    "/studio/forms/sheet_verdict/source",
    "/studio/decisions",
    f"{TABLE}?try=1&table=routing&x.0=nmi&x.1=true",
    "/studio/texts",
    LETTER,
    "/studio/texts/processes/agreement/documents/appendix_1.ru.html",
)
LOOKS: list[tuple[Locale, Any, int]] = [("ru", "light", 1440), ("en", "dark", 360)]


def begin(open_as: Open, locale: Locale = "en", theme: Any = "light", width: int = 1440) -> Tab:
    tab = open_as("analyst", locale, width=width, theme=theme)
    tab.goto("/studio")
    opening = tab.locator("form[action='/studio/draft'] button")
    if opening.count():
        opening.click()
    return tab


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_the_editors_are_accessible_and_fit(open_as: Open, locale: Locale, theme: Any, width: int) -> None:
    tab = begin(open_as, locale, theme, width)
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for address in PAGES:
        tab.goto(address)
        for fold in tab.locator("main details:not([open]) > summary").all():
            if fold.is_visible():
                fold.click()
        found = Axe().run(tab).response["violations"]
        assert not found, f"{address}: {[(one['id'], one['nodes'][0]['html'][:200]) for one in found]}"
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{address} is {wide} wide"
    assert not said


def test_a_form_is_saved_while_one_types_and_shown_at_once(open_as: Open) -> None:
    tab = begin(open_as)
    tab.goto(FORM)
    tab.fill("#comments-label-en", "What we think of it")
    expect(tab.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=5_000)
    expect(tab.locator("#panes [lang=en]")).to_contain_text("What we think of it")
    tab.locator("#panes [lang=en] input[value=consider]").check()
    tab.locator("#panes [lang=en] button", has_text="Check as the product would").click()
    expect(tab.locator("#panes [lang=ru] [role=alert]")).to_be_visible()
    tab.goto(FORM)
    expect(tab.locator("#comments-label-en")).to_have_value("What we think of it")
    tab.locator("#entry-comments button[value=up]").press("Enter")
    expect(tab.locator("ol.entries > li").nth(-2)).to_have_id("entry-comments")


def test_what_was_saved_is_there_for_the_next_who_opens_it(open_as: Open) -> None:
    first, second = begin(open_as), begin(open_as, "ru")
    first.goto(TABLE)
    expect(first.locator("[data-presence]")).to_be_empty()
    first.fill("[name='note.0']", "First")
    expect(first.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=5_000)
    second.goto(TABLE)
    expect(second.locator("[name='note.0']")).to_have_value("First")


def test_a_rule_is_added_and_a_fault_and_an_overlap_told_while_one_types(open_as: Open) -> None:
    tab = begin(open_as)
    tab.goto(TABLE)
    tab.select_option("#routing-policy", "UNIQUE")
    expect(tab.locator("#findings-list")).to_contain_text("Rules 1 and 3 hold at the same time", timeout=5_000)
    tab.fill("[name='t.0.0']", "[5..1]")
    expect(tab.locator("[data-fault='t.0.0']")).to_contain_text("begins after its end", timeout=5_000)
    tab.fill("[name='t.0.0']", '"nmi"')
    tab.select_option("#routing-policy", "COLLECT")
    expect(tab.locator("#findings-list")).to_contain_text("No findings", timeout=5_000)
    tab.locator("form[data-try] input[name='x.0']").fill("sb")
    tab.locator("form[data-try] button").click()
    expect(tab.locator(".tried")).to_contain_text('["others"]')
    expect(tab.locator("tr.taken")).to_have_count(1)


def test_a_field_is_offered_while_one_writes_a_letter_and_seen_in_its_preview(open_as: Open) -> None:
    tab = begin(open_as)
    tab.goto(LETTER)
    area = tab.locator("#text-en")
    area.focus()
    area.press("Control+End")
    area.press_sequentially("{{ course['num")
    expect(tab.get_by_role("option")).to_have_count(1)
    area.press("Enter")
    area.press_sequentially(" }}")
    expect(tab.locator("#previews [lang=en] div.printed")).to_contain_text("2026-002", timeout=5_000)
    area.press_sequentially("{{ nobody }}")
    expect(tab.locator("#findings-list")).to_contain_text("nobody", timeout=5_000)
