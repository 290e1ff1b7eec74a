"""Arrows, gateways, circles, tokens: a bad and a good diagram for each rule."""

from tests.unit.engine_lint.drawing import Case, attached, drawn, row, simple, ways
from tests.unit.engine_run.bpmn import (
    TERMINATE,
    boundary,
    end,
    flow,
    message,
    node,
    parallel,
    script,
    start,
    timer,
    user,
    xor,
)

GOOD = simple()
X = row(start(), user("x"), end())
AGAIN = drawn(start(), user("x"), xor("g", "f_g_end"), end(), ways("start>x>g>end", "g>x ? again"))
SPLIT = start() + parallel("s") + user("a") + user("b")
BLOCK = SPLIT + parallel("j")
WHOLE = drawn(BLOCK, end(), ways("start>s>a>j>end", "s>b>j"))
INCLUSIVE = node("inclusiveGateway", "s", default="f_s_b") + user("a") + user("b") + node("inclusiveGateway", "j")
PAIRED = drawn(start(), INCLUSIVE, end(), ways("start>s", "s>a ? v", "a>j", "s>b>j", "j>end"))
MESSAGE = '<bpmn:message id="m" name="m"/>'
RACE = start() + node("eventBasedGateway", "r") + end()
TIMED = node("intermediateCatchEvent", "t", timer("duration", "P1D"))
TOLD = node("intermediateCatchEvent", "c", message("m"))
RACED = drawn(RACE, TIMED, TOLD, ways("start>r>t>end", "r>c>end"), before=MESSAGE)
RECEIVED = node("receiveTask", "c", messageRef="m")
REMINDER = boundary("r", "x", timer("duration", "P1D"), interrupting=False)
REMINDED = attached(REMINDER)


def either(*inner: str, **attributes: str) -> dict[str, bytes]:
    """A gateway that chooses between two ends by the given arrows."""
    return drawn(row(start(), node("exclusiveGateway", "g", **attributes)), end(), end("e"), ways(*inner))


def tangled() -> dict[str, bytes]:
    """Fifteen parallel ways that may each stop everything: too many markings to look at them all."""
    drawing = start() + parallel("s") + parallel("j") + end() + ways("start>s", "j>end")
    for number in range(15):
        own = f"u{number}>x{number}"
        drawing += user(f"u{number}") + xor(f"x{number}", f"f_x{number}_j") + end(f"e{number}", TERMINATE)
        drawing += ways(f"s>{own}>j", f"x{number}>e{number} ? stop")
    return drawn(drawing)


