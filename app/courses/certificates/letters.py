"""News to a learner: to the address of the account on the platform, and to no other (R10.3-a)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.courses.certificates import eligibility, printed
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.letters import delivery
from app.courses.letters.facts import Facts
from app.courses.letters.recipients import Addressee
from app.courses.letters.sending import Wanted, send
from app.courses.models import Course
from app.courses.models_kept import ArchiveEntry
from app.i18n import Text, as_locale, format_date, gettext
from app.workflow import jobs, releases
from app.workflow.models import Instance

DELIVER = "certificates.deliver"
ISSUED, REFUSED, CONSIDERED, OVERTAKEN = (
    "certificate_issued",
    "certificate_refused",
    "certificate_considered",
    "certificate_overtaken",
)


def deliver_later(session: Session, certificate: Certificate) -> None:
    """Have it made and sent after commit, where no diagram waits for it."""
    jobs.enqueue(session, DELIVER, {"certificate": certificate.id}, key=f"{DELIVER}:{certificate.id}")


def tell(session: Session, request: CertificateRequest, letter: str) -> int:
    """A letter about the request; none where the platform knows no such account or shows no address."""
    if not request.email:
        return 0
    return _send(session, request, letter, f"{letter}:{request.id}", lambda: {"certificate_request": of(request)})


def hand_over(session: Session, request: CertificateRequest, certificate: Certificate, entry: ArchiveEntry) -> int:
    """The certificate itself, both languages attached; asked for again, the same one goes out again."""
    key = f"{ISSUED}:{certificate.id}:{request.id}"
    return _send(session, request, ISSUED, key, lambda: {"certificate": of_certificate(certificate)}, entry.id)


def _send(
    session: Session,
    request: CertificateRequest,
    letter: str,
    key: str,
    facts: Callable[[], Facts],
    attached: str | None = None,
) -> int:
    instance = session.get(Instance, request.instance_id) if request.instance_id else None
    if instance is None:
        return 0
    folder = releases.specification(session, instance.release_id).processes[instance.process].folder
    to = Addressee(request.id, Text(request.name, request.name), request.email, as_locale(request.locale) or "ru")
    course = session.get_one(Course, request.course_id)
    wanted = Wanted(letter, key, [to], instance, folder, course, more=facts, attached=attached)
    return len(send(session, wanted))


def of(request: CertificateRequest) -> Facts:
    """`certificate_request` of a letter: why, in the recipient's language."""
    return {
        "reason": gettext(eligibility.REASONS[request.reason]) if request.reason in eligibility.REASONS else "",
        "note": request.note,
        "tests": [_test(one) for one in request.tests if one.get("outcome") in ("failed", "not_taken")],
        "page": f"{delivery.address()}/certificates/ask/{request.course_id}",
    }


def _test(one: Mapping[str, Any]) -> str:
    section = f"{one['section']}: " if one.get("section") else ""
    return f"{section}{one['name']} – {gettext(eligibility.OUTCOMES[str(one['outcome'])])}"


def of_certificate(one: Certificate) -> Facts:
    """`certificate` of a letter."""
    return {
        "number": one.number,
        "date": format_date(one.issued_on),
        "code": printed.spaced(one.code),
        "link": printed.link(one),
        "corrected": one.edition > 0,
    }
