"""Attacks S01 to S13 as far as the language alone shows them: every place that takes an expression, every attempt."""

import html
import time
from collections.abc import Callable
from typing import Any

import pytest

from app.engine.decisions import DecisionErrors, compile_decision
from app.engine.expressions import Position, compile_expression, compile_script
from app.engine.expressions_errors import ExpressionError
from app.engine.templates import compile_template
from tests.unit.engine_language import attacks
from tests.unit.engine_language.tables import table
from tests.unit.engine_language.watching import audited

DATA: dict[str, Any] = {
    "n": 1,
    "s": "text",
    "xs": [1, 2],
    "r": {"n": 1, "name": "x"},
    "e": {},
    "__builtins__": {"__import__": "x"},
}
POSITIONS: tuple[Position, ...] = ("condition", "timer", "collection", "template", "parameter", "decision")

Site = Callable[[str], object]


def _position(position: Position) -> Site:
    return lambda source: compile_expression(source, position=position).evaluate(DATA)


SITES: dict[str, Site] = {
    **{position: _position(position) for position in POSITIONS},
    "script": lambda source: compile_script(f"x = {source}").execute(DATA),
    "script, second line": lambda source: compile_script(f"x = 1\ny = {source}").execute(DATA),
    "letter": lambda source: compile_template(f"a {{{{ {source} }}}} b", html=False).render(DATA),
    "page": lambda source: compile_template(f"<p>{{{{ {source} }}}}</p>", html=True).render(DATA),
    "letter, if": lambda source: compile_template(f"{{% if {source} %}}a{{% endif %}}", html=False).render(DATA),
    "letter, for": lambda source: compile_template(f"{{% for i in {source} %}}a{{% endfor %}}", html=False).render(
        DATA
    ),
    "table, input": lambda source: compile_decision(table([html.escape(source)], [["-"]], ['"a"'])).evaluate(DATA),
    "table, cell": lambda source: compile_decision(table(["n"], [[html.escape(source)]], ['"a"'])).evaluate(DATA),
    "table, output": lambda source: compile_decision(table(["n"], [["-"]], [html.escape(source)])).evaluate(DATA),
}


def refused(site: Site, source: str) -> bool:
    started = time.thread_time()
    try:
        with audited() as events:
            site(source)
    except (ExpressionError, DecisionErrors):
        return True
    finally:
        assert time.thread_time() - started < 1, f"{source[:60]} took its time"
        assert set(events) <= {"compile", "object.__getattr__"}, f"{source[:60]} reached {set(events)}"
    return False


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("source", attacks.IMPORTS)
def test_s01_s02_s03_nothing_of_the_interpreter_can_be_called(site: str, source: str) -> None:
    assert refused(SITES[site], source)


@pytest.mark.parametrize("source", attacks.CLASS_WALKS)
def test_s04_no_way_from_a_value_to_its_class(source: str) -> None:
    for name, site in SITES.items():
        assert refused(site, source), name


@pytest.mark.parametrize("source", attacks.FORMATS)
def test_s05_formatting_shows_no_internals_and_pads_nothing(source: str) -> None:
    for name, site in SITES.items():
        assert refused(site, source), name


@pytest.mark.parametrize("source", attacks.FRAMES)
def test_s06_no_frames_and_nothing_that_waits(source: str) -> None:
    for name, site in SITES.items():
        assert refused(site, source), name


@pytest.mark.parametrize("source", attacks.DISGUISED)
def test_s07_names_are_what_they_look_like(source: str) -> None:
    for name, site in SITES.items():
        if "\x00" not in source or not name.startswith("table"):  # XML itself cannot hold a NUL
            assert refused(site, source), name


@pytest.mark.parametrize("source", attacks.BINDINGS + attacks.KINDS)
def test_nothing_binds_unpacks_changes_or_has_another_kind(source: str) -> None:
    for name, site in SITES.items():
        assert refused(site, source), name


def test_s08_an_expression_within_data_stays_a_text() -> None:
    smuggled: dict[str, Any] = {"n": ["__import__('os')", {"n": "1 + 1"}], "s": "{{ 1 + 1 }}"}
    assert compile_expression("n[1].n", position="parameter").evaluate(smuggled) == "1 + 1"
    assert compile_expression("f'{s}'", position="parameter").evaluate(smuggled) == "{{ 1 + 1 }}"
    assert compile_expression("str(n[0])", position="parameter").evaluate(smuggled) == "__import__('os')"
    with pytest.raises(ExpressionError):
        compile_expression("n[1].n", position="timer").evaluate(smuggled)


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "${7*7}", "#{7*7}", "{% for i in xs %}", "__import__('os')", "{0.a}", "%s"]
)
def test_s09_data_are_never_read_as_a_template(text: str) -> None:
    letter = compile_template("Dear {{ s }}, {% if s %}{{ s }}{% endif %}", html=False)
    assert letter.render({"s": text}) == f"Dear {text}, {text}"
    twice = compile_template('{% for x in xs %}<i title="{{ x }}">{{ x }}</i>{% endfor %}', html=True)
    assert twice.render({"xs": [text]}) == f'<i title="{html.escape(text)}">{html.escape(text)}</i>'


@pytest.mark.parametrize("source", attacks.STATEMENTS)
def test_s10_s12_a_script_is_assignments_only(source: str) -> None:
    def run(text: str) -> None:
        compile_script(text).execute(DATA)

    assert refused(run, source)
    assert refused(run, f"a = 1\n{source}\nb = 2")
    assert refused(run, f"a = 1; {source}")


def test_s12_system_exit_is_only_a_word() -> None:
    with pytest.raises(ExpressionError):
        compile_script("x = SystemExit").execute({})
    assert compile_script("x = SystemExit").execute({"SystemExit": 1}) == {"x": 1}


SHADOWS: dict[str, Any] = dict.fromkeys(
    ("len", "today", "all", "str", "range", "items", "get", "deadline", "True", "__builtins__", "_x", "a b"), "form"
)


def test_s13_form_fields_named_like_functions_break_nothing() -> None:
    data = {**SHADOWS, "n": 1, "verdicts": {"a": {"ok": True, "items": 3, "get": 4}}}

    def value(source: str, position: Position = "parameter") -> object:
        return compile_expression(source, position=position).evaluate(data)

    assert value("len(verdicts) == 1 and all(v.ok for v in verdicts.values())") is True
    assert value("len") == "form"
    assert value("len(len) + len(str(n))") == 5
    assert value("verdicts.a.items + verdicts.a.get") == 7
    assert value("deadline('x')", "timer") == {"call": "deadline", "args": ["x"], "kwargs": {}}
    assert compile_script("m = len(str(n) if False else 'ab')").execute(data) == {"m": 2}
    assert compile_template("{{ len(str) }}{{ range }}", html=False).render(data) == "4form"


@pytest.mark.parametrize("name", ["__builtins__", "_x", "__class__"])
def test_s13_hidden_names_cannot_even_be_read(name: str) -> None:
    assert refused(_position("parameter"), name)
    assert refused(_position("parameter"), f"r.{name}")


def test_no_attack_is_listed_twice_and_there_are_more_than_a_hundred() -> None:
    listed = attacks.EXPRESSIONS + attacks.STATEMENTS
    assert len(set(listed)) == len(listed)
    assert len(listed) > 100
