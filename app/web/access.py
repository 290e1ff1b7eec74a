"""Who is asking, and the one transaction of a request.

Reading pages share a reading session; a page that changes something does it inside `writing()`, which commits when
its block ends well. Whatever is raised rolls everything back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g, request
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session, sessionmaker

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def database() -> Session:
    """The session of this request, opened when first asked for; on SQLite a POST begins as a writer."""
    if "database" not in g:
        sessions: sessionmaker[Session] = current_app.extensions["sessions"]
        g.database = sessions()
        if request.method in _SAFE:
            g.database.connection(execution_options={"reading": True})
    session: Session = g.database
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """The request's transaction, committed at the end of the block."""
    session = database()
    yield session
    session.commit()


class Visitor(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """Somebody signed in."""

    def __init__(self, person_id: str) -> None:
        self.id = person_id


def _visitor(person_id: str) -> Visitor | None:
    return Visitor(person_id)


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("database", None)
    if session is not None:
        session.close()


def install(app: Flask, sessions: sessionmaker[Session]) -> None:
    app.extensions["sessions"] = sessions
    app.teardown_request(_close)
    CSRFProtect(app)
    login = LoginManager()
    login.init_app(app, add_context_processor=False)
    login.user_loader(_visitor)
