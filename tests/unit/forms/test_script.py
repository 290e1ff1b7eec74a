"""In a real browser: the script hides what does not apply, and nothing stands in the way of assistive technology."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from app.forms import Context, check
from app.i18n import LOCALES, Locale, use_locale
from tests.unit.forms.pages import rendered
from tests.unit.forms.samples import ROWS, TEXT, YES_NO, Kept, form_of

STATIC = Path(__file__).parents[3] / "app/web/static"
STYLES = "\n".join((STATIC / "styles" / name).read_text() for name in (STATIC / "styles/order.txt").read_text().split())
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

FORM = form_of(
    {
        "conforms": YES_NO,
        "comments": TEXT,
        "why": TEXT,
        "agreed": {"type": "boolean"},
        "answer_by": {"type": "string", "format": "date"},
        "topics": {"type": "array", "items": {"type": "string", "enum": ["mass", "time"]}},
        "mass_only": TEXT,
        "people": ROWS,
        "picture": {"type": "string", "format": "file"},
    },
    {
        "comments": {"visible_if": {"field": "conforms", "equals": "no"}, "widget": "textarea"},
        "why": {"visible_if": {"field": "comments", "not_equals": "none"}},
        "answer_by": {"visible_if": {"field": "agreed", "equals": True}},
        "mass_only": {"visible_if": {"field": "topics", "equals": "mass"}},
    },
    required=["conforms", "people"],
)
AROUND = Context(files={"f1": Kept("f1")})


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def opened(page: Page, locale: Locale, values: dict[str, Any], script: bool) -> None:
    with use_locale(locale):
        errors = check(FORM, values, AROUND).errors
        html = rendered(FORM, values, errors, AROUND)
    page.set_content(
        html.replace("<!doctype html>", f'<!doctype html><html lang="{locale}">', 1).replace(
            "<main>", "<main><h1>x</h1>"
        )
    )
    page.add_style_tag(content=STYLES)
    if script:
        page.add_script_tag(path=str(STATIC / "scripts/form.js"))


def test_the_script_hides_what_does_not_apply(page: Page) -> None:
    opened(page, "ru", {}, script=True)
    seen = {name: page.locator(f"#f-{name}").is_visible() for name in ("comments", "why", "answer_by", "mass_only")}
    assert not any(seen.values())
    page.locator("#f-conforms-2").check()
    assert page.locator("#f-comments").is_visible()
    assert not page.locator("#f-why").is_visible()
    page.locator("#f-comments").fill("formula")
    assert page.locator("#f-why").is_visible()
    page.locator("#f-comments").fill("none")
    assert not page.locator("#f-why").is_visible()
    page.locator("#f-comments").fill("formula")
    page.locator("#f-conforms").check()
    assert not page.locator("#f-why").is_visible()
    page.locator("#f-agreed").check()
    assert page.locator("#f-answer_by").is_visible()
    page.locator("#f-topics-2").check()
    assert not page.locator("#f-mass_only").is_visible()
    page.locator("#f-topics").check()
    assert page.locator("#f-mass_only").is_visible()


def test_without_the_script_everything_can_be_reached(page: Page) -> None:
    opened(page, "ru", {}, script=False)
    for name in ("comments", "why", "answer_by", "mass_only"):
        assert page.locator(f"#f-{name}").is_visible()
    assert page.locator(".field__when").count() == 4


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("script", [True, False])
def test_no_barrier_that_a_machine_can_find(page: Page, locale: Locale, script: bool) -> None:
    """WCAG 2.2 AA as far as axe sees it, with errors, rows and a file in the page."""
    opened(page, locale, {"people": [{}, {"year": "x"}], "picture": "f1", "answer_by": "soon"}, script)
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    assert found.violations_count == 0, found.generate_report()