SURE = either("g>end ? v > 1", "g>e", default="f_g_e")
CASES = (
    Case("start-missing", drawn(row(user("x"), end())), GOOD, "p"),
    Case("start-several", drawn(X, start("s2"), ways("s2>x")), GOOD, "s2"),
    Case("beginning-entered", drawn(X, ways("x>start")), GOOD, "f_x_start"),
    Case("end-left", drawn(row(start(), end(), user("x"), end("e2"))), GOOD, "f_end_x"),
    Case("arrow-loose", drawn(X, ways("x>gone")), GOOD, "f_x_gone"),
    Case("arrow-to-itself", drawn(X, ways("x>x")), AGAIN, "f_x_x"),
    Case("arrow-twice", drawn(X, flow("x", "end", name="f2")), GOOD, "f2"),
    Case("dead-end", drawn(row(start(), user("x")), end()), GOOD, "x"),
    Case("unreachable", drawn(X, row(user("y"), end("e2"))), GOOD, "y"),
    Case("end-missing", drawn(row(start(), user("x"))), GOOD, "p"),
    Case("never-ends", drawn(row(start(), user("x"), user("y")), ways("y>x"), end()), AGAIN, "start"),
    Case("task-splits", drawn(X, end("e2"), ways("x>e2")), WHOLE, "x"),
    Case("condition-ignored", drawn(start(), user("x"), end(), ways("start>x", "x>end ? v")), SURE, "f_x_end"),
    Case("default-ignored", simple(default="f_x_end"), SURE, "x"),
    Case("gateway-no-default", either("g>end ? v > 1", "g>e ? v < 1"), SURE, "g"),
    Case("gateway-no-default", either("g>end ? v", "g>e ? w"), either("g>end ? v == 1", "g>e ? not v == 1"), "g"),
    Case("gateway-no-default", either("g>end ? v", "g>e ? w"), either("g>end ? v", "g>e ? not v"), "g"),
    Case("gateway-default-unknown", either("g>end", "g>e ? v", default="f_start_g"), SURE, "g"),
    Case("default-condition", either("g>end ? v", "g>e ? w", default="f_g_end"), SURE, "f_g_end"),
    Case("condition-missing", either("g>end", "g>e", default="f_g_end"), SURE, "f_g_e"),
    Case("condition-alone", drawn(row(start(), xor("g")), end(), ways("g>end ? v")), SURE, "f_g_end"),
    Case(
        "gateway-mixed",
        drawn(BLOCK, xor("g", "f_g_end"), end(), ways("start>s>a>j>g>end", "s>b>j", "g>s ? again")),
        drawn(BLOCK, xor("m"), xor("g", "f_g_end"), end(), ways("start>m>s>a>j>g>end", "s>b>j", "g>m ? again")),
        "s",
    ),
    Case("gateway-idle", drawn(row(start(), xor("g"), end())), SURE, "g"),
    Case("race-target", drawn(RACE, user("t"), TOLD, ways("start>r>t>end", "r>c>end"), before=MESSAGE), RACED, "t"),
    Case("race-alone", drawn(RACE, TOLD, ways("start>r>c>end"), before=MESSAGE), RACED, "r"),
    Case(
        "race-bounded",
        drawn(
            RACE,
            TIMED,
            RECEIVED,
            boundary("b", "c", timer("duration", "P1D")),
            ways("start>r>t>end", "r>c>end", "b>end"),
            before=MESSAGE,
        ),
        RACED,
        "b",
    ),
    Case(
        "circle-no-choice",
        drawn(BLOCK.replace(parallel("j"), ""), end(), ways("start>s>a>s", "s>b>end")),
        drawn(X, boundary("r", "x", timer("duration", "P1D")), user("y"), ways("r>y>x")),
        "s",
    ),
    Case("circle-no-choice", drawn(row(start(), user("x"), user("y")), ways("y>x"), end()), AGAIN, "x"),
    Case(
        "circle-no-wait",
        drawn(start(), script("x", "a = 1"), xor("g", "f_g_end"), end(), ways("start>x>g>end", "g>x ? a")),
        AGAIN,
        "x",
    ),
    Case(
        "inclusive-in-circle",
        drawn(
            start(),
            user("k"),
            INCLUSIVE,
            xor("g", "f_g_end"),
            end(),
            ways("start>k>s", "s>a ? v", "a>j", "s>b>j", "j>g>end", "g>k ? again"),
        ),
        PAIRED,
        "j",
    ),
    Case(
        "join-starves",
        drawn(BLOCK, xor("g", "f_g_j"), end(), end("e"), ways("start>s>a>g>j>end", "s>b>j", "g>e ? v")),
        WHOLE,
        "j",
    ),
    Case("twice-at-once", drawn(SPLIT, user("c"), end(), ways("start>s>a>c>end", "s>b>c")), WHOLE, "end"),
    Case(
        "inclusive-unpaired",
        drawn(start(), INCLUSIVE, end(), end("e"), ways("start>s", "s>a ? v", "a>e", "s>b>j>end")),
        PAIRED,
        "s",
    ),
    Case("too-tangled", tangled(), WHOLE, "p"),
    Case("reminder-joins", drawn(X, REMINDER, ways("r>y>end"), user("y"), ways("x>y")), REMINDED, "f_r_y"),
    Case(
        "reminder-parallel",
        drawn(X, REMINDER, BLOCK.replace(start(), ""), end("e"), ways("r>s>a>j>e", "s>b>j")),
        REMINDED,
        "s",
    ),
)
