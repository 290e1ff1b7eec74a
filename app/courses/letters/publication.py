"""What a letter says about an approved course: the form for approval, the platform, access, coordinators' contacts."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses import people
from app.courses.approvals.models import ApprovalForm
from app.courses.letters.facts import Facts
from app.courses.models import Course
from app.engine import Json
from app.errors import N_
from app.i18n import _, current_locale, format_date
from app.identity.models import Person
from app.identity.places import default_place

SIGN_UP = "https://e-learning.bipm.org/login/signup.php"
"""Where an account on the platform is created (footnote 2 of clause 4.6)."""
ACCESS = {"open": N_("open access"), "restricted": N_("restricted access"), "": N_("not chosen yet")}
LANGUAGES = {"ru": N_("Russian"), "en": N_("English"), "ru_en": N_("Russian and English")}


def of_form(session: Session, form: ApprovalForm, address: str) -> Facts:
    zone = ZoneInfo(default_place(session).zone)
    return {
        "number": form.number,
        "date": format_date(form.decided_at.astimezone(zone).date()),
        "may_place": form.may_place,
        "remarks": form.remarks,
        "repeat_agreement": form.repeat_agreement,
        "administrator": str(form.header["administrator"][f"name_{current_locale()}"]),
        "link": f"{address}/courses/{form.course_id}/approvals/{form.id}",
    }


def of_course(session: Session, course: Course, address: str) -> Facts:
    """`link` is that of the platform; empty until the course is there."""
    coordinators: list[Json] = [_coordinator(session, one) for one in people.coordinators(session, course)]
    texts = (course.description_ru, course.description_en)
    description = (texts[0] or texts[1]) if current_locale() == "ru" else (texts[1] or texts[0])
    return {
        "link": course.platform_url,
        "description": description,
        "access": _(ACCESS[course.access]),
        "restricted": course.access == "restricted",
        "language": _(LANGUAGES[course.language]),
        "coordinators": coordinators,
        "sign_up": SIGN_UP,
        "portal": f"{address}/portal",
    }


def _coordinator(session: Session, person: Person) -> Json:
    home = people.organisation_of(session, person)
    return {"name": str(person.name), "organisation": str(home), "contact": people.contact(person)}
