"""Letters and documents: what is written, what is escaped, where a value may stand, and what a mistake says."""

import html
import random
from typing import Any

import pytest

from app.engine.expressions_errors import ExpressionError
from app.engine.templates import compile_template, fields
from app.i18n import use_locale

DATA: dict[str, Any] = {
    "name": "Анна <Минск> & Co",
    "course": {"title": 'Курс "СИ"', "hours": 4.5, "zone": None},
    "bodies": [{"code": "TC 1.6", "days": 3}, {"code": "TC 4", "days": 11}],
    "verdicts": {"tc-4": {"ok": True}, "tc-1": {"ok": False}},
    "due": "2026-11-22",
    "at": "2026-11-22T09:00:00+03:00",
    "link": "https://example.org/a?b=1&c=2",
    "ok": True,
    "none": None,
    "n": 2,
}


def text(source: str) -> str:
    return compile_template(source, html=False).render(DATA)


def page(source: str, **more: object) -> str:
    return compile_template(source, html=True).render({**DATA, **more})  # type: ignore[dict-item]  # any JSON


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("plain { text } % {", "plain { text } % {"),
        ("{{ name }}", "Анна <Минск> & Co"),
        ("{{name}}{{n}}", "Анна <Минск> & Co2"),
        ("{{ course.hours }} {{ n + 1 }}", "4.5 3"),
        ("[{{ none }}{{ course.zone }}]", "[]"),
        ("{{ course.zone or 'UTC' }}", "UTC"),
        ("{{ 'yes' if ok else 'no' }}", "yes"),
        ("{{ '}}' }}{{ \"{% x %}\" }}", "}}{% x %}"),
        ("{{ {'a': {'b': 1}}['a']['b'] }}", "1"),
        ("a{# {{ nothing }} #}b", "ab"),
        ("{% if ok %}yes{% endif %}", "yes"),
        ("{% if not ok %}a{% elif n == 2 %}b{% else %}c{% endif %}", "b"),
        ("{% if not ok %}a{% elif n == 3 %}b{% else %}c{% endif %}", "c"),
        ("{%if ok%}{%if not n%}a{%else%}b{%endif%}{%endif%}", "b"),
        ("{% for b in bodies %}{{ b.code }};{% endfor %}", "TC 1.6;TC 4;"),
        ("{% for i, b in enumerate(bodies, 1) %}{{ i }}. {{ b.code }} {% endfor %}", "1. TC 1.6 2. TC 4 "),
        ("{% for k, v in verdicts.items() %}{% if v.ok %}{{ k }}{% endif %}{% endfor %}", "tc-4"),
        ("{% for n in [7] %}{{ n }}{% endfor %}{{ n }}", "72"),
        ("{% for x in range(n) %}{% for y in range(x + 1) %}{{ x }}{{ y }} {% endfor %}{% endfor %}", "00 10 11 "),
        ("{% for x in [] %}a{% endfor %}b", "b"),
        ("{% for x in sorted(b.days for b in bodies) %}{{ x }} {% endfor %}", "3 11 "),
        ("{{ ', '.join(b.code for b in bodies) }}", "TC 1.6, TC 4"),
        ("a\r\n{% if ok %}\r\nb\r\n{% endif %}\r\nc", "a\nb\nc"),
    ],
)
def test_texts(source: str, expected: str) -> None:
    assert text(source) == expected


def test_tags_alone_on_their_lines_leave_no_empty_lines() -> None:
    source = """Dear {{ name }},

{# greeting #}
{% for b in bodies %}
  {% if b.days > 5 %}
  - {{ b.code }}: {{ b.days }}
  {% endif %}
{% endfor %}
{% if n %} inline {% endif %}
End"""
    assert text(source) == "Dear Анна <Минск> & Co,\n\n  - TC 4: 11\n inline \nEnd"


def test_dates_and_plurals_in_the_language_of_the_reader() -> None:
    with use_locale("ru"):
        assert text("{{ date(due) }}, {{ date(at) }}") == "22 ноября 2026, 22 ноября 2026"
        assert [
            compile_template("{{ n }} {{ plural(n, 'день', 'дня', 'дней') }}", html=False).render({"n": n})
            for n in (1, 3, 5, 11, 14, 21, 100, 101, 112, 0)
        ] == [
            *("1 день", "3 дня", "5 дней", "11 дней", "14 дней"),
            *("21 день", "100 дней", "101 день", "112 дней", "0 дней"),
        ]
    with use_locale("en"):
        assert text("{{ date(due) }}") == "22 November 2026"
        assert [
            compile_template("{{ plural(n, 'day', 'days') }}", html=False).render({"n": n}) for n in (0, 1, 2, 21)
        ] == ["days", "day", "days", "days"]


