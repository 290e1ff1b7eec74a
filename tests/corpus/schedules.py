"""Random schedules of one diagram: our engine and the token game of the standard must tell the same after every act."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine import Specification
from app.engine.diagrams import read_release
from tests.corpus.simplified import NotPlayable, Simplified, simplify
from tests.oracle import Act, Game, Scope
from tests.unit.oracle.ours import Ours, asked

LONGEST = 40
"""Acts of one schedule: a loop that never ends by its draws is left then."""
MOST_ACTS = 4_000
"""Of all schedules of one process together, so that one diagram does not take all the time."""


class Different(Exception):
    """The two engines do not tell the same."""


@dataclass
class Rehearsal:
    """What came of playing one accepted set of files."""

    schedules: int = 0
    acts: int = 0
    not_playable: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def rehearse(files: Mapping[str, bytes], specification: Specification, count: int, seed: str) -> Rehearsal:
    """`count` schedules for each process that no other one of the files calls; all of them, where all are called."""
    done = Rehearsal()
    called = {e.called for one in specification.processes.values() for e in one.elements.values() if e.called}
    for process in [name for name in specification.processes if name not in called] or specification.processes:
        try:
            simplified = simplify(files, process)
        except NotPlayable as reason:
            done.not_playable.append(f"{process}: {reason}")
            continue
        _rehearse(simplified, done, count, f"{seed} {process}")
    return done


def _rehearse(simplified: Simplified, done: Rehearsal, count: int, seed: str) -> None:
    specification, findings = read_release(simplified.files)
    if specification is None:
        done.different.append("; ".join(found.message.en for found in findings[:3]))
        return
    for number in range(count):
        drawn = random.Random(f"{seed} {number}")
        try:
            done.acts += play(simplified, specification, drawn)
        except Different as difference:
            done.different.append(f"schedule {number}: {difference}")
            return
        done.schedules += 1


def play(simplified: Simplified, specification: Specification, drawn: random.Random) -> int:
    """One schedule; gives the number of acts. Raises Different."""
    lists = {name: list(range(drawn.choice((0, 1, 2, 2, 3)))) for name in simplified.lists}
    data = lists | choices(simplified, drawn)
    game = Game(simplified.files.values(), simplified.process, data)
    ours = Ours.start(specification, simplified.process, data)  # type: ignore[arg-type]  # numbers among the lists
    compare(game, ours, ())
    done: list[Act] = []
    while len(done) < LONGEST and (acts := game.acts()):
        act = drawn.choice(acts)
        decides = act.verb == "complete" and len(act.place) == 1 and tokens(game.top) == 1
        person = specification.processes[simplified.process].elements[act.place[0][0]].kind != "serviceTask"
        values = choices(simplified, drawn) if decides and person else {}
        done.append(act)
        game.do(act, values)
        ours = ours.restored() if drawn.random() < 0.5 else ours
        if ours.do(act, values).problems:
            raise Different(f"an incident after {_told(done, simplified)}")
        compare(game, ours, done, simplified)
    return len(done)


def choices(simplified: Simplified, drawn: random.Random) -> dict[str, int]:
    """Decisions are drawn anew whenever a single token stands at the top: parallel branches never write at once."""
    return {name: drawn.randrange(2) for name in simplified.choices}


def tokens(scope: Scope) -> int:
    """All tokens of a game, those inside activities too."""
    inside = [sum(tokens(inner) for _, inner in held.parts if inner is not None) for held in scope.held]
    held = [max(1, len(one.parts) + len(one.queue), below) for one, below in zip(scope.held, inside, strict=True)]
    return sum(scope.marks.values()) + sum(held)


def compare(game: Game, ours: Ours, done: "list[Act] | tuple[()]", simplified: Simplified | None = None) -> None:
    ended, waiting = ours.marking()
    wanted = sorted(asked(act) for act in game.acts())
    if sorted(waiting.elements()) != wanted or ended != game.ended:
        told = f"{sorted(waiting.elements())} and not {wanted}, ended {ended} and not {game.ended}"
        raise Different(f"{told} after {_told(done, simplified)}")
    if not ended and not waiting:
        raise Different(f"nothing can ever happen any more after {_told(done, simplified)}")
    if ours.snapshot.failed or ours.known != ours.known_waiting():
        raise Different(f"what was told does not add up after {_told(done, simplified)}")


def _told(done: "list[Act] | tuple[()]", simplified: Simplified | None) -> str:
    names = simplified.names if simplified else {}
    return " ".join(f"{act.verb}:{names.get(act.place[-1][0], '')}" for act in done) or "the start"
