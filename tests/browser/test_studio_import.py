"""A diagram of another tool in a real browser: chosen, looked at, given a drawing, taken; right in every look."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.i18n import Locale
from tests.browser.conftest import Open
from tests.browser.test_every_page import LOOKS, judge, listen
from tests.web.test_studio_import import CAMUNDA


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_a_stranger_s_diagram_is_looked_at_and_taken(
    open_as: Open, artifacts: Path, tmp_path: Path, locale: Locale, theme: str, width: int
) -> None:
    file = tmp_path / "order.bpmn"
    file.write_bytes(CAMUNDA)
    tab = open_as("analyst", locale, width, theme, reduced_motion="reduce")
    heard: list[str] = []
    listen(tab, heard)
    tab.goto("/studio")
    if tab.locator("form[action='/studio/draft'] button").count():
        tab.click("form[action='/studio/draft'] button")
    tab.goto("/studio/import")
    problems = judge(tab, "import", width)
    tab.set_input_files("#file", file)
    tab.click("form[enctype] button")
    expect(tab.locator("#came")).to_have_text("order.bpmn")
    tab.screenshot(path=artifacts / f"studio-import-{locale}-{theme}-{width}.png", full_page=True)
    problems += judge(tab, "import of a file", width)
    tab.click("button[value='draw']")
    expect(tab.locator("button[value='draw']")).to_have_count(0)
    tab.fill("#folder", f"orders_{locale}_{theme}")
    tab.click("button[value='take']")
    expect(tab).to_have_url(re.compile("/studio/diagrams/processes/orders_"))
    assert not problems + heard, "\n".join(problems + heard)
