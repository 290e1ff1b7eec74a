"""Which orders of acts a generated process is tried in, as a tree whose branches share their beginnings."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.generated import Generated
from tests.oracle import Act, Game, Step

MOST_ORDERS = 24
LONGEST = 40
Visits = Counter[tuple[Step, ...]]


class Undefined(Exception):
    """A condition reads a variable that no task has written on this way: the diagram means nothing here."""


@dataclass
class Moment:
    """A point in some orders: the game as it stands, and what is done next with the moment it leads to."""

    game: Game
    visits: Visits
    next: "dict[Act, Moment]" = field(default_factory=dict)


def begin(generated: Generated) -> Moment:
    return Moment(Game(generated.files.values(), generated.process, generated.data), Counter())


def values(generated: Generated, moment: Moment, act: Act) -> dict[str, int]:
    """What is written when the task is completed at this moment."""
    return generated.values(act.place[-1][0], moment.visits[act.place]) if act.verb == "complete" else {}


def step(generated: Generated, moment: Moment, act: Act) -> Moment:
    """The moment after the act, made once."""
    if act not in moment.next:
        after = Moment(moment.game.copy(), moment.visits.copy())
        try:
            after.game.do(act, values(generated, moment, act))
        except KeyError as missing:
            raise Undefined(str(missing)) from missing
        after.visits[act.place] += 1
        moment.next[act] = after
    return moment.next[act]


def orders(generated: Generated) -> Moment:
    """All orders where there are at most 24, else 24 drawn by the seed."""
    first = begin(generated)
    if _spread(generated, first) > MOST_ORDERS:
        first = begin(generated)
        drawn = random.Random(generated.seed)
        for _ in range(MOST_ORDERS):
            _draw(generated, first, drawn)
    return first


def each_order(first: Moment) -> Iterator[list[tuple[Act, Moment]]]:
    """The orders of the tree one by one: every act with the moment it leads to."""
    if not first.next:
        yield []
    for act, after in first.next.items():
        yield from ([(act, after), *rest] for rest in each_order(after))


def _spread(generated: Generated, first: Moment) -> int:
    """Every order below the moment, counted until there are too many."""
    found = 0
    todo = [(first, 0)]
    while todo and found <= MOST_ORDERS:
        moment, length = todo.pop()
        acts = set(moment.game.acts()) if length < LONGEST else set()
        found += not acts
        todo += [(step(generated, moment, act), length + 1) for act in sorted(acts, key=repr)]
    return found


def _draw(generated: Generated, first: Moment, drawn: random.Random) -> None:
    moment = first
    for _ in range(LONGEST):
        acts = moment.game.acts()
        if not acts:
            return
        moment = step(generated, moment, drawn.choice(acts))
