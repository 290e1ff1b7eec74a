"""From "this letter to these people" to one letter a person, each with a job that delivers it after commit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.courses.approvals.models import ApprovalForm
from app.courses.letters import delivery, facts, publication, topicality
from app.courses.letters.composing import calendar_entry, compose
from app.courses.letters.facts import Facts
from app.courses.letters.models import Letter
from app.courses.letters.recipients import About, Addressee, find
from app.courses.models import Course, Package, Sheet
from app.courses.planning import facts as planning
from app.engine import Json
from app.i18n import Locale, Text, as_locale, use_locale
from app.identity.models import Person
from app.workflow import jobs, releases
from app.workflow.models import Instance
from app.workflow.operations import Context, Operation

DEFAULT_LOCALE: Locale = "ru"
NO_LANGUAGE = Text(
    "Вы получили это письмо на русском языке, потому что ваш язык нам не известен. Сообщите его Секретариату КООМЕТ.",
    "This letter came in Russian because we do not know your language. Tell the COOMET Secretariat which one it is.",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter to be sent. `key`: what caused it; the same cause never sends a second letter to the same person."""

    template: str
    key: str
    people: Sequence[Person | Addressee]
    instance: Instance
    folder: str
    course: Course | None = None
    sheet: Sheet | None = None
    package: Package | None = None
    approval: ApprovalForm | None = None
    more: Callable[[], Facts] = dict
    """Further facts, asked for in the recipient's language."""
    entry: tuple[date, str] | None = None
    """The day and the link of a calendar entry."""
    attached: str | None = None
    """Entry of the archive whose files go with it."""
    secret: str | None = None
    """List of access whose enrolment key is put in when the letter is sent."""


def send(session: Session, wanted: Wanted) -> list[Letter]:
    """Compose the letter for everyone who has not got it from this cause, and have it delivered after commit."""
    known = set(session.scalars(sa.select(Letter.recipient_id).where(Letter.key == wanted.key)))
    files = releases.load(session, wanted.instance.release_id).files
    made = [_write(session, wanted, files, person) for person in wanted.people if person.id not in known]
    session.flush()
    for letter in made:
        key = delivery.job_key(letter.id)
        jobs.enqueue(session, delivery.NAME, {"letter": letter.id}, key=key, instance_id=wanted.instance.id)
    return made


def _write(session: Session, wanted: Wanted, files: Mapping[str, bytes], person: Person | Addressee) -> Letter:
    locale = language_of(person)
    with use_locale(locale):
        composed = compose(files, wanted.folder, wanted.template, locale, _facts(session, wanted, person))
    text = composed.text if as_locale(person.locale) else f"{composed.text}\n{NO_LANGUAGE.ru}\n{NO_LANGUAGE.en}\n"
    ident = message_id(wanted.key, person.id)
    entry = calendar_entry(ident.strip("<>"), composed.title, *wanted.entry) if wanted.entry else None
    letter = Letter(
        key=wanted.key,
        template=wanted.template,
        subject_id=wanted.course.id if wanted.course else None,
        recipient_id=person.id,
        locale=locale,
        title=composed.title,
        text=text,
        calendar=entry,
        message_id=ident,
        instance_id=wanted.instance.id,
        attached_id=wanted.attached,
        secret_id=wanted.secret,
    )
    if isinstance(person, Addressee):
        letter.to_name, letter.to_address = person.name.into(locale), person.email
    session.add(letter)
    return letter


def language_of(person: Person | Addressee) -> Locale:
    """The recipient's language; where none is known the default one, and the letter says so."""
    return as_locale(person.locale) or DEFAULT_LOCALE


def message_id(key: str, recipient_id: str) -> str:
    """Stable: however often a letter is sent, the recipient's mail program knows it for the same."""
    return f"<{sha256(f'{key} {recipient_id}'.encode()).hexdigest()[:40]}@coomet-courses>"


def _facts(session: Session, wanted: Wanted, person: Person | Addressee) -> Facts:
    address = delivery.address()
    return {
        "recipient": facts.of_person(person),
        "course": facts.of_course(session, wanted.course, address) if wanted.course else None,
        "sheet": facts.of_sheet(session, wanted.sheet, address) if wanted.sheet else None,
        "package": facts.of_package(session, wanted.package, address) if wanted.package else None,
        "approval": publication.of_form(session, wanted.approval, address) if wanted.approval else None,
        "publication": publication.of_course(session, wanted.course, address) if wanted.course else None,
        **planning.of_instance(session, wanted.instance, address),
        "topicality": topicality.of_course(session, wanted.course, address) if wanted.course else None,
        **wanted.more(),
    }


def _send(context: Context, letter: str, to: Sequence[str], about: str | None = None) -> Json:
    """`letters.send`: `about` is the id of a sheet, package, approval form or course; by default the course at hand."""
    session = context.session
    instance = session.get_one(Instance, context.instance_id)
    sheet = session.get(Sheet, about) if about else None
    package = session.get(Package, about) if about and sheet is None else None
    approval = session.get(ApprovalForm, about) if about and not (sheet or package) else None
    course_id = next((one.course_id for one in (sheet, package, approval) if one), about or context.subject)
    course = session.get(Course, course_id) if course_id else None
    people = find(session, [one for one in to if one], About(course, sheet))
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    made = send(session, Wanted(letter, context.key, people, instance, folder, course, sheet, package, approval))
    return {"letters": len(made)}


SEND = Operation("letters.send", _send, {"letter": True, "to": True, "about": False})
