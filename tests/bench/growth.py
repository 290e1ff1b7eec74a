"""Step 100 of a rework loop against step 1: the time of CPU and the size of the state must not depend on history."""

import json
import statistics
import sys
import time

from app.engine import Specification, compile_release, restore, start
from tests.bench import course

ROUNDS = 100
SAMPLE = 10
"""Rounds at each end whose steps are compared."""
REPEATS = 5


def rounds(spec: Specification) -> list[tuple[float, int]]:
    """For every round: the seconds of its five cycles and the bytes of the state while three reviews are open."""
    run = start(spec, "course", {})
    measured = []
    advance = run.complete(run.advance.tasks[0].id, course.DATA)
    for _ in range(ROUNDS):
        begun, size = time.thread_time(), len(run.save())
        for task in advance.tasks:
            run = restore(spec, run.save())
            last = run.complete(task.id, course.review(False))
        run = restore(spec, run.save())
        advance = run.complete(last.tasks[0].id, {})
        measured.append((time.thread_time() - begun, size))
    return measured


def main(as_json: bool) -> None:
    spec = compile_release(course.files())
    rounds(spec)
    times, sizes = [], []
    for _ in range(REPEATS):
        measured = rounds(spec)
        early, late = measured[:SAMPLE], measured[-SAMPLE:]
        times.append(min(seconds for seconds, _ in late) / min(seconds for seconds, _ in early))
        sizes.append(late[-1][1] / early[0][1])
    found = {"time_ratio": round(statistics.median(times), 3), "bytes_ratio": round(max(sizes), 3)}
    print(f"{ROUNDS} rounds of rework, state {measured[0][1]} → {measured[-1][1]} bytes", file=sys.stderr)
    print(json.dumps(found) if as_json else found)


if __name__ == "__main__":
    main("--json" in sys.argv)