def test_fields_are_the_names_of_data_without_loop_variables() -> None:
    source = (
        "{{ a.x }}{% for b in c %}{{ b }}{{ d }}{% endfor %}{{ b }}{% if e and len(f) %}{% endif %}{{ [g for g in h] }}"
    )
    assert fields(compile_template(source, html=False)) == {"a", "b", "c", "d", "e", "f", "h"}
    assert fields(compile_template("{% for i, x in enumerate(xs) %}{{ i }}{{ x }}{% endfor %}", html=False)) == {"xs"}


@pytest.mark.parametrize(
    ("source", "at", "words"),
    [
        ("a\n b {{ nowhere }}", (2, 7), '"nowhere"'),
        ("{{ course.titel }}", (1, 4), '"titel"'),
        ("{{ n +\n  nowhere }}", (2, 3), '"nowhere"'),
        ("x\n{% if nowhere %}{% endif %}", (2, 7), '"nowhere"'),
        ("x\n{% for x in nowhere %}{% endfor %}", (2, 13), '"nowhere"'),
        ("{% for x in bodies %}\n{{ x.cod }}\n{% endfor %}", (2, 4), '"cod"'),
        ("{% for x in bodies %}{% endfor %}{{ x }}", (1, 37), '"x"'),
        ("{{ ok }}", (1, 3), "true or false"),
        ("{{ bodies }}", (1, 3), "list"),
        ("{{ course }}", (1, 3), "record"),
        ("{{ }}", (1, 3), "empty"),
        ("{{ n", (1, 3), "}} is missing"),
        ("{% if n", (1, 3), "%} is missing"),
        ("a {# b", (1, 5), "#} is missing"),
        ("{{ 'a }}", (1, 3), "}} is missing"),
        ("{% if n %}", (1, 3), "{% endif %} is missing"),
        ("{% for x in bodies %}{% if n %}{% endfor %}", (1, 34), "not expected"),
        ("{% for x in bodies %}{% endif %}", (1, 24), "not expected"),
        ("a {% endif %}", (1, 5), "not expected"),
        ("{% else %}", (1, 3), "not expected"),
        ("{% if n %}{% else %}{% else %}{% endif %}", (1, 23), "not expected"),
        ("{% if n %}{% else if n %}{% endif %}", (1, 13), "not expected"),
        ("{% if n %}{% endif n %}", (1, 13), "not expected"),
        ("{% include 'x' %}", (1, 3), "not expected"),
        ("{% set x = 1 %}", (1, 3), "not expected"),
        ("{% %}", (1, 3), "not expected"),
        ("{% if %}{% endif %}", (1, 6), "empty"),
        ("{% for bodies %}{% endfor %}", (1, 3), "loop"),
        ("{% for x in bodies if x %}{% endfor %}", (1, 3), "loop"),
        ("{% for x in bodies for y in x %}{% endfor %}", (1, 3), "loop"),
        ("{% for x in bodies] + [0 for y in [1] %}{% endfor %}", (1, 3), "loop"),
        ("{% for x.y in bodies %}{% endfor %}", (1, 8), "different names"),
        ("{% for x, x in bodies %}{% endfor %}", (1, 3), "different names"),
        ("{% for len in bodies %}{% endfor %}", (1, 8), "name of a function"),
        ("{% for _x in bodies %}{% endfor %}", (1, 8), "underscore"),
        ("{% for x in n %}{% endfor %}", (1, 13), "no elements"),
        ("{% for x, y in bodies %}{% endfor %}", (1, 3), "2 parts"),
        ("{{ name|safe }}", (1, 9), "no data"),
        ("{{ name | upper }}", (1, 11), "no data"),
        ("{{ deadline('x') }}", (1, 4), "timers"),
        ("{{ x := 1 }}", (1, 6), "not written"),
    ],
)
def test_mistakes_say_where(source: str, at: tuple[int, int], words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        text(source)
    assert words in caught.value.message.en
    assert (caught.value.line, caught.value.column) == at
    assert caught.value.source == source


def test_a_page_escapes_everything() -> None:
    assert page("<p>{{ name }}</p>") == "<p>Анна &lt;Минск&gt; &amp; Co</p>"
    assert page('<p title="{{ course.title }}">') == '<p title="Курс &quot;СИ&quot;">'
    assert page("<p title='{{ x }}'>", x="it's") == "<p title='it&#x27;s'>"
    assert page("{{ '<b>' }}{{ f'<{n}>' }}") == "&lt;b&gt;&lt;2&gt;"


@pytest.mark.parametrize("seed", range(3))
def test_no_value_ever_opens_a_tag_or_leaves_its_attribute(seed: int) -> None:
    chance = random.Random(seed)
    signs = "<>\"'&/= \n\tabc!-[]{}%;:\x0b\xa0\u2028é"
    template = compile_template("<p a=\"{{ x }}\" b='{{ x }}'>{{ x }}</p>", html=True)
    for _ in range(500):
        value = "".join(chance.choice(signs) for _ in range(chance.randint(0, 12)))
        shown = template.render({"x": value})
        escaped = html.escape(value)
        assert shown == f"<p a=\"{escaped}\" b='{escaped}'>{escaped}</p>"
        assert not set(escaped) & set("<>\"'")


@pytest.mark.parametrize(
    "source",
    [
        "<p {{ name }}>",
        "<p title={{ name }}>",
        "<{{ name }}>",
        "<p onclick=\"go('{{ name }}')\">",
        '<p ONLOAD="{{ name }}">',
        '<p style="color: {{ name }}">',
        '<iframe srcdoc="{{ name }}">',
        "<script>{{ name }}</script>",
        '<script type="x">var a = "{{ name }}";</script>',
        "<style>{{ name }}</style>",
        "<!-- {{ name }} -->",
        '<meta http-equiv="refresh" content="{{ name }}">',
        "<p {% if ok %}title={% endif %}{{ name }}>",
        "</{{ name }}>",
        "<!{{ name }}>",
        "<scr{% if ok %}ipt{% endif %}>{{ name }}",
        "<{% if ok %}script{% endif %}>{{ name }}",
        '<p onc{% if ok %}lick="{{ name }}"{% endif %}>',
    ],
)
def test_s09_a_value_stands_only_where_escaping_protects(source: str) -> None:
    with pytest.raises(ExpressionError, match="cannot be put at this place"):
        compile_template(source, html=True)


@pytest.mark.parametrize(
    "source",
    [
        '<a href="{{ link }}">{{ n }}</a>',
        "<a href='https://x/{{ n }}?a={{ name }}'>",
        '<p {% if ok %}class="a"{% endif %} title="{{ n }}">{{ n }}</p>',
        "<script>var a = 1 < 2;</script>{{ n }}",
        "<!-- < -->{{ n }}",
        "1 < 2 {{ n }} > 1",
        "<!DOCTYPE html><p{% if ok %} class='a'{% endif %}>{{ n }}</p>",
        "<input {% if ok %}checked{% endif %}>{{ n }}",
        "<br/>{{ n }}<img alt='{{ n }}' />{{ n }}",
        "<style>a > b {}</style><p>{{ n }}</p>",
        '<input disabled value = "{{ n }}">{{ n }}',
    ],
)
def test_ordinary_pages_pass(source: str) -> None:
    assert page(source)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        ":x",
        "javascript&colon;alert(1):",
    ],
)
def test_addresses_that_do_more_than_lead_somewhere_are_refused(address: str) -> None:
    for source in ('<a href="{{ x }}">', "<img src='{{ x }}'>", '<a href=" {{ x }}">', '<form action="{{ x }}">'):
        with pytest.raises(ExpressionError, match="address"):
            page(source, x=address)
    with pytest.raises(ExpressionError, match="address"):
        page('<a href="{% if not ok %}https://x/{% endif %}{{ x }}">', x=address)


@pytest.mark.parametrize(
    "address", ["", "https://x/a:b", "http://x", "mailto:a@b", "/a:b", "#a:b", "?x=a:b", "a/b", "tel:1"]
)
def test_ordinary_addresses_pass(address: str) -> None:
    assert page('<a href="{{ x }}">', x=address) == f'<a href="{html.escape(address)}">'


def test_what_is_not_html_is_not_escaped_nor_checked() -> None:
    assert text('<p {{ name }} onclick="{{ link }}">') == f'<p {DATA["name"]} onclick="{DATA["link"]}">'


def test_a_template_is_bounded() -> None:
    with pytest.raises(ExpressionError, match="Too long"):
        compile_template("x" * 200_001, html=False)
    with pytest.raises(ExpressionError, match="nested"):
        compile_template("{% if n %}" * 11 + "{% endif %}" * 11, html=False)
    with pytest.raises(ExpressionError, match="too long"):
        compile_template("x" * 90_000 + "{% for i in range(11) %}" + "x" * 90_000 + "{% endfor %}", html=False).render(
            {}
        )
