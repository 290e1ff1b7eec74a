"""A visitor without a browser: opens pages, reads the forms that stand in them, fills and sends them."""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html

Filling = Mapping[str, str | Sequence[str] | Path | Sequence[Path]]


class Surprise(Exception):
    """A page is not what the walk expected; the message says what was there instead."""


@dataclass(slots=True)
class Counter:
    """Requests made by all visitors of a walk."""

    requests: int = 0


@dataclass(slots=True)
class Page:
    """One answer, parsed."""

    url: str
    status: int
    document: Any

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def text(self) -> str:
        return " ".join(self.document.text_content().split())

    @property
    def heading(self) -> str:
        found = self.document.xpath("//h1")
        return " ".join(found[0].text_content().split()) if found else ""

    def links(self, part: str = "") -> list[str]:
        """Paths of the links that contain `part`, in order, each once."""
        found = [str(href) for href in self.document.xpath("//a/@href") if part in str(href)]
        return list(dict.fromkeys(found))

    def forms(self, action: str) -> list[Any]:
        return [form for form in self.document.forms if action in urljoin(self.url, form.get("action") or self.url)]

    def form(self, action: str) -> Any:
        """The first form whose address contains `action`."""
        found = self.forms(action)
        if not found:
            known = [form.get("action") for form in self.document.forms]
            raise Surprise(f"no form for {action!r} on {self.url}; there are {known}. {self.text[:300]}")
        return found[0]

    def notices(self) -> str:
        """What the page says at its head."""
        found = self.document.xpath("//*[contains(@class,'notice') or @role='alert']")
        return " ".join(" ".join(one.text_content().split()) for one in found)

    def errors(self) -> list[str]:
        return [" ".join(e.text_content().split()) for e in self.document.xpath("//*[contains(@class,'field__error')]")]


@dataclass(slots=True)
class Visitor:
    """One person at one browser; keeps cookies, follows redirects."""

    base: str
    name: str = "visitor"
    counter: Counter = field(default_factory=Counter)
    web: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, expect: int = 200) -> Page:
        return self._read(self.web.get(urljoin(self.base, path), timeout=30), expect)

    def download(self, path: str) -> bytes:
        self.counter.requests += 1
        answer = self.web.get(urljoin(self.base, path), timeout=60)
        if answer.status_code != 200:
            raise Surprise(f"{path} answers {answer.status_code}")
        return answer.content

    def submit(self, page: Page, action: str, filling: Filling, button: str | None = None, expect: int = 200) -> Page:
        """Fill the page's form and press a button (by its name, or name=value); other values stay as found."""
        return self.submit_form(page, page.form(action), filling, button, expect)

    def submit_form(
        self, page: Page, form: Any, filling: Filling, button: str | None = None, expect: int = 200
    ) -> Page:
        pairs = found_values(form, set(filling))
        uploads: list[tuple[str, tuple[str, bytes, str]]] = []
        for name, value in filling.items():
            if name not in names_of(form):
                raise Surprise(f"{page.url} has no field {name!r}; it has {sorted(names_of(form))}")
            values: list[str | Path] = [value] if isinstance(value, str | Path) else list(value)
            for one in values:
                if isinstance(one, Path):
                    kind = mimetypes.guess_type(one.name)[0] or "application/octet-stream"
                    uploads.append((name, (one.name, one.read_bytes(), kind)))
                else:
                    pairs.append((name, one))
        if button:
            name, _, value = button.partition("=")
            pairs.append((name, value or "1"))
        address = urljoin(page.url, form.get("action") or page.url)
        multipart = form.get("enctype") == "multipart/form-data"
        if multipart:  # as a browser does: a file field that nobody touched is sent empty
            named = {name for name, _file in uploads}
            empty = [str(one) for one in form.xpath(".//input[@type='file']/@name") if str(one) not in named]
            uploads += [(name, ("", b"", "application/octet-stream")) for name in empty]
        files = uploads or None
        return self._read(self.web.post(address, data=pairs, files=files, timeout=60), expect)

    def _read(self, answer: requests.Response, expect: int) -> Page:
        self.counter.requests += 1 + len(answer.history)
        document = html.document_fromstring(answer.text or "<html></html>", base_url=answer.url)
        page = Page(answer.url, answer.status_code, document)
        if answer.status_code != expect:
            wrong = "; ".join(page.errors()) or page.notices() or page.text[:400]
            raise Surprise(f"{self.name}: {answer.url} answers {answer.status_code}, not {expect}: {wrong}")
        return page


def names_of(form: Any) -> set[str]:
    kinds = "self::input or self::select or self::textarea or self::button"
    return {str(name) for name in form.xpath(f".//*[{kinds}]/@name")}


def found_values(form: Any, replaced: set[str]) -> list[tuple[str, str]]:
    """What a browser would send if nobody touched the form, without the fields that will be filled."""
    pairs = []
    for control in form.inputs:
        name, kind = control.name, control.get("type", "")
        unsent = kind in {"submit", "button", "file", "image"} or "disabled" in control.attrib
        if not name or name in replaced or unsent:
            continue
        if control.tag == "select":
            chosen = control.value
            pairs += [(name, one) for one in ([chosen] if isinstance(chosen, str) else chosen or [])]
        elif kind in {"checkbox", "radio"}:
            if control.checked:
                pairs.append((name, control.get("value", "on")))
        else:
            pairs.append((name, control.value or ""))
    return pairs
