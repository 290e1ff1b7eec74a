"""What the language can say, in the words of the diagrams; and what it tells when it cannot."""

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.engine.expressions import compile_expression, names
from app.engine.expressions_errors import ExpressionError
from app.engine.values import Json
from tests.unit.engine_language import reference

DATA: dict[str, Any] = {
    "course": {"id": "c1", "title": "Линейная алгебра", "hours": 4.5, "authors": ["p1", "p2"], "zone": None},
    "verdicts": {
        "tc-1.6": {"ok": True, "comments": "", "by": "p7"},
        "tc-1.1": {"ok": False, "comments": "Нет ссылок", "by": "p8"},
    },
    "bodies": ["tc-1.6", "tc-1.1"],
    "round_no": 2,
    "status": "agreed",
    "empty": [],
}

VALUES: list[tuple[str, Any]] = [
    ("1", 1),
    ("'a' \"b\"", "ab"),
    ("True and not False", True),
    ("None", None),
    ("round_no + 1", 3),
    ("round_no * 2.5 - 1 / 4", 4.75),
    ("7 // 2 % 2", 1),
    ("-round_no", -2),
    ("course.title", "Линейная алгебра"),
    ("course['title'][0:8]", "Линейная"),
    ("course.authors[-1]", "p2"),
    ("verdicts['tc-1.6'].ok", True),
    ("round_no > 1 and status == 'agreed'", True),
    ("1 < round_no <= 2 != 3", True),
    ("status in ('agreed', 'approved')", True),
    ("status not in ['refused']", True),
    ("'tc-1.6' in verdicts", True),
    ("'алгебра' in course.title", True),
    ("course.zone is None", True),
    ("course.zone is not None or 'p1' in course.authors", True),
    ("course.zone or 'UTC'", "UTC"),
    ("'first' if round_no == 1 else 'repeat'", "repeat"),
    ("all(v['ok'] for v in verdicts.values())", False),
    ("any(not v.ok for v in verdicts.values())", True),
    ("[body for body, v in verdicts.items() if not v.ok]", ["tc-1.1"]),
    ("{body: v.by for body, v in verdicts.items()}", {"tc-1.6": "p7", "tc-1.1": "p8"}),
    ("sum(1 for v in verdicts.values() if v.ok)", 1),
    ("max(len(v.comments) for v in verdicts.values())", 10),
    ("min(empty, default=0)", 0),
    ("sorted(bodies)", ["tc-1.1", "tc-1.6"]),
    ("sorted(verdicts, reverse=True)[0]", "tc-1.6"),
    ("', '.join(sorted(bodies))", "tc-1.1, tc-1.6"),
    ("join('; ', [v.comments for v in verdicts.values() if v.comments])", "Нет ссылок"),
    ("f'Курс «{course.title}», раунд {round_no}'", "Курс «Линейная алгебра», раунд 2"),
    ("course.get('clause', '7.3')", "7.3"),
    ("get(course, 'title')", "Линейная алгебра"),
    ("keys(verdicts)", ["tc-1.6", "tc-1.1"]),
    ("list(course.authors) + ['p3']", ["p1", "p2", "p3"]),
    ("unique([v.ok for v in verdicts.values()] + [True])", [True, False]),
    ("course | {'hours': 5} | {'done': True}", {**DATA["course"], "hours": 5, "done": True}),
    ("status.upper().startswith('AGREE')", True),
    ("[[i, body] for i, body in enumerate(bodies, 1)]", [[1, "tc-1.6"], [2, "tc-1.1"]]),
    ("[a + b for a, b in zip(bodies, course.authors)]", ["tc-1.6p1", "tc-1.1p2"]),
    ("list(range(1, round_no + 1))", [1, 2]),
    ("round(course.hours)", 4),
    ("int('12') + float('0.5')", 12.5),
    ("bool(course.authors) == any(course.authors)", True),
    ("status.split('e')", ["agr", "", "d"]),
    ("round_no  # the round that runs", 2),
    ("(round_no\n   > 1)", True),
    ("round_no > 1\n  and status == 'agreed'\n", True),
    ("  \n round_no", 2),
]


@pytest.mark.parametrize(("source", "expected"), VALUES, ids=[source for source, _ in VALUES])
def test_values(source: str, expected: Json) -> None:
    before = copy.deepcopy(DATA)
    assert reference.same(compile_expression(source, position="parameter").evaluate(DATA), expected)
    assert before == DATA
    assert reference.same(reference.evaluate(source, DATA), expected)


