"""Answers out of the page of an attempt: there is no field with the answer, only the question as it is shown."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

_VOID = frozenset({"input", "br", "img", "hr", "meta", "link"})
_LONGEST = 1000
_MOST = 200_000
"""Characters of a page that are looked at: the scripts behind the question are no part of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`given` and `right` are empty where the page does not say: then it has to be looked up on the platform."""

    slot: int
    kind: str
    state: str
    mark: float | None
    highest: float | None
    question: str
    given: str
    right: str


def read(row: dict[str, Any]) -> Answer:
    """One question of a review. `mark` is text in the number format of our account's language."""
    page = _Page()
    page.feed(str(row.get("html") or "").partition("<script")[0][:_MOST])
    page.close()
    return Answer(
        slot=int(row.get("slot") or 0),
        kind=str(row.get("type") or ""),
        state=str(row.get("state") or ""),
        mark=_mark(row.get("mark")),
        highest=_mark(row.get("maxmark")),
        question=_line(page.question),
        given="; ".join(one for one in (_line([text]) for text in page.given) if one)[:_LONGEST],
        right=_line(page.right),
    )


def _mark(value: Any) -> float | None:
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return None


def _line(parts: list[str]) -> str:
    return " ".join("".join(parts).split())[:_LONGEST]


class _Page(HTMLParser):
    """Text of the question, of the ticked choices' labels, of text fields, of the right answer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.question: list[str] = []
        self.right: list[str] = []
        self.given: list[str] = []
        self._ticked: set[str] = set()
        self._open: list[tuple[str, str]] = []
        """Tag and the part that it opens: question, right, label; empty for all others."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if tag == "input":
            self._input(given, "checked" in given)
        if tag in _VOID:
            return
        part = ""
        if "qtext" in classes:
            part = "question"
        elif "rightanswer" in classes:
            part = "right"
        elif self._ticked & {given.get("for", ""), given.get("id", "")} - {""}:
            part = "label"
            self.given.append("")
        self._open.append((tag, part))

    def _input(self, given: dict[str, str], checked: bool) -> None:
        kind = given.get("type", "text")
        if kind in ("radio", "checkbox") and checked:
            self._ticked |= {given.get("id", ""), given.get("aria-labelledby", "")}
        if kind == "text" and given.get("value"):
            self.given.append(given["value"])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        parts = {part for _tag, part in self._open}
        if "question" in parts:
            self.question.append(data)
        elif "right" in parts:
            self.right.append(data)
        elif "label" in parts:
            self.given[-1] += data
