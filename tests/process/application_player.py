"""Plays a scenario through the program: forms, permissions, database, jobs, letters; the clock moves on demand."""

from collections import defaultdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, worker
from app.connectors.mail import Mailbox
from app.connectors.moodle import Access, Client
from app.connectors.moodle.stand_in import CATEGORY, MANAGER, StandIn, in_process
from app.courses import agreements, choices, descriptions, installation, materials, platform, settings, sheets, status
from app.courses.access import granting, listing, sealed
from app.courses.access.models import AccessEntry
from app.courses.advice import looks
from app.courses.announcements import log
from app.courses.approvals import kept
from app.courses.certificates import asking
from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.documents import fonts, making
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.courses.monitoring import imports, receiving
from app.db import new_id
from app.files.models import File
from app.files.store import store
from app.forms import Context
from app.i18n import use_locale
from app.identity.actors import Actor, actor_of
from app.identity.calendars import add_workdays
from app.identity.models import Organisation
from app.workflow import events, instances, messages, releases, starts, tasks
from app.workflow.models import Blob, Deadline, Incident, Instance, Job, Release, Task, Timer
from tests import plain_documents
from tests.conftest import TestClock
from tests.process import by_hand, cast, learning, prepared
from tests.process.planned import Planned
from tests.process.scenario import ROOT, Scenario, Step

PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


@cache
def files_of_this_release() -> dict[str, bytes]:
    return releases.read_folders(ROOT)


@cache
def typefaces() -> dict[str, bytes]:
    return dict(fonts.read(ROOT / "app" / "web" / "static" / "dist"))


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010"
    "0c9fe92ef0000000049454e44ae426082"
)
"""A picture of one pixel."""

_published: list[Release] = []


def publish(session: Session) -> None:
    """The folders as a release: checked once in this process, later under the same id, so that it stays compiled."""
    files = files_of_this_release()
    if not _published:
        _published.append(releases.publish(session, files, "system:test", source="folders"))
        return
    kept = _published[0]
    columns = {column.key: getattr(kept, column.key) for column in sa.inspect(Release).column_attrs}
    session.execute(sa.insert(Release), [columns])
    blobs = {digest: files[path] for path, digest in kept.manifest.items()}
    session.execute(sa.insert(Blob), [{"sha256": digest, "data": data} for digest, data in blobs.items()])


