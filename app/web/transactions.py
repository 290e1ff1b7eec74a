"""Undoing a part of the request's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.errors import Problem
from app.forms import Draft


@contextmanager
def undoing(session: Session, draft: Draft) -> Iterator[None]:
    """A refusal undoes what was begun in the block, but not the taking in of the files that came with the form."""
    if draft.attached:
        with session.begin_nested():
            yield
        return
    try:
        yield
    except Problem:
        session.rollback()
        raise
