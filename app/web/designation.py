"""The recommendation's number in the foot of every page, as the organisation's settings have it (A47)."""

import time
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.courses import settings
from app.web.access import database

KEPT = 60.0
"""Seconds for which it is kept: a page need not ask for it each time."""
_PLACE = "designation"


@dataclass(frozen=True, slots=True)
class Designation:
    """`draft`: no day of its approval is entered yet."""

    number: str
    draft: bool
    at: float = 0.0


DEFAULT = Designation("R/TR/XX:202_", draft=True)


def designation() -> Designation:
    """The last one known where the database does not answer: the page that says so has a foot, too."""
    known: Designation = current_app.extensions.get(_PLACE, DEFAULT)
    if known.at and time.monotonic() - known.at < KEPT:
        return known
    try:
        session = database()
        today = settings.today(session)
        draft = not settings.read(session, "recommendation_date", today)
        known = Designation(settings.recommendation(session, today), draft, time.monotonic())
    except SQLAlchemyError:
        return known
    current_app.extensions[_PLACE] = known
    return known


def forget() -> None:
    """A setting was changed: this process asks anew with the next page."""
    current_app.extensions.pop(_PLACE, None)
