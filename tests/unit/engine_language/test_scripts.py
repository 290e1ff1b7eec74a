"""Scripts: lines of assignments that leave the data alone and say which names changed."""

from typing import Any

import pytest

from app.engine.expressions import compile_script, names
from app.engine.expressions_errors import ExpressionError

DATA: dict[str, Any] = {"n": 2, "s": "a", "xs": [1], "card": {"title": "x", "tags": ["t"]}}


def test_a_script_gives_the_names_it_changed_and_nothing_else() -> None:
    script = compile_script("n = n + 1\nasked = f'{s}{n}'\nxs = xs + [n]; card = card | {'round': n}\ns *= 2")
    assert script.execute(DATA) == {
        "n": 3,
        "asked": "a3",
        "xs": [1, 3],
        "card": {"title": "x", "tags": ["t"], "round": 3},
        "s": "aa",
    }
    assert DATA == {"n": 2, "s": "a", "xs": [1], "card": {"title": "x", "tags": ["t"]}}


def test_values_of_a_script_are_copies() -> None:
    changed = compile_script("a = card\nb = [card, card]").execute(DATA)
    a, b = changed["a"], changed["b"]
    assert isinstance(a, dict)
    assert isinstance(b, list)
    assert a is not DATA["card"]
    assert b[0] is not b[1]
    assert a["tags"] is not DATA["card"]["tags"]


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\nb = a + 1",
        "\n\n  a = 1\n  b = a + 1\n",
        "a = 1\n      b = a + 1",
        "a = 1; b = a + 1",
        "a = (\n  1\n)\nb = (a +\n     1)",
        "# the first\na = 1  # one\n\nb = a + 1\n# end",
        "\ta = 1\n\tb = a + 1",
        "a = 1\r\nb = a + 1\r\n",
    ],
)
def test_indentation_of_the_whole_does_not_matter(source: str) -> None:
    assert compile_script(source).execute({}) == {"a": 1, "b": 2}


def test_an_empty_script_changes_nothing() -> None:
    assert compile_script("  \n# nothing\n").execute(DATA) == {}


def test_a_text_keeps_its_lines_or_the_script_is_refused() -> None:
    assert compile_script("a = '''x\n  y'''\nb = 1").execute({}) == {"a": "x\n  y", "b": 1}
    with pytest.raises(ExpressionError, match="several lines"):
        compile_script("  a = '''x\n  y'''\n  b = 1")


@pytest.mark.parametrize(
    ("source", "at", "words"),
    [
        ("a = 1\nif n:\n    b = 2", (2, 1), "must read"),
        ("a = 1\nfor x in xs: b = x", (2, 1), "must read"),
        ("    a = 1\n    card.title = 'y'", (2, 5), "only to a name"),
        ("card['title'] = 'y'", (1, 1), "only to a name"),
        ("xs += [1]", (1, 1), "only on numbers and texts"),
        ("card |= {'a': 1}", (1, 1), "only on numbers and texts"),
        ("a = b = 1", (1, 1), "must read"),
        ("len = 1", (1, 1), "name of a function"),
        ("deadline = 1", (1, 1), "name of a function"),
        ("_a = 1", (1, 1), "underscore"),
        ("a = 1\n  b = c\n", (2, 7), "no data"),
        ("n **= 2", (1, 1), "Pow"),
        ("a = 1 +", (1, 8), "not written correctly"),
        ("q += 1", (1, 1), "no data"),
    ],
)
def test_refusals_say_where(source: str, at: tuple[int, int], words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_script(source).execute(DATA)
    assert words in caught.value.message.en
    assert (caught.value.line, caught.value.column) == at


def test_nothing_is_changed_where_a_later_line_fails() -> None:
    script = compile_script("n = 5\ns = nowhere")
    with pytest.raises(ExpressionError):
        script.execute(DATA)
    assert DATA["n"] == 2


def test_names_of_a_script() -> None:
    found = names(compile_script("a = n + b\nb = a\nc = [x for x in xs]\nd = d + 1\ne = c"))
    assert found.assigned == {"a", "b", "c", "d", "e"}
    assert found.data == {"n", "b", "xs", "d"}
