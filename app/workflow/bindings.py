"""Fields of forms that are domain data: `x-bind: course.title_ru` names a place that another part registered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.engine import Json


@dataclass(frozen=True, slots=True)
class Binding:
    """`read(session, subject)` gives the value to prefill; `write(session, subject, value, actor)` keeps a new one.

    `write` is None for places that forms may only show.
    """

    read: Callable[[Session, str], Json]
    write: Callable[[Session, str, Json, str], None] | None = None


_registered: dict[str, Binding] = {}


def register(place: str, binding: Binding) -> None:
    _registered[place] = binding


def registered() -> Mapping[str, Binding]:
    return _registered


def read(session: Session, subject: str | None, places: list[str]) -> dict[str, Json]:
    """Values of those places that are known; empty without a subject."""
    if subject is None:
        return {}
    return {place: _registered[place].read(session, subject) for place in places if place in _registered}
