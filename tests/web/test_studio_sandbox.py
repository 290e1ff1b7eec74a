"""The sandbox over HTTP: a procedure is clicked through, nothing real is reached, and the run becomes a scenario."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.courses.letters.models import Letter
from app.courses.models import Course
from app.workflow.models import Instance, Job
from app.workflow.models_sandbox import StudioSandbox
from tests.web.client import Client, Page
from tests.web.conftest import Enter

RUN = re.compile(r"/studio/sandbox/([0-9a-z]{20,})")
SENT = {"_send": "1"}


class Hand:
    """An analyst who clicks through a procedure: presses, filled-in samples, and where the run stands."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.run = ""

    def begin(self, process: str, how: str = "start", **fields: str) -> Page:
        address = f"/studio/sandbox/new/{process}?how={how}"
        page = self.client.post(address, {"_fill": "1", **fields}, expect=200)
        page = self.client.post(address, {**posted(page), "_begin": "1", **fields})
        found = RUN.search(page.location)
        assert found, page.location
        self.run = found[1]
        return self.look()

    def look(self) -> Page:
        return self.client.get(f"/studio/sandbox/{self.run}")

    def do(self, element: str, query: str = "", expect: int = 303, **fields: Any) -> Page:
        address = f"/studio/sandbox/{self.run}/tasks/{element}{query}"
        page = self.client.post(address, {"_fill": "1"}, expect=200)
        page = self.client.post(address, {**posted(page), **SENT, **fields}, expect=expect)
        return self.look() if expect == 303 else page

    def press(self, name: str, **fields: str) -> Page:
        self.client.post(f"/studio/sandbox/{self.run}/{name}", fields)
        return self.look()


def posted(page: Page) -> dict[str, Any]:
    """What a browser would send of the page's form, buttons left out."""
    found: dict[str, Any] = {}
    form = page.tree.xpath("//main//form[.//button[@name='_begin' or @name='_send']]")[0]
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items() if name != "csrf_token"}


@pytest.fixture
def hand(enter: Enter) -> Hand:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return Hand(client)


def open_tasks(page: Page) -> list[str]:
    return [str(href).rsplit("/", 1)[-1] for href in page.tree.xpath("//section[@aria-labelledby='tasks']//a/@href")]


def test_a_procedure_is_clicked_through_and_kept_as_a_scenario(hand: Hand, site: Flask) -> None:
    page = hand.begin("agreement")
    assert open_tasks(page) == ["propose"]
    page = hand.do("propose")
    page = hand.do("confirm")
    print(page.text())
    assert open_tasks(page) == ["send?of=tc-1.6"]
