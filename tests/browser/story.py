"""People of the story in tabs of their own: they open a task from the inbox, fill in its form and send it."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, expect
from playwright.sync_api import Page as Tab

Answer = str | list[str] | Path | list[Path]
SENT = re.compile("Отправлено")
VIEWS = ("/", "/?view=roles")


@dataclass(slots=True)
class Story:
    """One course and those who work on it; each is signed in once."""

    open_as: Callable[[str], Tab]
    artifacts: Path
    title: str
    tabs: dict[str, Tab] = field(default_factory=dict)
    pictures: int = 0

    def at(self, key: str) -> Tab:
        if key not in self.tabs:
            self.tabs[key] = self.open_as(key)
        return self.tabs[key]

    def picture(self, tab: Tab, name: str) -> None:
        self.pictures += 1
        tab.screenshot(path=self.artifacts / f"story-{self.pictures:02}-{name}.png", full_page=True)

    def task(self, key: str, name: str) -> Tab:
        """The tab with the person's task about the course, once the worker has come to it."""
        tab = self.at(key)

        def opened() -> bool:
            for view in VIEWS:
                tab.goto(view)
                lines = tab.locator("li.line").filter(has_text=self.title)
                link = lines.get_by_role("link", name=name, exact=True)
                if link.count():
                    link.first.click()
                    return True
            return False

        assert until(tab, opened), f"{key} has no task «{name}»"
        expect(tab.get_by_role("heading", level=1)).to_have_text(name)
        return tab

    def complete(self, key: str, name: str, answers: Mapping[str, Answer], picture: str = "") -> None:
        tab = self.task(key, name)
        fill(tab, answers)
        if picture:
            self.picture(tab, picture)
        send(tab)

    def course(self, key: str = "admin-by") -> Tab:
        """The course page, found in the list by its title."""
        tab = self.at(key)
        tab.goto("/courses")
        tab.get_by_role("link", name=self.title).first.click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text(self.title)
        return tab


def until(tab: Tab, true: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        tab.wait_for_timeout(200)
    return False


def press(tab: Tab, button: str) -> None:
    tab.get_by_role("button", name=button, exact=True).click()


def send(tab: Tab) -> None:
    press(tab, "Проверить и отправить")
    wrong = tab.locator(".error-summary")
    expect(tab.locator(".notice.done, .error-summary").first).to_be_visible()
    assert not wrong.count(), f"{tab.title()}: {wrong.inner_text()}"
    expect(tab.locator(".notice.done").first).to_contain_text(SENT)


def refuse(tab: Tab, words: str = "") -> None:
    """The page says at its head what is missing, and keeps what was typed."""
    press(tab, "Проверить и отправить")
    expect(tab.get_by_role("alert").first).to_contain_text(words or "Пока отправить нельзя")


def fill(tab: Tab, answers: Mapping[str, Answer]) -> None:
    """By the names of the fields: choices by value, entries of a list by words in them."""
    for name, value in answers.items():
        fill_one(tab.locator(f"main [name='{name}']"), value)


def fill_one(inputs: Locator, value: Answer) -> None:
    first = inputs.last if isinstance(value, Path | list) else inputs.first
    tag, kind = first.evaluate("one => [one.tagName, one.type]")
    if kind == "file":
        first.set_input_files(value)
    elif tag == "SELECT":
        option = first.locator("option").filter(has_text=str(value))
        first.select_option(option.first.get_attribute("value"))
    elif kind in {"radio", "checkbox"}:
        for one in value if isinstance(value, list) else [value]:
            inputs.and_(first.page.locator(f"[value='{one}']")).check()
    else:
        first.fill(str(value))