class ApplicationPlayer(Planned):
    """One instance of a procedure, and everything a scenario may look at."""

    def __init__(
        self, sessions: sessionmaker[Session], folder: Path, scenario: Scenario, moved_clock: TestClock
    ) -> None:
        self.sessions, self.folder, self.scenario, self.clock = sessions, folder, scenario, moved_clock
        self.mailbox = Mailbox(folder / "mail")
        self.instance = self.course = ""
        installation.install(self.mailbox, "https://courses.example")
        looks.install(folder / "files")
        receiving.install(folder / "files")
        sealed.install("a secret of the tests")
        self.make_documents(plain_documents.render_all)
        self.platform = StandIn(folder / "moodle.db", "http://127.0.0.1:9/moodle")
        platform.install(self._client() if scenario.platform == "stand_in" else None)
        with sessions.begin() as session:
            self.people = cast.gather(session, scenario.people)
            publish(session)
            for name, value in scenario.settings.items():
                settings.change(session, name, value, settings.today(session), "system:test")

    def make_documents(self, render: making.Renderer) -> None:
        """With `making.typeset` as PDF proper, which takes a process of its own and seconds each time."""
        making.install(self.folder / "files", typefaces(), None, render)

    def _client(self) -> Client:
        return Client(Access(self.platform.base, MANAGER, CATEGORY, private=True), in_process(self.platform))

    def play(self) -> "ApplicationPlayer":
        for step in self.scenario.steps:
            self.take(step)
        return self

    def take(self, step: Step) -> None:
        if step.only == "engine":
            return
        getattr(self, f"_{step.kind}")(step)
        worker.work_off(self.sessions)
        with self.sessions() as session:
            found = [f"{one.message_en} {one.detail}" for one in session.scalars(sa.select(Incident))]
            stuck = sa.select(Job.operation, Job.last_error).where(Job.outcome.is_(None), Job.last_error.is_not(None))
            found += [f"{operation}: {error}" for operation, error in session.execute(stuck)]
        assert not found, f"{self.scenario}: {step}: {found}"

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, self.people[name])

    def open_task(self, session: Session, element: str, of: str | None = None, person: str | None = None) -> Task:
        query = sa.select(Task).where(
            Task.instance_id == self.instance, Task.closed_at.is_(None), Task.element == element
        )
        found = session.scalars(query.where(Task.organisation == of) if of else query).all()
        found = [task for task in found if len(found) == 1 or task.person == person]
        assert len(found) == 1, f"{self.scenario}: {element} {of}: {len(found)} such tasks are open"
        return found[0]

    def open_tasks(self, session: Session) -> list[str]:
        query = sa.select(Task).where(Task.instance_id == self.instance, Task.closed_at.is_(None))
        rows = session.scalars(query).all()
        return sorted(f"{t.element} {t.organisation}" if _addressed(t) else t.element for t in rows)

    def _start(self, step: Step) -> None:
        with self.sessions.begin() as session:
            actor = self.actor(session, step.by)
            values = self.resolved(session, dict(step.values), step.by)
            context = self.context(session, choices.context(session, step.name, None, {}))
            started = starts.submit(
                session, actor, self.scenario.process, values, nonce=new_id(), context=context
            )  # fmt: skip
            self.instance, self.course = started.id, str(started.subject)

    def _begin(self, step: Step) -> None:
        """As another procedure calls it: with one input, a course that has come so far."""
        with self.sessions.begin() as session:
            self.course = prepared.course(session, self.people, self.scenario.prepared)
            release = releases.current(session)
            assert release is not None
            data = {"course": self.course}
            by = self.people[step.by]
            self.instance = instances.start(session, release.id, step.name, data, by, subject=self.course).id

    def _event(self, step: Step) -> None:
        """The event is announced; what it starts is the scenario's procedure."""
        with self.sessions.begin() as session:
            self.course = prepared.course(session, self.people, self.scenario.prepared)
            events.announce(session, step.name, self.course)
        worker.work_off(self.sessions)
        with self.sessions() as session:
            started = sa.select(Instance.id).where(Instance.process == self.scenario.process)
            self.instance = session.scalars(started).one()

    def _request(self, step: Step) -> None:
        """A learner asks for a certificate on the public page; what it starts is played."""
        with self.sessions.begin() as session:
            self._prepare_once(session)
            asking.ask(session, session.get_one(Course, self.course), step.name, "ru")
        self._follow()

    def _admit(self, step: Step) -> None:
        """A coordinator makes a list on the course's page."""
        with self.sessions.begin() as session:
            self._prepare_once(session)
            people = listing.read("\n".join(step.values["people"]), addresses=step.name == "key").people
            asked = granting.Asked(people, "Письмо института", confirmed=True)
            actor = self.actor(session, step.by)
            if step.name == "key":
                granting.send_key(session, actor, self.course, asked, step.values["key"])
            else:
                granting.enrol_list(session, actor, self.course, asked)
        self._follow()

    def _annul(self, step: Step) -> None:
        with self.sessions.begin() as session:
            session.get_one(Course, self.course).stage = prepared.ANNULLED

    def _prepare_once(self, session: Session) -> None:
        if not self.course:
            self.course = prepared.course(session, self.people, self.scenario.prepared)
            learning.prepare(session, self.platform, self.course, self.scenario.prepared)
            if self.scenario.prepared.get("annulled"):
                session.get_one(Course, self.course).stage = prepared.ANNULLED

    def _follow(self) -> None:
        """The newest instance of the procedure is the one that is looked at."""
        worker.work_off(self.sessions)
        with self.sessions() as session:
            started = sa.select(Instance.id).where(Instance.process == self.scenario.process)
            self.instance = session.scalars(started.order_by(Instance.id.desc()).limit(1)).one()

    def _task(self, step: Step) -> None:
        with self.sessions.begin() as session:
            actor = self.actor(session, step.by)
            found = self.open_task(session, step.name, step.of, self.people[step.by])
            opened = tasks.get_task_for(session, actor, found.id)
            values = self.resolved(session, dict(step.values), step.by)
            form = opened.form.name if opened.form else ""
            known = choices.context(session, form, found.subject, tasks.data_of(session, opened))
            context = self.context(session, known)
            tasks.complete(
                session, actor, found.id, values, nonce=new_id(), revision=found.revision, context=context
            )  # fmt: skip

    def context(self, session: Session, known: Context) -> Context:
        files = {file.id: file for file in session.scalars(sa.select(File))}
        return Context(known.options, known.current, files, clock.now().date())

    def _timer(self, step: Step) -> None:
        """Time goes on to the moment of the timer; whatever is due before fires before."""
        with self.sessions() as session:
            query = sa.select(Timer).where(Timer.element == step.name, Timer.instance_id == self.instance)
            if step.of is not None:
                query = query.join(Deadline, Deadline.id == Timer.deadline_id).join(Task, Task.id == Deadline.task_id)
                query = query.where(Task.organisation == step.of)
            due = session.scalars(query).one().due
        assert due is not None
        self.clock.set(max(due, self.clock.moment))

    def _message(self, step: Step) -> None:
        """It comes from outside of the procedure; `of` is its key."""
        with self.sessions.begin() as session:
            messages.send(session, step.name, step.of, dict(step.values))

    def _log(self, step: Step) -> None:
        """A log export of the samples is brought on the course's import page."""
        path = ROOT / "tests" / "samples" / "monitoring" / step.name
        with self.sessions.begin() as session, path.open("rb") as file:
            course = session.get_one(Course, self.course)
            imports.take(session, course, file, step.name, "UTC", self.people[step.by])

    def _appoint(self, step: Step) -> None:
        member = next(one for one in self.scenario.people if one.name == step.name)
        with self.sessions.begin() as session:
            cast.appoint(session, member, self.people[member.name], clock.now().date())

    def _platform(self, step: Step) -> None:
        """What somebody sets on the platform itself: `image` (the splash or another one), `enrolment` (methods)."""
        by_hand.set_up(self, step.values)

    def _expect(self, step: Step) -> None:
        with self.sessions() as session, use_locale("ru"):
            found = {name: getattr(self, f"_found_{name}")(session) for name in step.values}
        wanted: dict[str, Any] = dict(step.values)
        if "open" in wanted:
            wanted["open"] = sorted(wanted["open"])
        if "letters" in wanted:
            wanted["letters"] = {name: sorted(people) for name, people in wanted["letters"].items()}
            found["letters"] = {name: found["letters"].get(name, []) for name in wanted["letters"]}
        for name in ("sheets", "rounds"):
            if wanted.get(name):
                found[name] = {body: found[name].get(body) for body in wanted[name]}
        assert found == wanted, f"{self.scenario}: {found}, not {wanted}"

    def _found_open(self, session: Session) -> list[str]:
        return self.open_tasks(session)

    def _found_ended(self, session: Session) -> str | None:
        return session.get_one(Instance, self.instance).end_event

    def _found_sheets(self, session: Session) -> dict[str, str]:
        passage = agreements.of_course(session, self.course)
        return {sheet.body_id: sheet.state for sheet in sheets.of_agreement(session, passage.id)}

    def _found_rounds(self, session: Session) -> dict[str, int]:
        passage = agreements.of_course(session, self.course)
        return {
            sheet.body_id: len(sheets.rounds(session, sheet.id))
            for sheet in sheets.of_agreement(session, passage.id)
        }  # fmt: skip

    def _found_versions(self, session: Session) -> int:
        return len(materials.versions(session, self.course))

    def _found_stage(self, session: Session) -> str:
        return session.get_one(Course, self.course).stage

    def _found_forms(self, session: Session) -> list[bool]:
        """Forms for approval, oldest first: whether the course may be placed."""
        return [one.may_place for one in reversed(kept.of_course(session, self.course))]

    def _found_invitations(self, session: Session) -> dict[str, int]:
        return log.count(log.entries(session, self.course))

    def _found_requests(self, session: Session) -> list[str]:
        query = sa.select(CertificateRequest.state).order_by(CertificateRequest.asked_at, CertificateRequest.id)
        return list(session.scalars(query))

    def _found_certificates(self, session: Session) -> int:
        return len(session.scalars(sa.select(Certificate.id).where(Certificate.revoked_at.is_(None))).all())

    def _found_admitted(self, session: Session) -> dict[str, str]:
        return {one.account: one.state for one in session.scalars(sa.select(AccessEntry))}

    def _found_status(self, session: Session) -> str:
        return status.sentence(session, session.get_one(Course, self.course))

    def _found_letters(self, session: Session) -> dict[str, list[str]]:
        """Template -> who got it, as the mailbox has it: people of the scenario, organisations by id, else by name."""
        names = {person: name for name, person in self.people.items()}
        taken = {one.message_id: one.copies for one in self.mailbox.messages()}
        found: dict[str, list[str]] = defaultdict(list)
        for letter in session.scalars(sa.select(Letter)):
            assert taken[letter.message_id] == 1
            body = session.get(Organisation, letter.recipient_id)
            found[letter.template].append(names.get(letter.recipient_id) or (body.id if body else letter.to_name))
        return {template: sorted(people) for template, people in found.items()}

    def resolved(self, session: Session, value: Any, by: str) -> Any:
        match value:
            case dict():
                return {name: self.resolved(session, one, by) for name, one in value.items()}
            case list():
                return [self.resolved(session, one, by) for one in value]
            case "$description":
                return descriptions.compose(session, session.get_one(Course, self.course))
            case str() if value.startswith("$"):
                return self.people[value[1:]]
            case str() if value.startswith("file:"):
                return self._upload(session, value[5:], by)
            case str() if value.startswith("workdays:"):
                return add_workdays(session, "BY", clock.today("Europe/Minsk"), int(value[9:])).isoformat()
        return value

    def _upload(self, session: Session, name: str, by: str) -> str:
        content = PNG if name.endswith(".png") else PDF + f"% {name}\n".encode()
        return store(self.folder / "files", session, BytesIO(content), name, self.people[by], 1 << 20).id


def _addressed(task: Task) -> bool:
    return task.process == "sheet" and task.organisation is not None
