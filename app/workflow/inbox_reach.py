"""Which open tasks fall to somebody: `Actor.may`, written as conditions that an index can answer.

Each role in each place is one condition, however many courses it is held for; together they find exactly the tasks on
which `Actor.may` says yes (a test compares).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.identity.actors import Actor, Holding
from app.identity.roles import OF_A_SUBJECT, WITHIN_ORGANISATION
from app.workflow.models import Task

OPEN = Task.closed_at.is_(None)
_UNCLAIMED = sa.and_(OPEN, Task.claimed_by.is_(None))
_POOL = sa.and_(_UNCLAIMED, Task.person.is_(None))
_NAMED = sa.and_(_UNCLAIMED, Task.person.is_not(None))

Condition = sa.ColumnElement[bool]


def pool_of(role: str | None, organisation: str | None) -> str | None:
    """The role, with its organisation where the role is held within one: `chair@tc-1.6`."""
    if role in WITHIN_ORGANISATION:
        return f"{role}@{organisation or ''}"
    return role


def done(actor: Actor) -> list[Condition]:
    return [Task.closed_by == actor.person_id]


def mine(actor: Actor) -> list[Condition]:
    """What the actor has claimed, and what names the actor or somebody whom the actor stands in for."""
    absent = [one.on_behalf_of for one in actor.holdings if one.on_behalf_of]
    return [
        sa.and_(OPEN, Task.claimed_by == actor.person_id),
        *(_assigned(actor, person) for person in dict.fromkeys([actor.person_id, *absent])),
    ]


def of_roles(actor: Actor) -> list[Condition]:
    """What anybody who holds one of the actor's roles may take."""
    allowed = _not_excluded(actor.person_id)
    return [sa.and_(_POOL, _falls_to(reach), allowed) for reach in _reaches(actor.holdings)]


def _assigned(actor: Actor, person: str) -> Condition:
    held = [one for one in actor.holdings if (one.on_behalf_of or actor.person_id) == person]
    allowed = [_covers_named(reach) for reach in _reaches(held)]
    if person == actor.person_id:
        allowed.append(Task.role.is_(None))
    return sa.and_(_NAMED, Task.person == person, sa.or_(*allowed), _not_excluded(actor.person_id))


@dataclass(frozen=True, slots=True)
class _Reach:
    """A role held in a place, with all its subjects at once: the statement does not grow with their number."""

    role: str
    organisation: str | None
    subjects: tuple[str, ...] | None
    """None: not narrowed to any."""


def _reaches(holdings: Sequence[Holding]) -> list[_Reach]:
    found: dict[tuple[str, str | None, bool], dict[str, None]] = {}
    for one in holdings:
        subjects = found.setdefault((one.role, one.organisation_id, one.subject is not None), {})
        if one.subject is not None:
            subjects[one.subject] = None
    return [
        _Reach(role, place, tuple(subjects) if narrowed else None)
        for (role, place, narrowed), subjects in found.items()
    ]


def _covers_named(reach: _Reach) -> Condition:
    """`Holding.covers` for a task that names its person."""
    parts: list[Condition] = [Task.role == reach.role]
    if reach.role in WITHIN_ORGANISATION and reach.organisation is not None:
        parts.append(sa.or_(Task.organisation.is_(None), Task.organisation == reach.organisation))
    if reach.subjects is not None:
        parts.append(sa.or_(Task.subject.is_(None), Task.subject.in_(reach.subjects)))
    return sa.and_(*parts)


def _falls_to(reach: _Reach) -> Condition:
    """`Holding.covers` for a task that names nobody."""
    return sa.and_(_within(reach), *_about(reach))


def _within(reach: _Reach) -> Condition:
    role, organisation = reach.role, reach.organisation
    if role not in WITHIN_ORGANISATION:
        return Task.pool == role
    if organisation is None:
        everywhere = sa.and_(Task.role == role, Task.pool >= f"{role}@", Task.pool < f"{role}A")
        return everywhere if reach.subjects else sa.and_(everywhere, Task.organisation.is_not(None))
    here = [f"{role}@{organisation}", *([f"{role}@"] if reach.subjects else [])]
    return Task.pool.in_(here) if len(here) > 1 else Task.pool == here[0]


def _about(reach: _Reach) -> list[Condition]:
    if reach.subjects is not None:
        return [Task.subject.in_(reach.subjects)]
    return [Task.subject.is_(None)] if reach.role in OF_A_SUBJECT else []


def _not_excluded(person_id: str) -> Condition:
    listed = sa.cast(Task.exclude, sa.Text).contains(f'"{person_id}"', autoescape=True)
    return sa.or_(Task.exclude.is_(None), ~listed)
