"""The fields of letters: every letter of the procedures keeps to them and can be filled with their examples."""

from pathlib import Path

import pytest

from app.courses.documents import explained
from app.courses.letters import fields
from app.engine.lint_files import DOCUMENT_NAMES, LETTER_NAMES
from app.engine.templates import compile_template
from app.engine.templates_shape import example, shape_of
from app.i18n import Locale, use_locale

ROOT = Path(__file__).parents[3]
LETTERS = sorted((ROOT / "processes").rglob("letters/*.txt"))
DOCUMENTS = sorted((ROOT / "processes").rglob("documents/*.html"))


def language(path: Path) -> Locale:
    return "ru" if ".ru." in path.name else "en"


@pytest.mark.parametrize("path", LETTERS, ids=lambda one: one.name)
def test_every_letter_speaks_only_of_fields_that_exist(path: Path) -> None:
    assert fields.unknown(path.name, path.read_text()) == []


@pytest.mark.parametrize("path", LETTERS, ids=lambda one: one.name)
def test_every_letter_is_filled_with_the_examples(path: Path) -> None:
    locale = language(path)
    with use_locale(locale):
        text = compile_template(path.read_text(), html=False).render(fields.sample(locale))
    assert len(text) > 40
    assert "{" not in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda one: one.name)
def test_every_document_is_filled_with_marks_of_its_own_fields(path: Path) -> None:
    source = path.read_text()
    facts = example(shape_of(source))
    assert isinstance(facts, dict)
    with use_locale(language(path)):
        text = compile_template(source, html=True).render(facts)
    assert "‹" in text


def test_an_unknown_field_is_told_once_with_its_line() -> None:
    found = fields.unknown("x", "Subject\n\n{{ course['title'] }}\n{{ course['titel'] }} {{ nobody['x']['y'] }}\n")
    assert [(one.element, one.line, one.severity) for one in found] == [("course.titel", 4, "warning")]


def test_the_check_knows_the_same_names() -> None:
    assert frozenset((*fields.FACTS, *fields.PLAIN)) == LETTER_NAMES
    assert frozenset(explained.NAMES) == DOCUMENT_NAMES


def test_a_field_of_a_list_is_known_by_its_loop() -> None:
    text = "S\n\n{% for one in publication['coordinators'] %}{{ one['name'] }}{{ one['phone'] }}{% endfor %}"
    assert [one.element for one in fields.unknown("x", text)] == ["publication.coordinators.phone"]


@pytest.mark.parametrize("text", ["{{ 1 +", "{% for x %}", "{{ '{0.__globals__}'.format(len) }}", "{{ ().__class__ }}"])
def test_s05_what_does_not_compile_tells_nothing_and_runs_nothing(text: str) -> None:
    assert isinstance(fields.unknown("x", text), list)
