"""A run is its acts: where it stands is found by doing them again, on the draft as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.i18n import Text
from app.workflow.sandbox.acts import Act, Setting
from app.workflow.sandbox.telling import Unfit
from app.workflow.sandbox.times import Times
from app.workflow.sandbox.world import World
from app.workflow.scenarios import Step
from app.workflow.scenarios.compiled import Compiled


@dataclass(slots=True)
class Replay:
    """The world after the acts that fit, and the first one that does not."""

    world: World
    acts: list[Act]
    unfit: int | None = None
    """Number of the act that the draft does not take any more, from 1; it and what follows have not been done."""
    why: Text | None = None
    moments: list[datetime] = field(default_factory=list)
    """Where the clock stood after each act."""
    looks: list[Step] = field(default_factory=list)
    """The steps of a scenario with what was seen after each act."""

    @property
    def done(self) -> int:
        return len(self.moments)


def replay(
    compiled: Compiled,
    setting: Setting,
    acts: Sequence[Act],
    session: Session,
    files: Mapping[str, bytes] | None = None,
) -> Replay:
    """Do the acts; `files` only for the names of letters."""
    letters = {path for path in files or () if "/letters/" in path}
    world = World(compiled, setting, Times(session, setting.people), letters)
    found = Replay(world, list(acts))
    for number, act in enumerate(acts, 1):
        before = len(world.steps)
        try:
            world.take(act)
        except (Unfit, ValueError) as problem:
            found.unfit = number
            found.why = problem.message if isinstance(problem, Unfit) else Text(str(problem), str(problem))
            if world.run is not None:
                found.world = _until(compiled, setting, acts[: number - 1], session, letters)
            break
        found.moments.append(world.now)
        found.looks += world.steps[before:]
        if world.question is None and len(world.steps) > before:
            found.looks.append(Step("expect", "", values=_seen(world)))
    return found


def _until(
    compiled: Compiled, setting: Setting, acts: Sequence[Act], session: Session, letters: set[str]
) -> World:  # fmt: skip
    """A refused act may have gone half of its way: the world before it is made anew."""
    world = World(compiled, setting, Times(session, setting.people), letters)
    for act in acts:
        world.take(act)
    return world


def _seen(world: World) -> dict[str, object]:
    if world.ended is not None:
        return {"ended": world.ended.end_event}
    return {"open": world.open_labels()}
