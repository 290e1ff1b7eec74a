"""Our engine does what the standard says: on every generated process that the check accepts, in every order."""

from collections import Counter

import pytest

from app.engine import Specification
from app.engine.lint import examine
from tests.generated import Generated, generate
from tests.unit.oracle.orders import Moment, Undefined, orders, values
from tests.unit.oracle.ours import Ours, asked

SEEDS = 1_200
BLOCK = 25


def accepted(seed: int) -> tuple[Generated, Specification] | None:
    generated = generate(seed)
    specification, _ = examine(generated.files)
    return None if specification is None else (generated, specification)


def same(moment: Moment, ours: Ours) -> None:
    """Both wait for the same, something can still happen, and what has been told adds up to what is there."""
    ended, waiting = ours.marking()
    assert sorted(waiting.elements()) == sorted(asked(act) for act in moment.game.acts())
    assert ended == moment.game.ended
    assert ended or waiting, "nothing can ever happen here any more"
    assert not ours.snapshot.failed
    assert ours.known == ours.known_waiting()


def follow(generated: Generated, moment: Moment, ours: Ours) -> int:
    """All orders of the tree, with a save and a restore before each act; gives the number of acts."""
    done = 0
    todo = [(moment, ours)]
    while todo:
        moment, ours = todo.pop()
        same(moment, ours)
        for act, after in moment.next.items():
            next_ours = ours.restored()
            advance = next_ours.do(act, values(generated, moment, act))
            assert not advance.problems
            todo.append((after, next_ours))
            done += 1
    return done


def follow_alive(generated: Generated, moment: Moment, ours: Ours) -> None:
    """One order of the tree, the whole instance kept in memory."""
    while moment.next:
        act, after = next(iter(moment.next.items()))
        ours.do(act, values(generated, moment, act))
        same(after, ours)
        moment = after


@pytest.mark.parametrize("block", range(SEEDS // BLOCK))
def test_ours_is_the_oracle(block: int) -> None:
    """Restored between all steps. A process that the check accepts never gets stuck either."""
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        found = accepted(seed)
        if found is None:
            continue
        generated, specification = found
        try:
            tree = orders(generated)
        except Undefined:
            continue
        follow(generated, tree, Ours.start(specification, generated.process, generated.data))
        follow_alive(generated, tree, Ours.start(specification, generated.process, generated.data))


def test_the_generated_processes_have_what_they_are_to_show() -> None:
    """Of each feature enough among those that the check accepts; a thousand processes in all."""
    found: Counter[str] = Counter()
    for seed in range(SEEDS // 4):
        if accepted(seed) is not None:
            found.update(features(generate(seed)))
    assert found["accepted"] * 4 >= 1_000
    assert {name: count for name, count in found.items() if count < 5} == {}
    assert len(found) == 1 + len(FEATURES) + 2


FEATURES = (
    *("parallelGateway", "inclusiveGateway", "exclusiveGateway", "eventBasedGateway", "subProcess", "callActivity"),
    *("multiInstance", 'isSequential="true"', "boundaryEvent", 'cancelActivity="false"', "timeCycle", "terminate"),
    *("receiveTask", "manualTask", "errorEventDefinition", "intermediateCatchEvent"),
)


def features(generated: Generated) -> set[str]:
    found = {name for name in FEATURES if name in generated.text}
    jumps = {"jumps"} if generated.seed % 5 == 4 else set()
    loops = {"loops"} if generated.looped else set()
    return {"accepted"} | found | jumps | loops
