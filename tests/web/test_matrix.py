"""Who may reach what: every route, asked by every kind of person, against the table that is kept beside this test.

The rules come from the URL map, so a new page is in the table or the test fails (S38, S39). Read the table's changes
as you would read a contract. To write it anew: `python -m pytest tests/web/test_matrix.py --write-matrix`.
"""

import re
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from app import clock
from app.config import Config
from app.courses import archive, header
from app.courses.approvals.models import ApprovalForm
from app.courses.creation.models import WorkingFile
from app.courses.documents.making import SHEET
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.courses.monitoring.models import AnnualReport, MonitoredLearner
from app.courses.planning.models import RegisterRequest
from app.courses.surveys import questionnaires
from app.demo import seed
from app.i18n import Text
from app.identity.models import Person
from app.web.access import audience
from app.workflow.models import Incident
from tests.web import learners
from tests.web.addresses import Things
from tests.web.conftest import Enter
from tests.web.test_documents import BODY, PDF

TABLE = Path(__file__).parent / "matrix.txt"
PERSONAS = (
    "",
    "guest",
    "admin-by",
    "ns-kz",
    "chair-14",
    "chair-15",
    "member-16",
    "creator-by",
    "secretariat",
    "tc4",
    "analyst",
    "operator",
    "auditor",
)
UNTOUCHED = {"assets.styles", "static", "account.set_language", "account.set_theme", "account.sign_out"}
UNTOUCHED |= {"personas.sign_in", "clock.move"}


@pytest.fixture
def asked_for(busy_site: Flask, found: Things) -> dict[str, str]:
    """Variable of a rule -> id; a row of every kind that the course of the demo may still lack is added."""
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    config: Config = busy_site.extensions["config"]
    pdf = archive.Attachment("form.ru.pdf", PDF, "application/pdf", "ru")
    with sessions.begin() as session:
        course = session.get_one(Course, found.course)
        course.published_at = clock.now()
        person = session.scalars(sa.select(Person).where(Person.email == seed.address("member-14"))).one()
        head: dict[str, object] = {"title_ru": "Курс", "title_en": "Course", "creator": None, "coordinators": []}
        head["administrator"] = header.person(session, person)
        form = ApprovalForm(course_id=course.id, number="F1", position=1, description=False, content=False,
                            copyright=False, header=head, may_place=False, needs_rework=True, recommendation="R/TR/XX",
                            decided_by="nobody")  # fmt: skip
        working = WorkingFile(course_id=course.id, file_id=found.file, name="draft.pdf", added_by="nobody")
        stopped = Incident(instance_id=found.instance, kind="job", message_ru="Стоит", message_en="It stands",
                           detail="", opened_at=clock.now())  # fmt: skip
        asker = session.scalars(sa.select(Person).where(Person.email == seed.address("ns-kz"))).one()
        released = RegisterRequest(year=2026, organisation_id="ns-kz", asked_by=asker.id, state="released",
                                   decided_by="nobody", decided_at=clock.now())  # fmt: skip
        learner = MonitoredLearner(course_id=course.id, user_id=7, name="Learner", search="learner", sorting="learner")
        meeting = AnnualReport(number="TC4-2027-1", meeting_on=date(2027, 3, 2), set_by="nobody")
        session.add_all([form, working, stopped, released, learner, meeting])
        title = Text("Лист согласования", "Agreement sheet")
        entry = archive.add(session, SHEET, course, found.sheet, title, BODY, "system:test", [pdf], config.files)
        session.flush()
        letter = session.scalars(sa.select(Letter.id).where(Letter.subject_id == course.id)).first()
        return found.values() | {
            "form_id": form.id,
            "incident_id": stopped.id,
            "entry_id": entry.id,
            "position": "0",
            "questionnaire": questionnaires.of(session, course).code,
            "letter_id": letter or "",
            "report_id": meeting.id,
            "person_id": person.id,
            "request_id": released.id,
            "code": "cbkt_guidance",
            **learners.furnish(session, course.id),
        }


def rules(app: Flask) -> list[tuple[str, Rule]]:
    """Method and rule of everything that a person can ask for, in a fixed order."""
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if rule.endpoint not in UNTOUCHED
    ]
    return sorted(found, key=lambda pair: (pair[1].rule, pair[0]))


def address(rule: Rule, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)


def asked(enter: Enter, app: Flask, values: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    """For each method and rule the status that each persona gets. A POST is empty: what passes may be 409 or 422."""
    table: dict[tuple[str, str], list[str]] = {}
    for key in PERSONAS:
        client = enter(key)
        token = client.token()
        for method, rule in rules(app):
            where = address(rule, values)
            if method == "GET":
                answer = client.browser.get(where, buffered=True)
            else:
                answer = client.browser.post(where, data={"csrf_token": token, "nonce": "", "revision": "99"})
            said = str(answer.status_code)
            if answer.headers.get("Location", "").startswith("/demo?next"):
                said = "in"
            table.setdefault((method, rule.rule), []).append(said)
    return table


def written(table: dict[tuple[str, str], list[str]], app: Flask) -> str:
    endpoints = {(method, rule.rule): rule.endpoint for method, rule in rules(app)}
    width = max(len(rule.rule) for _method, rule in rules(app)) + 2
    head = f"{'':5}{'':{width}}" + "".join(f"{key or 'nobody':>12}" for key in PERSONAS) + "  audience"
    lines = [head]
    for (method, rule), cells in table.items():
        row = f"{method:5}{rule:{width}}" + "".join(f"{cell:>12}" for cell in cells)
        lines.append(f"{row}  {audience(endpoints[method, rule])}")
    return "\n".join(lines) + "\n"


def test_every_route_answers_every_persona_as_the_table_says(
    busy_site: Flask, enter_busy: Enter, asked_for: dict[str, str], request: pytest.FixtureRequest
) -> None:
    text = written(asked(enter_busy, busy_site, asked_for), busy_site)
    if request.config.getoption("--write-matrix"):
        TABLE.write_text(text, "utf-8")
    assert text == TABLE.read_text("utf-8")


def test_who_holds_nothing_reaches_nothing_of_others() -> None:
    """Read from the table: the guest gets 404 wherever an id stands, and never a 403 that tells that it exists."""
    lines = TABLE.read_text("utf-8").splitlines()[1:]
    guest = PERSONAS.index("guest")
    for line in lines:
        cells = line.split()[2:]
        if "_id>" in line and "/demo/" not in line:
            assert cells[guest] in {"404", "405"}, line
        assert "403" not in cells
        assert "500" not in cells
