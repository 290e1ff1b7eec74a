"""Clerks: people at browsers who start procedures and complete tasks, and repeat what got no answer.

What a clerk was answered is the promise that the books are held against. A page that was sent and got no answer is
sent again as it was, as a browser's "resend" does, until there is an answer.
"""

import random
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import requests

from tests.walk.visitor import Page, Surprise, Visitor, found_values

AWAY = (requests.RequestException,)
SOON = {502, 503}
UNANSWERED = 0
"""The storm was over first."""


@dataclass(slots=True)
class Promises:
    """What the site has said yes to."""

    started: list[str] = field(default_factory=list)
    """Nonces of start forms answered with a redirect."""
    completed: list[str] = field(default_factory=list)
    """Nonces of task forms answered with a redirect."""
    refused: list[str] = field(default_factory=list)
    """Nonces answered with "somebody was faster"."""
    faults: list[str] = field(default_factory=list)
    """Answers that nobody should ever get."""
    resent: int = 0

    @property
    def kept(self) -> int:
        return len(self.started) + len(self.completed)


class Clerk(threading.Thread):
    """Works until told to stop; then goes on only with open tasks until there are none."""

    def __init__(self, urls: list[str], person: str, seed: int, promises: Promises, most_open: int) -> None:
        super().__init__(daemon=True)
        self.draw = random.Random(seed)
        self.urls = urls
        self.person = person
        self.promises = promises
        self.most_open = most_open
        self.closing = threading.Event()
        self.leaving = threading.Event()
        self.visitors = {url: Visitor(url, person) for url in urls}

    def run(self) -> None:
        while not self.leaving.is_set():
            try:
                self._work()
            except (*AWAY, Surprise):
                self.leaving.wait(0.05)

    def _work(self) -> None:
        visitor = self._somewhere()
        page = visitor.get("/?view=roles")
        tasks = page.links("/tasks/")
        if self.closing.is_set() or len(tasks) >= self.most_open:
            if not tasks:
                self.leaving.wait(0.1)
                return
            task = visitor.get(self.draw.choice(tasks))
            self._send(visitor, task, "/tasks/", self.promises.completed)
        else:
            self._send(visitor, visitor.get("/procedures/storm"), "/procedures/storm", self.promises.started)

    def _somewhere(self) -> Visitor:
        visitor = self.visitors[self.draw.choice(self.urls)]
        if not visitor.web.cookies:
            page = visitor.get("/demo")
            form = next(one for one in page.forms("/demo/sign-in") if self._is_mine(one))
            visitor.submit_form(page, form, {}, self._button(form))
        return visitor

    def _is_mine(self, form: Any) -> bool:
        return bool(form.xpath(f".//*[@name='person'][@value='{self.person}']"))

    def _button(self, form: Any) -> str | None:
        return f"person={self.person}" if form.xpath(".//button[@name='person']") else None

    def _send(self, visitor: Visitor, page: Page, action: str, kept: list[str]) -> None:
        """Post the form; the same pairs again and again until somebody answers, at whichever server lives."""
        forms = [form for form in page.forms(action) if form.xpath(".//*[@name='nonce']")]
        if not forms:
            return
        pairs = [*found_values(forms[0], {"note"})]
        if forms[0].xpath(".//*[@name='note']"):
            pairs.append(("note", f"n{self.draw.randrange(10**6)}"))
        nonce = dict(pairs)["nonce"]
        address = urljoin(page.url, forms[0].get("action") or page.url)
        status = self._until_answered(visitor, address, pairs)
        if status in (302, 303):
            kept.append(nonce)
        elif status in (404, 409):
            self.promises.refused.append(nonce)
        elif status != UNANSWERED:
            self.promises.faults.append(f"{status} {address}")

    def _until_answered(self, visitor: Visitor, address: str, pairs: list[tuple[str, str]]) -> int:
        while True:
            try:
                answer = visitor.web.post(address, data=pairs, timeout=20, allow_redirects=False)
                if answer.status_code not in SOON:
                    return answer.status_code
            except AWAY:
                pass
            self.promises.resent += 1
            if self.leaving.wait(0.05):
                return UNANSWERED
