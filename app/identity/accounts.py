"""Accounts: how a person comes to a password, and what becomes of it.

invite, invite_first      a one-time link to somebody new
forgotten                 a one-time link to somebody who has a password and lost it
set_password              what a link lets its reader do
change_password           what somebody signed in may do
known, refused, accepted  signing in, between which the caller compares the password outside a transaction
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit import evidence
from app.audit.kinds import Kind
from app.db import lock_table, real_time
from app.errors import N_, Conflict, Invalid, NotFound, Problem
from app.identity import appointments, credentials, limits, links, people, sessions
from app.identity.appointments import Terms
from app.identity.models import Account, OneTimeLink, Person

FIRST_ROLES = ("operator", "secretariat")
SETTING_UP = "system:setting-up"
DOOR = "sign-in"
"""The site's stream of those who tried to come in as nobody we know."""
ALREADY = N_("This site has its first person already: the Secretariat invites everybody else.")
CLOSED = N_("This person's account is closed: open it again first.")
SAME = N_("The two entries differ. Type the same password twice.")
WRONG = N_("This is not your present password.")
PASSWORD_REFUSED = N_("The password was not changed.")
TOO_OFTEN = N_("Too many attempts. Wait a quarter of an hour.")


@dataclass(frozen=True, slots=True)
class Known:
    """Who is meant by an address at the door; all None for somebody unknown, closed or never invited."""

    person_id: str | None = None
    password_hash: str | None = None


def invite(session: Session, person_id: str, by: str) -> OneTimeLink:
    """A link by which the person chooses a password; an earlier one does nothing any more."""
    person = people.get(session, person_id)
    if not person.active or not person.email:
        raise Conflict(CLOSED)
    if session.get(Account, person_id) is None:
        session.add(Account(person_id=person_id, created_at=real_time(session)))
        session.flush()
    made = links.make(session, person_id, "invite")
    evidence.record(session, "person", person_id, Kind.PERSON_INVITED, by, {"link": made.id})
    return made


def invite_first(session: Session, email: str, name: str) -> str:
    """The first person of a new site, with the operator's and the Secretariat's rights; returns the link's token.

    Refused for good once anybody has chosen a password (S44), whoever still has which role. Until then it may be
    repeated, also for another address: the link before does nothing any more.
    """
    lock_table(session, Account)
    if session.scalar(sa.select(Account.person_id).where(Account.password_set_at.is_not(None)).limit(1)):
        raise Conflict(ALREADY)
    for earlier in session.scalars(sa.select(Account.person_id)).all():
        links.withdraw(session, earlier)
    person = people.find_by_email(session, email)
    if person is None:
        person = people.create(session, people.Details(name, name, email), SETTING_UP)
    today = clock.now().date()
    for role in FIRST_ROLES:
        if not any(one.id == person.id for one in appointments.holders(session, role)):
            appointments.appoint(session, person.id, Terms(role, today), SETTING_UP)
    return links.token_of(invite(session, person.id, SETTING_UP).id)


def forgotten(session: Session, person_id: str) -> OneTimeLink | None:
    """A link to choose another password; None where the person has none to forget."""
    account = session.get(Account, person_id)
    person = session.get(Person, person_id)
    if account is None or account.password_hash is None or person is None or not person.active:
        return None
    made = links.make(session, person_id, "reset")
    evidence.record(session, "person", person_id, Kind.PASSWORD_FORGOTTEN, person_id, {"link": made.id})
    return made


def check_choice(session: Session, person_id: str, fresh: str, again: str) -> None:
    """Whether the password may be chosen. Invalid names the fields."""
    person = people.get(session, person_id)
    found: dict[str, Problem] = {}
    weak = credentials.refuse_weak(fresh, person.name_ru, person.name_en, person.email or "")
    if weak is not None:
        found["password"] = weak
    elif fresh != again:
        found["again"] = Problem(SAME)
    if found:
        raise Invalid(PASSWORD_REFUSED, found)


def set_password(session: Session, link_id: str, password_hash: str) -> str:
    """Use the link: the password is set and everybody who was signed in as this person is not any more (S53).

    Returns the person's id. Conflict where the link cannot be used any more.
    """
    link = links.get(session, link_id)
    if link is None:
        raise Conflict(links.SPENT)
    used = links.use(session, link.id, Kind.PASSWORD_SET)
    account = session.get_one(Account, used.person_id, with_for_update=True)
    account.password_hash, account.password_set_at = password_hash, real_time(session)
    session.flush()
    body = {"link": used.id, "purpose": used.purpose}
    evidence.record(session, "person", used.person_id, Kind.PASSWORD_SET, used.person_id, body)
    sessions.revoke_all(session, used.person_id, used.person_id)
    return used.person_id


def change_password(session: Session, person_id: str, password_hash: str, keep: str) -> None:
    """Another password, chosen by the person: every other browser is signed out; `keep` is this one's session."""
    account = session.get(Account, person_id, with_for_update=True)
    if account is None or account.password_hash is None:
        raise NotFound
    account.password_hash, account.password_set_at = password_hash, real_time(session)
    session.flush()
    links.withdraw(session, person_id)
    evidence.record(session, "person", person_id, Kind.PASSWORD_CHANGED, person_id)
    sessions.revoke_all(session, person_id, person_id, apart_from=keep)


def known(session: Session, email: str) -> Known:
    query = sa.select(Person.id, Account.password_hash).join(Account, Account.person_id == Person.id)
    row = session.execute(query.where(Person.email == email.strip().lower(), Person.active)).one_or_none()
    return Known(*row) if row else Known()


def password_of(session: Session, person_id: str) -> str | None:
    """The hash; None for somebody who comes in another way."""
    return session.scalar(sa.select(Account.password_hash).where(Account.person_id == person_id))


def refused(session: Session, who: Known, kind: Kind = Kind.SIGN_IN_REFUSED) -> None:
    """Somebody gave a wrong password, or too many: kept with the person meant, else with the site; the same effort."""
    if who.person_id is not None:
        evidence.record(session, "person", who.person_id, kind, "system:sign-in")
    else:
        evidence.record(session, "site", DOOR, kind, "system:sign-in")


def accepted(session: Session, who: Known, password: str) -> None:
    """The password is right; one hashed with earlier parameters is hashed anew."""
    if who.person_id is not None and who.password_hash and credentials.is_outdated(who.password_hash):
        account = session.get_one(Account, who.person_id, with_for_update=True)
        account.password_hash = credentials.hash_password(password)
        session.flush()


def state_of(session: Session, person_id: str) -> tuple[datetime | None, datetime | None]:
    """When the person chose a password, and until when an invitation waits; None each where it does not."""
    chosen = session.scalar(sa.select(Account.password_set_at).where(Account.person_id == person_id))
    query = sa.select(OneTimeLink.expires_at).where(
        OneTimeLink.person_id == person_id,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.withdrawn_at.is_(None),
        OneTimeLink.expires_at > real_time(session),
    )
    return chosen, session.scalar(query)


def clear(session: Session) -> None:
    """Forget attempts that no limit reaches any more and sessions that are long over."""
    limits.clear(session)
    sessions.clear(session)
