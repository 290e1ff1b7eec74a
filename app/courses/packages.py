"""The final package: agreed files and sheets, frozen under one checksum, delivered and handed over (7.3, 7.4, 7.8)."""

from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock
from app.audit.kinds import Kind
from app.courses import agreements, archive, materials, people, printed, settings, sheets
from app.courses.creation.models import Preparation
from app.courses.models import Agreement, Course, MaterialVersion, Package
from app.courses.record import record
from app.courses.register import get_course
from app.courses.stages import reach
from app.errors import N_, Conflict, NotFound
from app.i18n import Text
from app.identity.models import Person

KIND = "agreement_package"


def freeze(session: Session, agreement_id: str, by: str) -> Package:
    """Freeze the newest version with all sheets and archive it. Raises Conflict while a body has not agreed."""
    agreement = agreements.get_agreement(session, agreement_id)
    course = get_course(session, agreement.course_id)
    _refuse_open(session, agreement)
    version = materials.newest(session, course.id)
    manifest = orjson.dumps(_manifest(session, course, agreement, version), option=orjson.OPT_INDENT_2).decode()
    package = Package(
        agreement_id=agreement.id,
        course_id=course.id,
        version_id=version.id,
        manifest=manifest,
        sha256=sha256(manifest.encode()).hexdigest(),
        frozen_by=by,
    )
    session.add(package)
    version.agreed = True
    agreement.state, agreement.ended_at = "agreed", clock.now()
    reach(course, "agreed")
    session.flush()
    facts = {"package": package.id, "version": version.number, "sha256": package.sha256}
    record(session, course.id, Kind.PACKAGE_FROZEN, by, facts)
    if settings.read(session, "package_to", clock.now().date()) != "administrator":
        archive.add(session, KIND, course, package.id, _title(course), manifest, by)
    return package


def _refuse_open(session: Session, agreement: Agreement) -> None:
    """All bodies must have agreed, or the initiating chair must have confirmed (7.1, A24); silence is no consent."""
    open_ones = agreements.open_bodies(session, agreement.course_id)
    unseen = agreements.outdated(session, agreement.id)
    nobody = not agreements.asked(session, agreement.id) and agreement.chair_id is None
    if open_ones or unseen or nobody:
        raise Conflict(N_("Not every body has agreed the latest version: %(bodies)s."), bodies=", ".join(open_ones))


def _manifest(session: Session, course: Course, agreement: Agreement, version: MaterialVersion) -> dict[str, Any]:
    files = [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in materials.files_of(session, version.id)]
    chair = session.get(Person, agreement.chair_id) if agreement.chair_id else None
    return {
        "format": "coomet-agreement-package/1",
        "course": {"number": course.number, "title_ru": course.title_ru, "title_en": course.title_en},
        "agreement": agreement.number,
        "frozen_at": clock.now(),
        "materials": {"version": version.number, "sha256": version.sha256, "files": files},
        "sheets": [_sheet(session, one.id) for one in sheets.of_agreement(session, agreement.id)],
        "initiating_chair": {"name": _plain(chair.name), "statement": agreement.chair_statement} if chair else None,
    }


def _sheet(session: Session, sheet_id: str) -> dict[str, Any]:
    """The sheet as printed, without its technical ids."""
    content = _plain(asdict(printed.sheet(session, sheet_id)))
    return {key: value for key, value in content.items() if key not in ("id", "course_id")}


def _plain(value: Any) -> Any:
    """Dataclasses, dates and texts as plain JSON in a stable order."""
    match value:
        case Text():
            return {"ru": value.ru, "en": value.en}
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {key: _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
    return value


def _title(course: Course) -> Text:
    return Text(
        f"Пакет согласования: курс «{course.title_ru}»",
        f"Agreement package: course “{course.title_en}”",
    )


def get_package(session: Session, package_id: str) -> Package:
    """Raises NotFound."""
    found = session.get(Package, package_id)
    if found is None:
        raise NotFound
    return found


def of_agreement(session: Session, agreement_id: str) -> Package:
    """Raises NotFound."""
    found = session.scalar(sa.select(Package).where(Package.agreement_id == agreement_id))
    if found is None:
        raise NotFound
    return found


def of_course(session: Session, course_id: str) -> list[Package]:
    """Packages of all passages, newest first."""
    query = sa.select(Package).where(Package.course_id == course_id)
    return list(session.scalars(query.order_by(Package.frozen_at.desc())))


def hand_over(session: Session, agreement_id: str, creator_id: str | None, by: str) -> Package:
    """The administrator has received the package and passes the agreed version to the creator (7.8).

    Where no creator is appointed yet, it waits for one: see `pass_on`.
    """
    package = of_agreement(session, agreement_id)
    course = get_course(session, package.course_id)
    if creator_id:
        people.assign_creator(session, course, creator_id, by)
    package.received_by, package.received_at = by, clock.now()
    agreements.get_agreement(session, agreement_id).state = "delivered"
    prepared = session.get(Preparation, course.id)
    reach(course, "preparation" if prepared is not None and prepared.began_at else "handed_over")
    session.flush()
    pass_on(session, course, by)
    return package


def pass_on(session: Session, course: Course, by: str) -> None:
    """Hand over to the course's creator what was received before there was one."""
    waiting = [one for one in of_course(session, course.id) if one.received_at is not None and one.handed_to is None]
    if course.creator_id is None:
        return
    for package in waiting:
        package.handed_to, package.handed_at = course.creator_id, clock.now()
        session.flush()
        facts = {"package": package.id, "creator": course.creator_id, "sha256": package.sha256}
        record(session, course.id, Kind.PACKAGE_HANDED_OVER, by, facts)
