"""How many cycles restore → act → steps → save the engine does in a second of CPU, and against the stock library."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from app.engine import Advance, Run, Specification, compile_release, restore, start
from app.engine.values import Json
from tests.bench import course

LIVES = 60
STOCK_LIVES = 7


def acts(rounds: int) -> Iterator[tuple[str, str, dict[str, Json]]]:
    """The acts of a life whose first `rounds` rounds of agreement are refused."""
    yield "task", "fill", course.DATA
    for refused in [*[True] * rounds, False]:
        yield from [("task", "a_review", course.review(not refused))] * 3
        if refused:
            yield "task", "rework", {}
    yield "task", "expert", {"expert_ok": True}
    yield "call", "moodle", {"id": 17}
    yield "call", "mail", {"ok": True}
    yield "task", "publish", {}
    yield "timer", "wait3y", {}
    yield "task", "actual", {"renew": False}


def act(run: Run, kind: str, waiting: str, values: dict[str, Json]) -> Advance:
    if kind == "task":
        return run.complete(waiting, values)
    return run.answer(waiting, values) if kind == "call" else run.fire(waiting)


def live(spec: Specification, rounds: int = 1) -> tuple[float, int]:
    """Seconds of CPU for the cycles of one life, and how many they were. What is open is kept as a caller would."""
    run = start(spec, "course", {})
    waiting: dict[str, str] = {}
    advance, state = run.advance, run.save()
    spent, cycles = 0.0, 0
    for kind, element, values in acts(rounds):
        waiting |= {task.id: task.element for task in advance.tasks}
        waiting |= {call.id: call.element for call in advance.calls}
        waiting |= {timer.id: timer.element for timer in advance.timers}
        chosen = next(key for key, name in waiting.items() if name == element)
        del waiting[chosen]
        begun = time.thread_time()
        run = restore(spec, state)
        advance = act(run, kind, chosen, values)
        state = run.save()
        spent += time.thread_time() - begun
        cycles += 1
    assert run.ended, run.snapshot()
    return spent, cycles


def main(as_json: bool) -> None:
    spec = compile_release(course.files())
    live(spec)
    measured = [live(spec) for _ in range(LIVES)]
    seconds = statistics.median(spent for spent, _ in measured)
    cycles = measured[0][1]
    stock = subprocess.run(
        [sys.executable, "-m", "tests.bench.engine_stock", str(STOCK_LIVES)], capture_output=True, text=True, check=True
    )
    found = {"steps_per_s": round(cycles / seconds), "ratio_to_stock": round(float(stock.stdout) / seconds, 1)}
    print(f"{cycles} cycles a life, {1000 * seconds / cycles:.3f} ms of CPU each", file=sys.stderr)
    print(json.dumps(found) if as_json else found)


if __name__ == "__main__":
    main("--json" in sys.argv)
