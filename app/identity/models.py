"""Tables of people, organisations and what people are appointed to."""

from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, new_id
from app.i18n import Text, fold
from app.identity.models_accounts import Account, AccountSession, Attempt, OneTimeLink

__all__ = [
    "Account",
    "AccountSession",
    "Appointment",
    "Attempt",
    "CalendarException",
    "Country",
    "OneTimeLink",
    "Organisation",
    "Person",
    "Substitution",
]

OrganisationKind = Literal["body", "nmi", "secretariat", "national_secretariat", "governing"]
"""`body` is a structural body (СОК); `governing` the Committee and the Presidential Council, which get no tasks."""

SECRETARIAT = "secretariat"
"""Id of the COOMET Secretariat; its country and zone are the defaults for whoever has none."""


class Country(Model):
    """A member country; `active` says whether its membership is confirmed."""

    __tablename__ = "country"

    code: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    """ISO 3166-1 alpha-2."""
    name_ru: Mapped[str]
    name_en: Mapped[str]
    zone: Mapped[str]
    associate: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def name(self) -> Text:
        return Text(self.name_ru, self.name_en)


class Organisation(Model):
    """A structural body, an institute, a secretariat. Ids are readable: `tc-1.6`, `nmi-by-belgim`, `ns-by`."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[OrganisationKind] = mapped_column(sa.Text, index=True)
    code_ru: Mapped[str]
    code_en: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]
    country: Mapped[str | None] = mapped_column(sa.String(2))
    """ISO code, for the calendar of working days; None for bodies, whose chair's country counts."""
    zone: Mapped[str | None]
    """IANA name; None means the Secretariat's."""
    parent_id: Mapped[str | None] = mapped_column(sa.ForeignKey("organisation.id"))
    active: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str] = mapped_column(default="", server_default="")
    """The organisation's own address for letters, besides those of its people; may be empty."""
    folded: Mapped[str] = mapped_column(default="")
    """Codes and names as `i18n.fold` gives them; kept by a listener below."""

    @property
    def code(self) -> Text:
        return Text(self.code_ru, self.code_en)

    @property
    def name(self) -> Text:
        return Text(self.name_ru, self.name_en)

    def searched(self) -> tuple[str | None, ...]:
        return self.code_ru, self.name_ru, self.code_en, self.name_en


class Person(Model):
    """Somebody who can sign in and act."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    name_ru: Mapped[str]
    name_en: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    """In lower case; None once the person is erased."""
    phone: Mapped[str | None]
    locale: Mapped[Literal["ru", "en"]] = mapped_column(sa.String(2), default="ru")
    organisation_id: Mapped[str | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    folded: Mapped[str] = mapped_column(default="")

    organisation: Mapped[Organisation | None] = orm.relationship(lazy="raise_on_sql")

    @property
    def name(self) -> Text:
        return Text(self.name_ru, self.name_en)

    def searched(self) -> tuple[str | None, ...]:
        return self.name_ru, self.name_en, self.email


class Appointment(Model):
    """A person holds a role from a day to a day (both included; None: until further notice), clause 5.1.

    `subject` narrows it to one thing, such as a course: so creators, coordinators and executors of a course are
    appointments like any other.
    """

    __tablename__ = "appointment"
    __table_args__ = (sa.Index(None, "role", "organisation_id"), sa.Index(None, "subject", "role"))

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str]
    organisation_id: Mapped[str | None] = mapped_column(sa.ForeignKey("organisation.id"))
    subject: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    acting: Mapped[bool] = mapped_column(default=False)
    document: Mapped[str] = mapped_column(default="")
    """The decision or letter it rests on."""

    person: Mapped[Person] = orm.relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = orm.relationship(lazy="raise_on_sql")


class Substitution(Model):
    """Between two days one person may act for another, in all that the other holds or in one role or organisation."""

    __tablename__ = "substitution"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    absent_id: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    substitute_id: Mapped[str] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str | None]
    organisation_id: Mapped[str | None] = mapped_column(sa.ForeignKey("organisation.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")


class CalendarException(Model):
    """A day on which a country differs from the library's calendar: a transferred Saturday, a late holiday."""

    __tablename__ = "calendar_exception"

    country: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")


def _keep_folded(_mapper: orm.Mapper[Any], _connection: Connection, target: Person | Organisation) -> None:
    target.folded = " ".join(fold(part) for part in target.searched() if part)


for _model in (Person, Organisation):
    sa.event.listen(_model, "before_insert", _keep_folded)
    sa.event.listen(_model, "before_update", _keep_folded)
