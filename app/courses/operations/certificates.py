"""Operations of the diagram `certificates`: checked on the platform, issued, sent to the platform's address (10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app import clock
from app.connectors.moodle import SYSTEM, Later, Refused, learners
from app.courses import archive, register, submitted
from app.courses.certificates import asking, batches, checking, issuing, letters
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.documents import making
from app.courses.operations.access import due
from app.courses.operations.moodle import AT_A_TIME
from app.courses.platform import connection, looking
from app.courses.register import get_course
from app.engine import Json
from app.workflow.operations import Context, Operation, Outside

DECISION, BY_HAND = "certificate_decision", "certificate_by_hand"


def _open(context: Context, course: str, request: str) -> Json:
    found = asking.get(context.session, request)
    found.instance_id = context.instance_id
    title = register.title(get_course(context.session, course))
    context.about(course, title.into("ru"), title.into("en"))
    return {"due": due(context, "certificate_workdays")}


def _wanted(context: Context, course: str, request: str) -> checking.Wanted:
    found = asking.get(context.session, request)
    return checking.Wanted(found.account, looking.wanted(get_course(context.session, course)))


def _look(request: checking.Wanted, _key: str) -> checking.Found | str:
    return checking.look(request)


def _keep(context: Context, course: str, request: str, answer: checking.Found | str) -> Json:
    found = asking.get(context.session, request)
    return checking.keep(context.session, found, get_course(context.session, course), answer, "system:moodle")


def _confirm(context: Context, request: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, BY_HAND)
    fields = ("finding", "name", "email", "seen")
    said = {name: submitted.text(sent, name) for name in fields} | {"submission": sent.id if sent else None}
    by = sent.by if sent else context.actor
    return checking.keep_word(context.session, asking.get(context.session, request), said, by)


def _issue(context: Context, request: str) -> Json:
    sent = submitted.latest(context.session, context.instance_id, DECISION)
    note, by = submitted.text(sent, "reason"), sent.by if sent else context.actor
    return issuing.issue(context.session, asking.get(context.session, request), note, by)


def _refuse(context: Context, request: str) -> Json:
    """Also where the check itself refused and nobody was asked."""
    sent = submitted.latest(context.session, context.instance_id, DECISION)
    note, by = submitted.text(sent, "reason"), sent.by if sent else "system:courses"
    issuing.refuse(context.session, asking.get(context.session, request), note, by)
    return None


def _tell(context: Context, request: str, letter: str) -> Json:
    return {"letters": letters.tell(context.session, asking.get(context.session, request), letter)}


# --- made and sent ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivery:
    """The document, if it is not in the archive yet, and whose address is asked for."""

    document: making.Request | None
    account: int | None


@dataclass(frozen=True, slots=True)
class Delivered:
    made: making.Made | None
    email: str


def _certificate(context: Context, request: str, certificate: str) -> tuple[Certificate, CertificateRequest]:
    """By the request of a diagram, or by the certificate itself where one was corrected."""
    session = context.session
    if certificate:
        found = session.get_one(Certificate, certificate)
        return found, session.get_one(CertificateRequest, found.request_id)
    asked = asking.get(session, request)
    return session.get_one(Certificate, asked.certificate_id), asked


def _prepare(context: Context, request: str = "", certificate: str = "") -> Delivery:
    found, _asked = _certificate(context, request, certificate)
    kind, _, number = found.learner.partition(":")
    return Delivery(making.prepare(context, making.CERTIFICATE, found.id), int(number) if kind == "moodle" else None)


def _deliver(wanted: Delivery, key: str) -> Delivered:
    """The address that the account has now (A35); the one of the check where the platform tells none."""
    client = connection.client()
    email = ""
    if client is not None and wanted.account is not None:
        try:
            there = learners.by_id(client, wanted.account)
        except Refused:  # the right to see people was taken away meanwhile
            there = None
        email = there.email if there else ""
    return Delivered(making.act(wanted.document, key), email)


def _send(context: Context, answer: Delivered, request: str = "", certificate: str = "") -> Json:
    session = context.session
    found, asked = _certificate(context, request, certificate)
    making.keep(context, making.CERTIFICATE, found.id, answer.made)
    if answer.email:
        found.email = asked.email = answer.email
        session.flush()
    entry = archive.newest_of(session, making.CERTIFICATE, found.id)
    if entry is None:
        raise Later("no_document", "the certificate is not in the archive yet")
    return {"letters": letters.hand_over(session, asked, found, entry), "at": clock.now().isoformat()}


ASKED = {"request": True}
ABOUT = {"course": True, **ASKED}


def _outside(name: str, run: Callable[..., Json], params: Mapping[str, bool], outside: Outside) -> Operation:
    return Operation(name, run, params, outside=outside, system=SYSTEM, at_a_time=AT_A_TIME)


OPERATIONS = (
    Operation("certificates.open", _open, ABOUT, immediate=True),
    _outside("certificates.check", _keep, ABOUT, Outside(_wanted, _look)),
    Operation("certificates.confirm_by_hand", _confirm, ASKED, immediate=True),
    Operation("certificates.issue", _issue, ASKED, immediate=True),
    Operation("certificates.refuse", _refuse, ASKED, immediate=True, result=False),
    Operation("certificates.tell", _tell, {**ASKED, "letter": True}),
    _outside(letters.DELIVER, _send, {"request": False, "certificate": False}, Outside(_prepare, _deliver)),
    Operation(batches.ISSUE, batches.issue_listed, ASKED),
)
