"""The macros as the site renders them, and a browser without scripts that fills them in."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import html5lib
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.errors import Problem
from app.forms import Context, Draft, Form, Json, Printed, view
from app.i18n import gettext, ngettext

TEMPLATES = Path(__file__).parents[3] / "app/web/templates"
SITE = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
)
SITE.globals.update({"_": gettext, "ngettext": ngettext})
PAGE = SITE.from_string(
    '{% from "form/fields.html" import fields, error_summary %}<!doctype html><title>x</title>'
    "<main>{{ error_summary(form) }}<form method=post>{{ fields(form) }}</form></main>"
)
PRINT = SITE.from_string('{% from "form/print.html" import answers %}{{ answers(printed) }}')


def rendered(
    form: Form,
    answers: Draft | Mapping[str, Json],
    errors: Mapping[str, Problem] | None = None,
    context: Context | None = None,
) -> str:
    return PAGE.render(form=view(form, answers, errors, context))


def printed_page(printed: Sequence[Printed]) -> str:
    return PRINT.render(printed=printed)


@lru_cache(maxsize=20)
def tree(page: str) -> Any:
    """The parsed page; strict, so that broken markup fails the test."""
    builder = html5lib.getTreeBuilder("lxml")
    return html5lib.HTMLParser(builder, strict=True, namespaceHTMLElements=False).parse(page).getroot()


def named(page: str, name: str) -> list[Any]:
    return [one for one in tree(page).iter() if one.get("name") == name]


def by_id(page: str, id_: str) -> Any:
    found = [one for one in tree(page).iter() if one.get("id") == id_]
    assert len(found) == 1, f"{len(found)} elements with the id {id_}"
    return found[0]


def words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def posted(page: str, pressed: tuple[str, str] | None = None) -> dict[str, list[str]]:
    """What a browser would send: the successful controls, and the button that was pressed."""
    sent: dict[str, list[str]] = {}
    for name, value in _controls(tree(page)):
        sent.setdefault(name, []).append(value)
    if pressed:
        buttons = [one.get("value") for one in named(page, pressed[0])]
        assert pressed[1] in buttons, f"no such button: {buttons}"
        sent.setdefault(pressed[0], []).append(pressed[1])
    return sent


def _controls(page: Any) -> Iterator[tuple[str, str]]:
    for one in page.iter("input", "textarea", "select"):
        name, kind = one.get("name"), one.get("type", "text")
        if one.tag == "select":
            options = list(one.iter("option"))
            chosen = next((option for option in options if option.get("selected") is not None), options[0])
            yield name, chosen.get("value")
        elif one.tag == "textarea":
            yield name, (one.text or "").replace("\n", "\r\n")
        elif kind in ("checkbox", "radio"):
            if one.get("checked") is not None:
                yield name, one.get("value")
        elif kind not in ("file", "submit"):
            yield name, one.get("value", "")
