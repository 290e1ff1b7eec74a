"""The people of a scenario as rows of the register: persons with their appointments."""

from datetime import date

from sqlalchemy.orm import Session

from app.identity import appointments, people, reference
from app.identity.appointments import Terms
from app.identity.people import Details
from tests.process.scenario import Member

LONG_AGO = date(2026, 1, 1)
BY = "system:test"


def gather(session: Session, members: tuple[Member, ...]) -> dict[str, str]:
    """The reference organisations and everybody who plays; name -> person id. Late people hold nothing yet."""
    reference.load(session)
    found = {}
    for member in members:
        details = Details(
            name_ru=member.names[0],
            name_en=member.names[1],
            email=f"{member.name.replace('_', '.')}@example.org",
            phone="+375 17 000 00 00",
            locale="en" if member.locale == "en" else "ru",
            organisation_id=member.home,
        )
        found[member.name] = people.create(session, details, BY).id
        if not member.late:
            appoint(session, member, found[member.name])
    return found


def appoint(session: Session, member: Member, person_id: str, since: date = LONG_AGO) -> None:
    for role in member.roles:
        terms = Terms(
            role=role["role"],
            valid_from=since,
            organisation_id=role.get("organisation"),
            acting=role.get("acting", False),
        )
        appointments.appoint(session, person_id, terms, BY)
