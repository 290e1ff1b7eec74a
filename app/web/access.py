"""Who is asking, whether they may, and the one transaction of a request.

Everything is closed unless a page says otherwise: `@public`, or `@open_to(roles…)` for the holders of a role; the rest
is for whoever is signed in. Reading pages share a reading session; a page that changes something does it inside
`writing()`, which commits when its block ends well. Whatever is raised rolls everything back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session, sessionmaker
from werkzeug import Response

from app.audit import evidence
from app.audit.kinds import Kind
from app.errors import Denied, NotFound
from app.i18n import Text, set_locale
from app.identity.actors import Actor, actor_of
from app.identity.roles import ROLES
from app.web import language
from app.web.redirects import here

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PUBLIC = {"static"}
_ROLES: dict[str, frozenset[str]] = {}

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Open to anybody."""
    _PUBLIC.add(_name(view))
    return view


def open_to(*roles: str) -> Callable[[View], View]:
    """Open to whoever holds one of the roles today, for any organisation."""

    def mark(view: View) -> View:
        _ROLES[_name(view)] = frozenset(roles)
        return view

    return mark


def _name(view: Callable[..., object]) -> str:
    return f"{view.__module__.rpartition('.')[2]}.{view.__name__}"


def audience(endpoint: str) -> str:
    """Who may open the page, in words for the table of permissions: public, signed in, or the roles."""
    if endpoint in _PUBLIC:
        return "public"
    return " ".join(sorted(_ROLES.get(endpoint, ()))) or "signed in"


def may_open(endpoint: str) -> bool:
    """Whether the visitor may open a page at all; what it shows is decided where it is fetched."""
    if endpoint in _PUBLIC:
        return True
    me = visitor()
    return me is not None and (endpoint not in _ROLES or bool(me.roles & _ROLES[endpoint]))


class Visitor(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """Somebody signed in, with what they hold today."""

    def __init__(self, actor: Actor) -> None:
        self.id = actor.person_id
        self.actor = actor
        self.name = actor.name
        self.roles = frozenset(holding.role for holding in actor.holdings)
        self.zone = actor.zone

    @property
    def titles(self) -> list[Text]:
        """The roles held today, in the reader's language."""
        return [ROLES[role] for role in ROLES if role in self.roles]


def visitor() -> Visitor | None:
    """Who is signed in, or None; asked many times a page, so looked up once."""
    if "visitor" not in g:
        g.visitor = current_user._get_current_object() if current_user.is_authenticated else None
    found: Visitor | None = g.visitor
    return found


def current_actor() -> Actor:
    """The actor of a page that is not public; Denied otherwise."""
    me = visitor()
    if me is None:
        raise Denied
    return me.actor


def enter(person_id: str) -> None:
    """Sign the person in under a fresh session, so that nothing set before sign-in survives it (S52)."""
    session.clear()
    g.pop("visitor", None)
    with writing() as opened:
        login_user(Visitor(actor_of(opened, person_id)))
        evidence.record(opened, "person", person_id, Kind.SIGNED_IN, person_id)


def leave() -> None:
    me = current_actor().person_id
    with writing() as opened:
        evidence.record(opened, "person", me, Kind.SIGNED_OUT, me)
    logout_user()
    session.clear()
    g.pop("visitor", None)


def database() -> Session:
    """The session of this request, opened when first asked for; on SQLite a POST begins as a writer."""
    if "database" not in g:
        sessions: sessionmaker[Session] = current_app.extensions["sessions"]
        g.database = sessions()
        if request.method in _SAFE:
            g.database.connection(execution_options={"reading": True})
    opened: Session = g.database
    return opened


@contextmanager
def writing() -> Iterator[Session]:
    """The request's transaction, committed at the end of the block."""
    opened = database()
    yield opened
    opened.commit()


def _visitor(person_id: str) -> Visitor | None:
    try:
        return Visitor(actor_of(database(), person_id))
    except NotFound:
        return None


def _guard() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in _PUBLIC:
        return None
    me = visitor()
    if me is None:
        wanted = here() if request.method == "GET" else None
        return redirect(url_for(current_app.extensions["sign_in"], next=wanted), 303)
    if not may_open(endpoint):
        raise Denied
    if not language.is_chosen():
        set_locale(me.actor.locale)
    return None


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("database", None)
    if opened is not None:
        opened.close()


def install(app: Flask, sessions: sessionmaker[Session]) -> None:
    app.extensions["sessions"] = sessions
    app.extensions["sign_in"] = "account.sign_in"
    CSRFProtect(app)
    login = LoginManager()
    login.init_app(app, add_context_processor=False)
    login.user_loader(_visitor)
    app.before_request(_guard)
    app.teardown_request(_close)
