"""Every page in a real browser: no accessibility violation, nothing in the console, nothing wider than the screen."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab

from app.i18n import Locale
from tests.browser.conftest import Open

LOOKS: list[tuple[Locale, str, int]] = [
    ("ru", "light", 1440),
    ("en", "dark", 1440),
    ("ru", "dark", 360),
    ("en", "light", 360),
]
PAGES: dict[str, list[tuple[str, str]]] = {
    "": [
        ("personas", "/demo"),
        ("clock", "/demo/clock"),
        ("mailbox", "/demo/mailbox"),
        ("letter", "@/demo/mailbox/"),
        ("platform", "/demo/platform"),
        ("portal", "/portal"),
        ("certificates", "/certificates"),
        ("certificate-unknown", "/certificates/7K3M9QXT4W2HJ8RVDC5B"),
        ("portal-fragment", "/portal/fragment"),
        ("sign-in", "/sign-in"),
        ("forgotten", "/forgotten"),
        ("forgotten-sent", "/forgotten/sent"),
        ("link-spent", "/password"),
    ],
    "chair-14": [
        ("inbox", "/"),
        ("roles", "/?view=roles"),
        ("done", "/?view=done"),
        ("task", "@/tasks/"),
        ("account", "/account"),
    ],
    "admin-by": [
        ("courses", "/courses"),
        ("course", "@/courses/"),
        ("course-materials", "@/materials"),
        ("course-sheets", "@/sheets"),
        ("course-documents", "@/documents"),
        ("course-people", "@/people"),
        ("course-history", "@/history"),
        ("instance", "@/instances/"),
        ("sheet", "@/sheets/"),
        ("course-created", "@/courses/"),
        ("instance-created", "@/instances/"),
        ("procedures", "/procedures"),
        ("start", "/procedures/agreement"),
        ("entry-in-the-list", "/procedures/creation"),
        ("satisfaction", "/satisfaction"),
        ("missing", "/nothing/here"),
    ],
    "secretariat": [
        ("archive", "/archive"),
        ("entry", "@/archive/"),
        ("appointments", "/appointments"),
        ("appoint", "/appointments/new"),
        ("substitutions", "/substitutions"),
        ("substitute", "/substitutions/new"),
        ("calendar", "/calendars?country=BY&year=2026"),
        ("people", "/people"),
        ("person", "@/people/0"),
        ("person-new", "/people/new"),
        ("organisations", "/organisations"),
        ("organisation", "@/organisations/"),
        ("letters", "/letters"),
        ("letter-sent", "@/letters/0"),
        ("certificates-register", "/register/certificates"),
        ("letters-returned", "/letters/returned"),
        ("register", "/register"),
        ("register-entry", "@/register/entries/"),
        ("register-past", "/register?on=2026-11-10"),
        ("register-requests", "/register/requests"),
        ("surveys", "/surveys"),
        ("survey", "@/surveys/"),
        ("survey-answer", "@/answers/"),
        ("topics", "/topics"),
        ("topic", "@/topics/0"),
        ("survey-start", "/procedures/planning"),
        ("settings", "/settings"),
        ("setting", "@/settings/values/"),
        ("document", "@/settings/documents/"),
        ("checks", "/checks"),
        ("checks-all", "/checks?view=all"),
    ],
    "operator": [
        ("incidents", "/incidents"),
        ("incidents-closed", "/incidents?view=closed"),
        ("standstill", "/standstill"),
    ],
    "analyst": [
        ("moves", "/studio/moves"),
        ("instance-places", "/studio/moves/agreement/1?diagram=sheet"),
        ("moves-preview", "/studio/moves/agreement/1/to/1"),
    ],
    "auditor": [("evidence", "/evidence"), ("event", "/evidence/events/1")],
}
COURSE = "/courses?q=2026-002"
CREATED = "/courses?q=2026-006"
FROM = {
    "task": "/?view=roles",
    "course": COURSE,
    "sheet": COURSE,
    "course-created": CREATED,
    "document": "/settings",
}


def go(tab: Tab, name: str, where: str) -> None:
    """To the address; "@part" is the first link with that part on the page before it."""
    if not where.startswith("@"):
        tab.goto(where)
        return
    if FROM.get(name):
        tab.goto(FROM[name])
    if name == "sheet":
        tab.goto(str(tab.locator("a[href*='/courses/']").first.get_attribute("href")))
    part = where[1:]
    link = tab.locator(f"main a[href*='{part}']:not([href*='?'])").first
    tab.goto(str(link.get_attribute("href")))


def listen(tab: Tab, heard: list[str]) -> None:
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))


def judge(tab: Tab, name: str, width: int) -> list[str]:
    found: list[Any] = Axe().run(tab).response["violations"]
    told = [f"{name}: {one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
    wide = int(tab.evaluate("document.documentElement.scrollWidth"))
    return told + ([f"{name}: {wide} px wide on a screen of {width}"] if wide > width else [])


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_every_page_looks_right_to_people_and_programs(
    open_as: Open, artifacts: Path, locale: Locale, theme: str, width: int
) -> None:
    problems: list[str] = []
    for key, pages in PAGES.items():
        tab = open_as(key, locale, width, theme, reduced_motion="reduce")
        heard: list[str] = []
        listen(tab, heard)
        for name, where in pages:
            go(tab, name, where)
            if name.startswith("instance"):
                tab.wait_for_selector("[data-island='viewer'][data-state='ready']")
            tab.screenshot(path=artifacts / f"{name}-{locale}-{theme}-{width}.png", full_page=True)
            problems += judge(tab, name, width)
        problems += [f"console of {key}: {text}" for text in heard if "404" not in text and "410" not in text]
    assert not problems, "\n".join(problems)
