"""Sent forms: immutable rows. What is domain data is written to its place; what the task declares enters its data."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, forms
from app.audit import chain
from app.db import is_sqlite, new_id
from app.engine import Json
from app.errors import N_, Invalid
from app.workflow import bindings
from app.workflow.models import Submission


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a form, from which page, about what."""

    person_id: str
    nonce: str
    """Made for the page that was shown, unguessable; the same page sent twice counts once."""
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form is sent to."""

    instance_id: str
    release_id: str
    task_id: str | None
    subject: str | None


def checked(form: forms.Form | None, values: Mapping[str, Json], context: forms.Context | None) -> forms.Checked:
    """The values in their types; nothing where there is no form. Raises Invalid with the fields that are wrong."""
    if form is None:
        return forms.Checked({}, {}, {})
    result = forms.check(form, values, context)
    if result.errors:
        raise Invalid(N_("Some answers need another look."), result.errors)
    return result


@dataclass(frozen=True, slots=True)
class Written:
    """A submission ready to be stored, and what the evidence says about it."""

    id: str
    row: Mapping[str, Any]
    facts: Mapping[str, Json]


def write(form: forms.Form | None, result: forms.Checked, sender: Sender, place: Place) -> Written:
    values = {**result.shown, **result.values}
    ident = new_id()
    row = {
        "id": ident,
        "nonce": sender.nonce,
        "instance_id": place.instance_id,
        "task_id": place.task_id,
        "release_id": place.release_id,
        "form": form.name if form else "",
        "values": values,
        "files": (files_in(form.fields, values) or None) if form else None,
        "by": sender.person_id,
        "on_behalf_of": sender.on_behalf_of,
        "at": clock.now(),
    }
    seal_of = seal(sender.nonce, values)
    facts = {"submission": ident, "form": form.name if form else None, "digest": seal_of, "for": sender.on_behalf_of}
    return Written(ident, row, facts)


_KEEP: Any = sa.insert(Submission.__table__)  # type: ignore[arg-type]  # declared as any FROM clause


def keep(session: Session, written: Written) -> None:
    session.execute(_KEEP, dict(written.row))


_SENT = sa.select(Submission).where(Submission.nonce == sa.bindparam("of_nonce"))


def sent_with(session: Session, nonce: str) -> Submission | None:
    """What was sent with this nonce; a second transaction that sends it at the same time waits for the first."""
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(nonce))))
    return session.scalars(_SENT, {"of_nonce": nonce}).one_or_none()


def write_bound(
    session: Session, form: forms.Form | None, values: Mapping[str, Json], by: str, subject: str | None
) -> None:
    """Fields that are domain data go to their places."""
    known = bindings.registered()
    for name, place in form.binds.items() if form else ():
        binding = known.get(place)
        if subject is not None and name in values and binding is not None and binding.write is not None:
            binding.write(session, subject, values[name], by)


def seal(nonce: str, values: Mapping[str, Json]) -> str:
    """Ties the evidence to the values without telling them: salted with the page's nonce, erased with the row."""
    return hmac.digest(nonce.encode(), chain.canonical(values).encode(), "sha256").hex()[:32]


def name_in_log(nonce: str) -> str:
    """By what a log may name a sent form, so that whoever reads the log learns no nonce."""
    return hashlib.sha256(nonce.encode()).hexdigest()[:32]


def files_in(fields: Sequence[forms.Field], values: Mapping[str, Json]) -> list[str]:
    """Ids of the files that the values name, those in rows included."""
    found: list[str] = []
    for field in fields:
        value = values.get(field.name)
        if field.kind == "file" and value:
            found += [str(one) for one in value] if isinstance(value, list) else [str(value)]
        elif field.rows is not None and isinstance(value, list):
            for row in value:
                found += files_in(field.rows.fields, row if isinstance(row, dict) else {})
    return found


def of_instance(session: Session, instance_id: str) -> list[Submission]:
    """The oldest first."""
    query = sa.select(Submission).where(Submission.instance_id == instance_id)
    return list(session.scalars(query.order_by(Submission.at, Submission.id)))
