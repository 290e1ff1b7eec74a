"""The studio's pages in a real browser: two looks, no violation, no sideways scrolling; and a change published."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from werkzeug.serving import make_server

from app import clock, create_app, db, join, migrations
from app.config import Config
from app.demo import server
from app.demo.seed import address
from app.i18n import Locale
from tests.browser.conftest import ROOT
from tests.browser.test_every_page import judge, listen
from tests.web.client import Client

SHEET = "processes/agreement/sheet.bpmn"
LETTER = "processes/agreement/letters/consider.ru.txt"
PAGES = {
    "overview": "/studio",
    "changed": "/studio?only=changed",
    "source": f"/studio/source/{LETTER}",
    "add": "/studio/add",
    "rename": f"/studio/rename/{LETTER}",
    "remove": "/studio/remove/forms/creation_consent.ui.json",
    "compare": "/studio/compare?from=base&to=draft",
    "diagram": f"/studio/compare?from=base&to=draft&file={SHEET}",
    "publish": "/studio/publish",
    "releases": "/studio/releases",
    "release": "/studio/releases/1",
    "history": "/studio/history",
    "archive": "/studio/archive",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Flask, str]]:
    """The demo's people and procedures and, in a draft, a deadline, a moved element and a letter; and its address."""
    settings = Config(mode="test", data_dir=tmp_path, secret_key="a secret of the tests")
    join(settings)
    engine = db.create_engine(settings.database)
    migrations.upgrade(engine)
    server.fill(db.session_factory(engine), ROOT)
    app = create_app(settings, engine)
    analyst = Client(app).enter(address("analyst"))
    analyst.post("/studio/draft")
    for path, old, new in ((SHEET, 'due="answer_by"', 'due="workdays(14)"'), (LETTER, "Здравствуйте", "Добрый день")):
        text = analyst.browser.get(f"/studio/files/{path}").data.decode().replace(old, new)
        analyst.post(f"/studio/source/{path}", {"content": text, "revision": "0"})
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield app, f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()
    engine.dispose()
    clock.use(clock.system)


def enter(browser: Browser, base: str, locale: Locale, theme: Any, width: int) -> Tab:
    context = browser.new_context(
        base_url=base, viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "language", "value": locale, "url": base}])
    tab = context.new_page()
    tab.goto("/demo")
    tab.click(f"button[value='{address('analyst')}']")
    return tab


@pytest.mark.parametrize(("locale", "theme", "width"), [("ru", "light", 1440), ("en", "dark", 360)])
def test_the_studio_looks_right_and_a_change_goes_from_the_draft_into_force(
    browser: Browser, site: tuple[Flask, str], artifacts: Path, locale: Locale, theme: Any, width: int
) -> None:
    tab = enter(browser, site[1], locale, theme, width)
    heard: list[str] = []
    listen(tab, heard)
    problems: list[str] = []
    for name, where in PAGES.items():
        tab.goto(where)
        if name == "diagram":
            tab.wait_for_selector("[data-island='compare'][data-state='ready']")
            assert tab.locator(".two-diagrams .djs-element.differs-changed").count() >= 2, "marked on both sides"
            assert tab.locator(".bjs-powered-by").count() == 2, "the library's mark stays"
            tab.locator("li[data-element] button").first.click()
            assert tab.locator("li[data-chosen]").count() == 1
        if name == "overview":
            tab.locator("#agreement > summary").click()
        tab.screenshot(path=artifacts / f"studio-{name}-{locale}-{theme}-{width}.png", full_page=True)
        problems += judge(tab, name, width)
    tab.goto(f"/studio/source/{LETTER}")
    area = tab.locator("textarea[name=content]")
    area.fill(area.input_value() + "\nP.S.\n")
    tab.keyboard.press("Control+s")
    tab.wait_for_selector(".notice.done")
    assert "P.S." in tab.locator("textarea[name=content]").input_value()
    tab.goto("/studio/publish")
    tab.fill("#note", "14 дней")
    tab.locator("form .button.main").first.click()
    tab.wait_for_url("**/studio/releases")
    assert "14 дней" in tab.locator("main").inner_text()
    tab.context.close()
    assert not problems + heard, "\n".join(problems + heard)
