"""The token game itself, against what the standard says in so many words (chapter 13 of BPMN 2.0)."""

from tests.oracle import Game
from tests.unit.engine_lint.cases_structure import AGAIN, BLOCK, PAIRED, RACED, WHOLE, X
from tests.unit.engine_lint.drawing import drawn, row, ways
from tests.unit.engine_run.bpmn import (
    TERMINATE,
    boundary,
    document,
    each,
    end,
    node,
    parallel,
    process,
    start,
    timer,
    user,
    xor,
)


def game(files: dict[str, bytes], name: str = "p", **data: object) -> Game:
    return Game(files.values(), name, data)


def names(played: Game) -> list[str]:
    """What may be done, by element and number of the instance."""
    return sorted(".".join(f"{one}{'' if at is None else at}" for one, at in act.place) for act in played.acts())


def do(played: Game, name: str, **values: int) -> list[str]:
    act = next(act for act in played.acts() if names_of(act.place) == name)
    played.do(act, values)
    return names(played)


def names_of(place: tuple[tuple[str, int | None], ...]) -> str:
    return ".".join(f"{one}{'' if at is None else at}" for one, at in place)


def test_a_token_waits_in_a_task_and_the_process_ends_when_none_is_left() -> None:
    played = game(drawn(X))
    assert names(played) == ["x"]
    assert not played.ended
    assert do(played, "x") == []
    assert played.ended
    assert played.ends == ["end"]


def test_13_4_1_an_exclusive_gateway_takes_the_first_true_condition_else_the_default() -> None:
    files = {path: text.replace(b"again", b"again == 1") for path, text in AGAIN.items()}
    played = game(files)
    assert do(played, "x", again=1) == ["x"]
    assert do(played, "x", again=0) == []


def test_13_4_2_a_parallel_join_takes_one_token_from_each_flow_and_leaves_more_behind() -> None:
    assert do(game(WHOLE), "a") == ["b"]
    split = parallel("s") + user("a") + user("b") + xor("m") + parallel("j") + user("c") + user("z")
    many = drawn(start(), split, end(), ways("start>s>a>m>j>z>end", "s>b>m", "s>c>j"))
    played = game(many)
    do(played, "a")
    do(played, "b")
    assert do(played, "c") == ["z"]
    assert do(played, "z") == []
    assert not played.ended


def test_13_4_3_an_inclusive_join_waits_only_for_what_can_still_come() -> None:
    files = {path: text.replace(b">v<", b">v == 1<") for path, text in PAIRED.items()}
    assert names(game(files, v=1)) == ["a"]
    assert names(game(files, v=0)) == ["b"]
    both = node("inclusiveGateway", "s", default="f_s_c") + user("a") + user("b") + user("c")
    both += node("inclusiveGateway", "j") + user("z")
    drawing = drawn(start(), both, end(), ways("start>s", "s>a ? v >= 1", "s>b ? v >= 2", "s>c>j", "a>j", "b>j>z>end"))
    played = game(drawing, v=2)
    assert names(played) == ["a", "b"]
    assert do(played, "a") == ["b"]
    assert do(played, "b") == ["z"]


def test_13_4_4_the_first_event_behind_an_event_based_gateway_ends_the_others() -> None:
    played = game(RACED)
    assert names(played) == ["c", "t"]
    assert do(played, "t") == []
    assert played.ended


def test_13_5_3_an_interrupting_event_ends_the_activity_and_another_does_not() -> None:
    late = boundary("b", "x", timer("duration", "P1D"))
    played = game(drawn(X, row(late, user("y"), end("late"))))
    assert do(played, "b") == ["y"]
    remind = boundary("b", "x", timer("cycle", "R2/P1D"), interrupting=False)
    played = game(drawn(X, row(remind, end("late"))))
    assert do(played, "b") == ["b", "x"]
    assert do(played, "b") == ["x"]
    assert do(played, "x") == []


def test_13_5_6_a_terminate_end_event_ends_everything_on_its_level_only() -> None:
    inner = BLOCK.replace(start(), start("s1")) + end("e1", TERMINATE) + ways("s1>s>a>j>e1", "s>b>j")
    played = game(drawn(row(start(), node("subProcess", "x", inner), user("after"), end())))
    do(played, "x.a")
    assert do(played, "x.b") == ["after"]
    stopped = BLOCK + end("e1", TERMINATE) + end() + ways("start>s>a>e1", "s>b>j>end")
    assert do(game(drawn(stopped)), "a") == []


def test_13_3_7_instances_run_side_by_side_or_one_after_the_other() -> None:
    called = process("child", row(start("s2"), user("u"), end("e2")))
    for sequential, first in ((False, ["x0.u", "x1.u"]), (True, ["x0.u"])):
        call = node("callActivity", "x", each("xs", "i", sequential=sequential), calledElement="child")
        played = game({"p": document(process("p", row(start(), call, user("z"), end())), called)}, xs=["a", "b"])
        assert names(played) == first
        assert do(played, "x0.u") == ["x1.u"]
        assert do(played, "x1.u") == ["z"]
    assert names(game({"p": document(process("p", row(start(), call, user("z"), end())), called)}, xs=[])) == ["z"]


def test_a_copy_goes_its_own_way() -> None:
    played = game(WHOLE)
    twin = played.copy()
    do(played, "a")
    assert names(twin) == ["a", "b"]