REFUSED: list[tuple[str, str, tuple[int, int], str]] = [
    ("", "language", (1, 1), "empty"),
    ("round_no = 2", "language", (1, 10), "single equals"),
    ("ok && done", "language", (1, 5), '"&&"'),
    ("ok || done", "language", (1, 5), '"||"'),
    ("!ok", "language", (1, 1), '"!"'),
    ("${approved}", "language", (1, 1), '"${"'),
    ("status == “agreed”", "language", (1, 11), "“"),
    ("round_no >", "language", (1, 11), "not written correctly"),
    ("round_no) + (1", "language", (1, 9), "not written correctly"),
    ("round_no) + (1\n + 2", "language", (1, 1), "not written correctly"),
    ("(1, 2)", "language", (1, 1), "square brackets"),
    ("1 + {1, 2}", "language", (1, 5), "Set"),
    ("status is 'agreed'", "language", (1, 11), "None, True and False"),
    ("lenght(bodies)", "language", (1, 1), "no function"),
    ("bodies.append('x')", "language", (1, 1), "after a dot"),
    ("len()", "language", (1, 1), "other values"),
    ("len(bodies, 1)", "language", (1, 1), "other values"),
    ("sorted(bodies, key=len)", "language", (1, 1), "other values"),
    ("'a'.upper(b=1)", "language", (1, 1), "other values"),
    ("range(3)", "language", (1, 1), "gone through"),
    ("verdicts.values()", "language", (1, 1), "gone through"),
    ("[x for x in verdicts.items()]", "language", (1, 13), "as many different names"),
    ("[a for a, b, c in verdicts.items()]", "language", (1, 19), "as many different names"),
    ("[a for a, a in verdicts.items()]", "language", (1, 1), "as many different names"),
    ("(i for i in bodies)", "language", (1, 1), "GeneratorExp"),
    ("len(i for i in bodies)", "language", (1, 4), "GeneratorExp"),
    ("deadline('answer')", "language", (1, 1), "deadlines and timers"),
    ("Курс", "name", (1, 1), "no data"),
    ("  \n  statis", "name", (2, 3), "no data"),
    ("course.titel", "name", (1, 1), "no field"),
    ("status.title", "value", (1, 1), "no fields"),
    ("verdicts['x']", "value", (1, 1), "no element"),
    ("bodies[5]", "value", (1, 1), "no element"),
    ("round_no + 'a'", "value", (1, 1), "cannot be applied"),
    ("'%s' % round_no", "value", (1, 1), "cannot be applied"),
    ("course < 1", "value", (1, 1), "cannot be applied"),
    ("1 / (round_no - 2)", "value", (1, 1), "zero"),
    ("[x for x in round_no]", "value", (1, 13), "no elements"),
    ("[a for a, b in bodies]", "value", (1, 1), "2 parts"),
    ("str(course)", "value", (1, 1), "does not take"),
    ("sum(bodies)", "value", (1, 1), "does not take"),
    ("{round_no: 1}", "value", (1, 1), "must be a text"),
    ("[[b for b in bodies]\n for c in bodies]", "language", (1, 2), "another such loop"),
    ("f'Курс {statis}'", "name", (1, 1), "no data"),
    ("'Курс' + statis", "name", (1, 10), "no data"),
]


@pytest.mark.parametrize(("source", "reason", "at", "words"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refusals_say_what_where_and_what_to_do(source: str, reason: str, at: tuple[int, int], words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source, position="parameter").evaluate(DATA)
    fault = caught.value
    assert words in fault.message.en
    assert (fault.reason, (fault.line, fault.column)) == (reason, at)
    assert fault.source == source
    assert fault.message.ru
    assert fault.hint.ru
    assert fault.hint.en


@pytest.mark.parametrize(
    ("source", "like"),
    [("true", "True"), ("statis", "status"), ("lenn(bodies)", "len"), ("status.uper()", "upper"), ("null", "None")],
)
def test_a_hint_names_what_was_probably_meant(source: str, like: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source, position="parameter").evaluate(DATA)
    assert like in caught.value.hint.en
    assert like in caught.value.hint.ru


def test_a_condition_is_always_true_or_false() -> None:
    for source, expected in (("bodies", True), ("empty", False), ("course.zone", False), ("round_no", True)):
        assert compile_expression(source, position="condition").evaluate(DATA) is expected


def test_a_collection_is_a_list_or_a_record() -> None:
    assert compile_expression("verdicts", position="collection").evaluate(DATA) == DATA["verdicts"]
    assert compile_expression("[1, 2]", position="collection").evaluate(DATA) == [1, 2]
    for source in ("status", "round_no", "course.zone"):
        with pytest.raises(ExpressionError, match="list or a record"):
            compile_expression(source, position="collection").evaluate(DATA)


def test_a_value_shares_nothing_with_the_data_nor_with_the_next_value() -> None:
    compiled = compile_expression("[course, ['fixed'], verdicts]", position="parameter")
    one, other = compiled.evaluate(DATA), compiled.evaluate(DATA)
    assert one == other
    assert isinstance(one, list)
    for part in one:
        assert isinstance(part, list | dict)
        part.clear()
    assert compiled.evaluate(DATA) == other
    assert DATA["course"]["id"] == "c1"


def test_names_are_what_is_read_and_called() -> None:
    found = names(
        compile_expression("all(v.ok for v in verdicts.values()) and f'{status}'.upper()", position="condition")
    )
    assert found.data == {"verdicts", "status"}
    assert found.functions == {"all", "values", "upper"}
    assert names(compile_expression("len(len) + course.x[i]", position="parameter")).data == {"len", "course", "i"}
    assert names(compile_expression("[i for i in i if i]", position="parameter")).data == {"i"}


def test_a_loop_variable_hides_data_only_inside_its_loop() -> None:
    assert compile_expression("[status for status in bodies] + [status]", position="parameter").evaluate(DATA) == [
        "tc-1.6",
        "tc-1.1",
        "agreed",
    ]


def test_lazy_consumers_stop_where_python_stops() -> None:
    assert compile_expression("any(10 / x > 1 for x in [1, 0])", position="condition").evaluate({})
    assert not compile_expression("all(x for x in [0, 1 / 1] if x == 0 or 1 / x)", position="condition").evaluate({})


def test_one_compiled_expression_serves_many_threads() -> None:
    compiled = compile_expression("sum(a * b for a, b in pairs) + len([p for p in pairs])", position="parameter")

    def run(n: int) -> bool:
        pairs: list[Json] = [[n, m] for m in range(50)]
        return all(compiled.evaluate({"pairs": pairs}) == n * 1225 + 50 for _ in range(20))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(32)))


def test_names_in_both_alphabets_work() -> None:
    assert compile_expression("курс.часы * 2", position="parameter").evaluate({"курс": {"часы": 3}}) == 6
    assert compile_expression("f'5 µm, № {n}, … {d[\"µ\"]}'", position="parameter").evaluate(
        {"n": 1, "d": {"µ": 2}}
    ) == ("5 µm, № 1, … 2")
