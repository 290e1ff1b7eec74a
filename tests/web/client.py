"""One client for all tests of pages: whatever it gets, it also checks everything that must hold of every page."""

import re
from collections import Counter
from itertools import pairwise
from typing import Any

import html5lib
from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from app.i18n import Locale
from tests.web.texts import untranslated

_LABELLED = "ancestor::label or @aria-label or @aria-labelledby or @id=//label/@for"
_FILLED = "self::input[not(@type='hidden' or @type='submit' or @type='button')] or self::select or self::textarea"
_UNSAFE = re.compile(r"\son\w+\s*=|javascript:", re.IGNORECASE)


class Page:
    """An HTML answer, parsed."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.location = answer.headers.get("Location", "")
        self.source = answer.text
        self.tree: Any = html.document_fromstring(self.source) if answer.mimetype == "text/html" else None

    def text(self, path: str = "//body") -> str:
        return " ".join(" ".join(node.text_content().split()) for node in self.tree.xpath(path))

    @property
    def heading(self) -> str:
        return self.text("//h1")

    def value(self, name: str) -> str:
        """Value of the first field of that name."""
        return str(self.tree.xpath(f"//input[@name='{name}']/@value")[0])

    def links(self, part: str) -> list[str]:
        return [str(href) for href in self.tree.xpath("//a/@href") if part in str(href)]


class Client:
    """A person at a browser. `get` and `post` return a Page that has passed `check_page`."""

    def __init__(self, app: Flask, locale: Locale = "ru") -> None:
        self.browser = app.test_client()
        self.locale = locale
        self.browser.set_cookie("language", locale)

    def enter(self, person_id: str) -> "Client":
        self.post("/demo/sign-in", {"person": person_id}, expect=303)
        return self

    def get(self, path: str, expect: int = 200) -> Page:
        return self._checked(self.browser.get(path), expect)

    def post(self, path: str, data: dict[str, Any] | None = None, expect: int = 303, token: bool = True) -> Page:
        """Send a form; the token against forged forms is taken from a page, as a browser would."""
        fields = {"csrf_token": self.token(), **(data or {})} if token else (data or {})
        return self._checked(self.browser.post(path, data=fields), expect)

    def token(self) -> str:
        return Page(self.browser.get("/sign-in")).value("csrf_token")

    def _checked(self, answer: TestResponse, expect: int) -> Page:
        page = Page(answer)
        assert answer.status_code == expect, f"{answer.request.path}: {answer.status_code}, {page.source[:2000]}"
        check_headers(answer)
        if page.tree is not None and not page.location:
            check_page(page, self.locale)
        return page


def check_headers(answer: TestResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"script-src 'self' 'nonce-[\w-]{20,}'", policy)
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Request-Id"]


def check_page(page: Page, locale: Locale) -> None:
    """Everything that holds of every page, whatever it is about."""
    html5lib.HTMLParser(strict=True).parse(page.source)
    assert page.tree.xpath("string(//title)").split(" — ")[0].strip(), "a page has a title of its own"
    assert page.tree.get("lang") == locale
    repeated = [i for i, n in Counter(page.tree.xpath("//@id")).items() if n > 1]
    assert not repeated, f"ids that occur twice: {repeated}"
    _check_controls(page)
    _check_headings(page)
    _check_inline(page)
    found = untranslated(page.tree, locale)
    assert not found, f"not translated: {found}"


def _check_controls(page: Page) -> None:
    bare = [html.tostring(c)[:200] for c in page.tree.xpath(f"//*[{_FILLED}]") if not c.xpath(_LABELLED)]
    assert not bare, f"fields without a label: {bare}"
    for form in page.tree.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        assert form.xpath(".//input[@name='csrf_token']/@value"), f"a form without a token: {form.get('action')}"
        assert form.get("action"), "a form says where it goes"
    nameless = [
        html.tostring(b)[:200]
        for b in page.tree.xpath("//button | //a[@href]")
        if not (b.text_content().strip() or b.get("aria-label") or b.xpath(".//*[@aria-label]"))
    ]
    assert not nameless, f"buttons or links without a name: {nameless}"


def _check_headings(page: Page) -> None:
    levels = [int(node.tag[1]) for node in page.tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]")]
    assert levels.count(1) == 1, "one h1 a page"
    jumps = [pair for pair in pairwise(levels) if pair[1] - pair[0] > 1]
    assert not jumps, f"headings jump: {levels}"


def _check_inline(page: Page) -> None:
    assert not page.tree.xpath("//style | //*[@style]"), "no inline style"
    nonce = re.search(r"'nonce-([\w-]+)'", page.answer.headers["Content-Security-Policy"])
    assert nonce
    for script in page.tree.xpath("//script"):
        assert script.get("src") or script.get("type") == "application/json", "no inline script"
        assert script.get("nonce") == nonce.group(1)
    tags = re.findall(r"<[a-zA-Z][^>]*>", page.source)
    assert not [tag for tag in tags if _UNSAFE.search(re.sub(r'"[^"]*"', '""', tag))], "no handlers in attributes"
