"""Reading hostile sources takes time in proportion to their length, and never hurts the interpreter (S10)."""

import time
from contextlib import suppress

import pytest

from app.engine.decisions import DecisionErrors, compile_decision
from app.engine.expressions import compile_expression, compile_script
from app.engine.expressions_errors import ExpressionError
from app.engine.templates import compile_template
from app.engine.values import Json
from tests.unit.engine_language.tables import table


@pytest.mark.parametrize(
    "source",
    [
        "-" * 11_000 + "1",
        "n" + "+n" * 5_900,
        "n" + ".n" * 5_000,
        "[" * 5_900 + "]" * 5_900,
        "(" * 5_900 + ")" * 5_900,
        "not " * 2_900 + "n",
        "n" + "[0]" * 3_000,
        "n" + "()" * 5_000,
        "1" + " if 1 else 1" * 900,
        "1" + " and 1" * 1_900,
        "f'{" * 900,
        "lambda: " * 1_000 + "1",
    ],
    ids=lambda source: source[:12],
)
def test_s10_long_and_deep_scripts_never_hurt_the_interpreter(source: str) -> None:
    started = time.thread_time()
    with suppress(ExpressionError):
        compile_script(f"x = {source}").execute({"n": 1})
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    "source",
    [
        '{{ "' + '\\"' * 90_000,
        "{{ '" + "\\'" * 90_000,
        "{{ 1 }}" * 28_000,
        "{% if 1 %}{% endif %}" * 9_000,
        "{#" * 90_000,
        "{{" * 90_000,
        "{{ {" * 40_000,
        " " * 99_000 + "{# a #}" + " " * 99_000,
        "<script></script>" * 11_000,
        "<p " + " " * 190_000,
        "<p " + "a" * 190_000,
        "<p " + "a " * 90_000,
        "<!--" * 49_000,
        "<" * 199_000,
        "<p a='" * 33_000,
    ],
    ids=lambda source: source[:12],
)
def test_s10_reading_a_template_takes_time_in_proportion(source: str) -> None:
    started = time.thread_time()
    with suppress(ExpressionError):
        compile_template(source, html=True)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize("cell", ['"' + '\\"' * 90_000, "[" * 90_000, "1," * 50_000, "not(" * 30_000, "(" * 3_000])
def test_s10_reading_a_cell_takes_time_in_proportion(cell: str) -> None:
    started = time.thread_time()
    with suppress(DecisionErrors):
        compile_decision(table(["n"], [[cell]], ["1"]))
    assert time.thread_time() - started < 1


def test_a_hint_for_a_wrong_name_is_cheap() -> None:
    data: dict[str, Json] = {f"{n}" + "ab" * 40_000: 1 for n in range(100)}
    with pytest.raises(ExpressionError):
        compile_expression("ab" * 1_900, position="parameter").evaluate(data)
