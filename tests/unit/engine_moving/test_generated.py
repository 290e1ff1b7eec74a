"""F23: an instance that was moved does what one does that was begun in the new release and brought to the same place.

Generated processes, changed as an analyst changes them; the token game of `tests.oracle` plays the new diagram by the
same answers, and from the move on both must offer the same and do the same, restored between all steps.
"""

import random
from collections import Counter
from collections.abc import Mapping

import pytest

from app.engine import Specification, restore
from app.engine.lint import examine
from app.engine.moving import Move, Passage
from tests.generated import Generated, generate
from tests.oracle import Act, Game
from tests.unit.engine_moving.changes import KINDS, NEW, Change, change
from tests.unit.oracle.ours import Ours, asked, told

SEEDS = 240
BLOCK = 40
LONGEST = 30


class Untold(Exception):
    """What was done cannot be done in the new diagram: the timer stood on steps that are no more."""


class History:
    """What has been done, told to the old diagram and to the new one."""

    def __init__(self, generated: Generated, changed: Change) -> None:
        self.generated, self.changed = generated, changed
        self.old = Game(generated.files.values(), generated.process, generated.data)
        self.new = Game(changed.files.values(), generated.process, generated.data)
        self.visits: Counter[object] = Counter()
        self.catch_up()

    def values(self, act: Act) -> dict[str, int]:
        element = act.place[-1][0]
        return self.generated.values(element, self.visits[act.place]) if act.verb == "complete" else {}

    def do(self, act: Act) -> None:
        values = self.values(act)
        self.old.do(act, values)
        if act.place[-1][0] != self.changed.element or self.changed.kind != "removed":
            if act not in self.new.acts():
                raise Untold
            self.new.do(act, values)
        self.visits[act.place] += 1
        self.catch_up()

    def catch_up(self) -> None:
        """What lies behind has been done: the step that the new diagram has on the way, too."""
        for _ in range(LONGEST):
            ahead = [act for act in self.new.acts() if act.verb == "complete" and act.place[-1][0] == NEW]
            if not ahead:
                return
            self.new.do(ahead[0], {})
        raise KeyError("the new step is walked round and round")


def same(game: Game, ours: Ours) -> None:
    ended, waiting = ours.marking()
    assert sorted(waiting.elements()) == sorted(asked(act) for act in game.acts())
    assert ended == game.ended
    assert not ours.snapshot.failed
    assert ours.known == ours.known_waiting()


def go_on(history: History, ours: Ours, drawn: random.Random) -> None:
    """To the end or a good way on, in the new release only."""
    game, visits = history.new.copy(), history.visits.copy()
    same(game, ours)
    for _ in range(LONGEST):
        acts = game.acts()
        if not acts:
            return
        act = drawn.choice(acts)
        element = act.place[-1][0]
        values = history.generated.values(element, visits[act.place]) if act.verb == "complete" else {}
        game.do(act, values)
        visits[act.place] += 1
        ours = ours.restored()
        assert not ours.do(act, values).problems
        same(game, ours)


def moved(new: Specification, ours: Ours, move: Move) -> Ours:
    assert move.state is not None
    after = Ours(new, restore(new, move.state), ours.repeated, told(ours.known, move.advance))
    assert after.snapshot == move.snapshot
    return after


def try_all(generated: Generated, old: Specification, kind: str, counted: Counter[str]) -> None:
    changed = change(generated, kind)
    new = examine(changed.files)[0] if changed else None
    if changed is None or new is None:
        return
    drawn = random.Random(f"{generated.seed} {kind} moves")
    passage = Passage(old, new)
    history = History(generated, changed)
    ours = Ours.start(old, generated.process, generated.data)
    for _ in range(LONGEST):
        acts = history.old.acts()
        if not acts:
            return
        move = passage.plan(ours.run.save())
        judge(history, changed, move, counted)
        if move.state is not None:
            go_on(history, moved(new, ours, move), drawn)
        act = drawn.choice(acts)
        values = history.values(act)
        history.do(act)
        ours = ours.restored()
        ours.do(act, values)


def judge(history: History, changed: Change, move: Move, counted: Counter[str]) -> None:
    """What must be taken is taken; a refusal has its reason."""
    counted[f"{changed.kind} {'refused' if move.refusals else 'moved'}"] += 1
    standing = any(act.place[-1][0] == changed.element for act in history.old.acts())
    if changed.kind == "removed" and standing:
        assert {(one.reason, one.element) for one in move.refusals} == {("removed", changed.element)}
    elif changed.kind in ("renamed", "reminder", "time-out"):
        assert move.refusals == ()
    else:
        assert {one.reason for one in move.refusals} <= {"flow", "unreachable"}
        counted.update(f"{changed.kind} {one.reason}" for one in move.refusals)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", range(SEEDS // BLOCK))
def test_f23_a_moved_instance_does_what_one_begun_in_the_new_release_does(block: int, kind: str) -> None:
    counted: Counter[str] = Counter()
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        generated = generate(seed)
        old = examine(generated.files)[0]
        if old is None:
            continue
        try:
            try_all(generated, old, kind, counted)
        except (KeyError, Untold):  # a condition reads what nobody has written: the diagram means nothing here
            continue
    _enough(kind, counted)


def _enough(kind: str, counted: Mapping[str, int]) -> None:
    assert counted[f"{kind} moved"] >= 20
    if kind != "removed":
        assert counted[f"{kind} refused"] * 20 <= counted[f"{kind} moved"]
