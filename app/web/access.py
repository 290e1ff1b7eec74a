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
from app.db import transaction
from app.errors import Denied
from app.i18n import Text, set_locale
from app.identity import sessions
from app.identity.actors import Actor, actor_of, rights_of
from app.identity.roles import ROLES
from app.web import language
from app.web.redirects import here

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_PUBLIC = {"static"}
_UNTIED: list[Callable[..., object]] = []
_ROLES: dict[str, frozenset[str]] = {}

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Open to anybody."""
    _PUBLIC.add(_name(view))
    return view


def untied(view: View) -> View:
    """Takes a form without a token of a session: nobody's rights are used, and the page has a proof of its own."""
    _UNTIED.append(view)
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

    def __init__(self, actor: Actor, secret: str, visit_id: str) -> None:
        self.id = actor.person_id
        self.visit_id = visit_id
        self._secret = secret
        self.actor = actor
        self.name = actor.name
        self.roles = frozenset(holding.role for holding in actor.holdings)
        self.zone = actor.zone

    def get_id(self) -> str:
        """What the cookie holds: the secret of the session, not who it is."""
        return self._secret

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
    before = visitor()
    session.clear()
    g.pop("visitor", None)
    with writing() as opened:
        if before is not None:
            sessions.leave(opened, before.visit_id)
        actor = actor_of(opened, person_id)
        secret = sessions.begin(opened, person_id, rights_of(actor), browser())
        visit = sessions.find(opened, secret)
        evidence.record(opened, "person", person_id, Kind.SIGNED_IN, person_id)
    login_user(Visitor(actor, secret, visit.id if visit else ""))


def leave() -> None:
    me = visitor()
    if me is None:
        raise Denied
    with writing() as opened:
        sessions.leave(opened, me.visit_id)
        evidence.record(opened, "person", me.id, Kind.SIGNED_OUT, me.id)
    logout_user()
    session.clear()
    g.pop("visitor", None)


def browser() -> sessions.Browser:
    """What this request says of where it comes from."""
    return sessions.Browser(request.headers.get("User-Agent", ""), request.remote_addr or "")


def database() -> Session:
    """The session of this request, opened when first asked for; on SQLite a POST begins as a writer."""
    if "database" not in g:
        factory: sessionmaker[Session] = current_app.extensions["sessions"]
        g.database = factory()
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


def _visitor(secret: str) -> Visitor | None:
    visit = sessions.find(database(), secret)
    if visit is None or visit.actor is None:
        return None
    return Visitor(visit.actor, _kept_up(visit, visit.actor) or secret, visit.id)


def _kept_up(visit: sessions.Visit, actor: Actor) -> str | None:
    """Note that the session is used; a fresh secret where the person's roles have changed (S52).

    Only while a page is read: there it has a transaction of its own, and the answer surely brings the new cookie.
    """
    rights = rights_of(actor)
    if request.method != "GET" or (visit.rights == rights and not visit.stale):
        return None
    with transaction(current_app.extensions["sessions"]) as opened:
        if visit.rights == rights:
            sessions.touch(opened, visit.id)
            return None
        fresh = sessions.renew(opened, visit, rights)
    if fresh is not None:
        session["_user_id"] = fresh
    return fresh


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


def install(app: Flask, factory: sessionmaker[Session]) -> None:
    app.extensions["sessions"] = factory
    app.extensions["sign_in"] = "sign_in.page"
    protection = CSRFProtect(app)
    for view in _UNTIED:
        protection.exempt(view)
    login = LoginManager()
    login.init_app(app, add_context_processor=False)
    login.user_loader(_visitor)
    app.before_request(_guard)
    app.teardown_request(_close)
