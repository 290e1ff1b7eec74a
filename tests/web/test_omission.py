"""S69: every route that changes something leaves exactly one event of it, whoever asks and whatever fails later.

The rules come from the URL map: a new POST route without an entry in `changing` makes the test fail.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import IO, Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from app import worker
from app.audit.models import EventRow
from app.connectors.mail import Mailbox
from app.courses.certificates.models import Certificate
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.courses.monitoring import figures
from app.demo import seed
from app.identity import people
from app.identity.models import AccountSession
from app.workflow import standstill
from app.workflow.models import Deadline, Incident
from app.workflow.studio import publishing
from tests.fault.test_mail import BOUNCE
from tests.web.addresses import Things
from tests.web.changing import CHANGES, ELSEWHERE, EMAIL, OTHER, SILENT, Change, to_publish
from tests.web.client import Client
from tests.web.conftest import Enter
from tests.web.furnished import furnish
from tests.web.monitored import SAMPLES
from tests.web.test_matrix import PERSONAS
from tests.web.test_running import stuck

PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
DONE_WITHOUT_A_FORM = {one.endpoint for one in CHANGES if not one.body}
DONE_WITHOUT_A_FORM |= {"appointments.end", "certification.set_hours", "people.close", "people.reopen"}
"""They need no answers: their refusals are in the table of permissions, and this would do them."""
DENIALS = {"access:denied", "task:denied"}
NEVER_THERE = {"accounts.change_password", "accounts.end_session", "personas.sign_in", "sign_in.take"}
"""What an empty form names does not exist for anybody (no such session, no such person): nobody is refused it."""


def posts(app: Flask) -> dict[str, Rule]:
    """Endpoint -> rule of every route that takes a POST."""
    return {rule.endpoint: rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}


def address(rule: Rule, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)


def test_s69_every_route_that_takes_a_post_has_its_entry(busy_site: Flask) -> None:
    known = [one.endpoint for one in CHANGES] + list(SILENT) + list(ELSEWHERE)
    assert Counter(known) == Counter(posts(busy_site).keys()), "a route without an entry, or an entry without a route"


class Site:
    """The site while the acts are done one after the other."""

    def __init__(self, app: Flask, enter: Enter, values: dict[str, str]) -> None:
        self.app, self.enter, self.values = app, enter, values
        self.sessions: sessionmaker[Session] = app.extensions["sessions"]
        self.rules = posts(app)
        self.people: dict[str, Client] = {}
        self.known: dict[str, str] = {}

    def client(self, who: str) -> Client:
        """`@link`: who has opened the link of the invitation; `@member`: the same, by now signed in."""
        if who == "@link":
            client = self.people["@member"] = self.enter()
            client.get(f"/link/{self._token()}", expect=303)
            return client
        if not who:
            return self.enter()
        if who not in self.people:
            self.people[who] = self.enter(who)
        return self.people[who]

    def _token(self) -> str:
        worker.work_off(self.sessions)
        box: Mailbox = self.app.extensions["demo_mailbox"]
        found = re.search(r"/link/([\w-]+)", box.messages(EMAIL)[0].text)
        assert found is not None
        return found[1]

    def resolved(self, value: Any) -> Any:
        """`@name`: a person of the demo, or one of the things below."""
        if not isinstance(value, str) or not value.startswith("@"):
            return value
        things: dict[str, Callable[[], Any]] = {
            "new": lambda: self._person(EMAIL),
            "other_session": lambda: self._another_session(self._person(EMAIL)),
            "file": lambda: (io.BytesIO(PDF), "notes.pdf"),
            "report": self._report,
            "request": lambda: self._request(anew=False),
            "new_request": lambda: self._request(anew=True),
            "failed": self._failed,
            "certificate": self._certificate,
            "quiet": lambda: str(worker.work_off(self.sessions)),
            "log": lambda: self._brought("log-views.csv"),
            "progress": lambda: self._brought("progress.csv"),
        }
        key = value[1:]
        return things[key]() if key in things else self._person(seed.address(key))

    def _person(self, email: str) -> str:
        """Asked for once: whoever is closed later is found by nobody."""
        if email not in self.known:
            with self.sessions() as session:
                found = people.find_by_email(session, email)
                assert found is not None, email
                self.known[email] = found.id
        return self.known[email]

    def _report(self) -> str:
        with self.sessions() as session:
            ident = session.get_one(Letter, self.values["letter_id"]).message_id
        return BOUNCE.format(action="failed", ident=ident)

    def _request(self, *, anew: bool) -> str:
        """The request to publish that waits; `anew`: made where there is none."""
        if anew:
            self._ask_again()
        with self.sessions() as session:
            found = publishing.waiting(session)
            assert found is not None
            return found.id

    def _ask_again(self) -> None:
        client = self.client("analyst")
        with self.sessions() as session:
            if publishing.waiting(session) is not None:
                return
        client.post("/studio/draft")
        client.post("/studio/publish/ask", dict(to_publish(client, {})))

    def _certificate(self) -> str:
        """The newest one."""
        with self.sessions() as session:
            return session.scalars(sa.select(Certificate.id).order_by(Certificate.serial.desc()).limit(1)).one()

    def _brought(self, name: str) -> tuple[IO[bytes], str]:
        """A file of the platform, for a course that is there and of which the platform itself tells nothing."""
        worker.work_off(self.sessions)
        with self.sessions.begin() as session:
            course = session.get_one(Course, self.values["course_id"])
            course.platform_id = 2
            figures.of_course(session, course.id).trouble = "it tells nothing"
        return (SAMPLES / name).open("rb"), name

    def _failed(self) -> str:
        """The operation that fails for good, as it stands after the worker has come to it."""
        worker.work_off(self.sessions)
        with self.sessions() as session:
            found = sa.select(Incident.id).where(Incident.element == "ask", Incident.closed_at.is_(None))
            return session.scalars(found).one()

    def _another_session(self, person_id: str) -> str:
        """Signed in at one more browser, whose session is to end."""
        mine = sa.select(AccountSession.id).where(AccountSession.person_id == person_id)
        with self.sessions() as session:
            before = set(session.scalars(mine))
        self.enter().post("/sign-in", {"email": EMAIL, "password": OTHER})
        with self.sessions() as session:
            return (set(session.scalars(mine)) - before).pop()

    def kinds(self) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(sa.select(EventRow.kind).order_by(EventRow.seq)))

    def dump(self) -> str:
        """Everything that the database holds, in short."""
        with self.sessions() as session:
            lines: Iterator[str] = session.connection().connection.driver_connection.iterdump()  # type: ignore[union-attr]  # sqlite3's own
            return sha256("\n".join(lines).encode()).hexdigest()

    def act(self, change: Change) -> list[str]:
        """Done twice: first with a fault at the very end, which must leave nothing, then whole. What went wrong."""
        client = self.client(change.who)
        values = self.values | {name: self.resolved(value) for name, value in change.values.items()}
        where = address(self.rules[change.endpoint], values)
        fields = {name: self.resolved(value) for name, value in change.fields(client, values).items()}
        wrong = [f"{change.endpoint} with a fault: {one}" for one in self._broken(client, where, fields)]
        fields = {name: self.resolved(value) for name, value in change.fields(client, values).items()}
        before = len(self.kinds())
        answer = client.browser.post(where, data={**fields, "csrf_token": client.token()})
        written = self.kinds()[before:]
        if answer.status_code != 303:
            wrong.append(f"{change.endpoint}: {answer.status_code} {text_of(answer.text)}")
        if written.count(change.kind) != 1:
            wrong.append(f"{change.endpoint}: {written.count(change.kind)} times {change.kind}, among {written}")
        if change.alone and written != [change.kind]:
            wrong.append(f"{change.endpoint}: besides {change.kind} also {written}")
        return wrong

    def _broken(self, client: Client, where: str, fields: dict[str, Any]) -> list[str]:
        token, before = client.token(), self.dump()

        def fail(_session: Session) -> None:
            raise OperationalError("COMMIT", {}, Exception("the disk is gone"))

        sa.event.listen(self.sessions, "before_commit", fail)
        try:
            answer = client.browser.post(where, data={**fields, "csrf_token": token})
        finally:
            sa.event.remove(self.sessions, "before_commit", fail)
        found = [] if answer.status_code == 503 else [f"it answers {answer.status_code}"]
        return found + ([] if self.dump() == before else ["something was kept all the same"])


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))[:300]


def test_s69_each_act_leaves_its_event_once_and_none_where_a_later_step_fails(
    busy_site: Flask, enter_busy: Enter, found: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(busy_site, enter_busy, furnish(busy_site, found))
    stuck(busy_site, monkeypatch)
    wrong = []
    for change in CHANGES:
        if change.endpoint == "standstill.end":
            with site.sessions.begin() as session:
                standstill.begin(session, "tester", {})
        wrong += site.act(change)
    assert not wrong, "\n".join(wrong)


def test_s69_a_refusal_is_one_event_whoever_is_refused_and_what_is_wrong_leaves_none(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    """Every route × every persona, with an empty form: nothing in it can be done."""
    site = Site(busy_site, enter_busy, furnish(busy_site, found))
    with site.sessions() as session:
        deadline = session.scalars(sa.select(Deadline.name).where(Deadline.task_id == found.task)).first()
    wrong = []
    for key in PERSONAS:
        client = enter_busy(key)
        for endpoint, rule in sorted(site.rules.items()):
            if endpoint in {*SILENT, *ELSEWHERE, *DONE_WITHOUT_A_FORM}:
                continue
            token, before = client.token(), len(site.kinds())
            answer = client.browser.post(address(rule, site.values), data={"csrf_token": token, "deadline": deadline})
            written = site.kinds()[before:]
            refused = answer.status_code == 404 and endpoint not in NEVER_THERE and key
            fits = len(written) == 1 and written[0] in DENIALS if refused else not written
            if not fits:
                wrong.append(f"{endpoint} as {key or 'nobody'}: {answer.status_code} leaves {written}")
    assert not wrong, "\n".join(wrong)
