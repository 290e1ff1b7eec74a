"""What the forms of the announcement show: recipients, the letter in both languages, what did not arrive (12)."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.courses import people, settings
from app.courses.announcements import contacts, log
from app.courses.letters import delivery, publication
from app.courses.letters.composing import compose
from app.courses.letters.facts import of_course as course_facts
from app.courses.models import Course
from app.engine import Json
from app.i18n import LOCALES, Locale, _, ngettext, use_locale
from app.identity.models import Person
from app.workflow import releases

FOLDER, LETTER = "announcement", "invitation"


def _invitations(session: Session, course: Course) -> dict[str, Json]:
    found = contacts.of_nmis(session, settings.today(session))
    facts = publication.of_course(session, course, delivery.address())
    coordinators = people.coordinators(session, course)
    return {
        "language_of": facts["language"],
        "access": course.access or None,
        "platform_link": course.platform_url,
        "contacts": "\n".join(_coordinator(session, one) for one in coordinators),
        "recipients": "\n".join([_count(found), *(_recipient(one) for one in found)]),
        **{f"preview_{locale}": _preview(session, course, locale) for locale in LOCALES},
    }


def _coordinator(session: Session, one: Person) -> str:
    home = str(people.organisation_of(session, one))
    return ", ".join(part for part in (str(one.name), home, people.contact(one)) if part)


def _count(found: list[contacts.Contact]) -> str:
    letters = sum(1 for one in found if one.email)
    return ngettext("%(num)s letter:", "%(num)s letters:", letters)


def _recipient(one: contacts.Contact) -> str:
    institute = str(one.organisation.name)
    if not one.email:
        return f"{institute}: " + _("nobody to write to")
    language = _("in Russian") if one.locale == "ru" else _("in English")
    if one.assumed:
        language += ", " + _("the language is not known: the default one")
    who = institute if one.contact == contacts.INSTITUTE else f"{institute}, {one.name}"
    return f"{who}: {one.email} ({language})"


def _preview(session: Session, course: Course, locale: Locale) -> str:
    """The letter as it stands in the newest release; an address is all that differs between recipients."""
    release = releases.current(session)
    if release is None:
        return ""
    with use_locale(locale):
        facts: dict[str, Json] = {
            "recipient": {"name": "…"},
            "course": course_facts(session, course, delivery.address()),
            "publication": publication.of_course(session, course, delivery.address()),
            "how_to_apply": "…" if course.access == "restricted" else "",
        }
        made = compose(releases.load(session, release.id).files, FOLDER, LETTER, locale, facts)
    return f"{made.title}\n\n{made.text}"


def _undelivered(session: Session, course: Course) -> dict[str, Json]:
    rows: list[Json] = [
        {"recipient": f"{one.organisation.name}: {one.invitation.email or '–'}", "trouble": one.trouble}
        for one in log.unanswered(session, course.id)
    ]
    return {"undelivered": rows}


def exports() -> dict[str, Json]:
    """Addresses of the list as it stands now, one a line."""
    address = f"{delivery.address()}/portal"
    kinds = ("?lang=ru", "?lang=en", ".csv", ".json", "/fragment?lang=ru", "/fragment?lang=en")
    return {"exports": "\n".join(f"{address}{kind}" for kind in kinds)}


FORMS: Mapping[str, Callable[[Session, Course], dict[str, Json]]] = {
    "announcement_invitations": _invitations,
    "announcement_undelivered": _undelivered,
    "portal_placed": lambda _session, _course: exports(),
}
