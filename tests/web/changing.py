"""Every act that changes something, in an order in which all of them go: who does it, with what, and its one event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.client import Client

Body = Mapping[str, Any] | Callable[[Client, dict[str, str]], Mapping[str, Any]]
EMAIL, PASSWORD, OTHER = "vera.novikova@institute.example", "восемь гирь на одной чаше", "девять гирь на другой чаше"


@dataclass(frozen=True, slots=True)
class Change:
    """`kind`: written exactly once by this act."""

    endpoint: str
    who: str
    kind: str
    body: Body = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    """Variables of the rule where others are meant than those of the site."""
    alone: bool = True
    """Nothing else is written; False: the step goes on into the procedure or into other people's records."""

    def fields(self, client: Client, values: dict[str, str]) -> Mapping[str, Any]:
        return self.body(client, values) if callable(self.body) else self.body


_DRAFT = "the history of the draft holds every save, with who and when"
SILENT = {
    "account.set_language": "a cookie of one's own browser",
    "account.set_theme": "a cookie of one's own browser",
    "tasks.keep_draft": "a draft is nobody's business before it is sent",
    "procedures.keep_draft": "a draft is nobody's business before it is sent",
    "sign_in.ask": "the same whether the address is known; the worker that writes the letter writes the event",
    "approvals.look_again": "asks the worker for a look at the platform, which is kept as a row of its own",
    "monitoring.read": "asks the worker to read the platform; what it reads is kept by its own job",
    "register.make_pdf": "asks the worker for a file; nothing of the list is changed",
    "topics.promote": "begins a draft; the form that enters the course writes the event",
    "studio_files.save": "the history of the draft holds every save, with who and when",
    "moves.order": "each procedure that is moved has its own event, written when it is",
    "moves.stop": "what was moved has its events, and nothing else has happened",
    "moves.undo_all": "each procedure that is put back has its own event, written when it is",
    "studio_decisions.create": _DRAFT,
    "studio_decisions.change": _DRAFT,
    "studio_forms.create": _DRAFT,
    "studio_forms.change": _DRAFT,
    "studio_forms.remove": _DRAFT,
    "studio_forms.save_source": _DRAFT,
    "studio_forms.preview": "a form filled in on trial; nothing is kept",
    "studio_texts.create": _DRAFT,
    "studio_texts.save": _DRAFT,
    "studio_diagrams.save": "the history of the draft holds every save, with who and when",
    "studio_diagrams.outline": "the same",
    "studio_diagrams.mended": "the same",
    "studio_diagrams.mend": "tells what a fix would do; nothing is kept",
    "studio_diagrams.expression": "answers whether an expression is of our language",
    "studio_diagrams.trial": "plays a diagram's way; nothing is kept",
    "studio_files.touch": "who has a file open is forgotten after a minute",
    **dict.fromkeys(
        (
            "sandbox.delete",
            "sandbox.move",
            "sandbox.restart",
            "sandbox.send",
            "sandbox.set_asking",
            "sandbox.step_back",
            "sandbox_answers.give",
            "sandbox_begin.begin",
            "sandbox_tasks.keep_draft",
            "sandbox_tasks.submit",
            "scenarios.open_as_run",
        ),
        "a run in the sandbox is nobody's record: nothing real comes of it",
    ),
    **dict.fromkeys(
        ("sandbox_keeping.keep", "scenarios.save", "scenarios.remove"),
        "the history of the draft holds every save, with who and when",
    ),
    "studio_source.save": "the history of the draft holds every save, with who and when",
    "studio_source.add": "the same",
    "studio_source.rename": "the same",
    "studio_source.remove": "the same",
    "studio_history.restore": "the same",
    "studio_archive.send": "an archive is looked through and forgotten unless it is taken",
    "studio_archive.take": "the history of the draft holds every file that was taken, with who and when",
    "studio_archive.take_folders": "the same",
    "studio_import.look": "the same, of one diagram",
    "survey.take": "an answer is anonymous: no event may tell when somebody gave it (11.1)",
    "certificates.look_up": "leads from a code to the page of its certificate",
    "learners.take_part": "of the demo only: the stand-in for the platform",
    "clock.move": "of the demo only: the stand-in for time",
    "platform.misbehave": "of the demo only: the stand-in for the platform",
    "platform.edit": "of the demo only: the stand-in for the platform",
}
"""Routes that change nothing of the program's records, each with the reason."""


ELSEWHERE = {
    "admission.enrol": "needs a published course of restricted access",
    "admission.mail_key": "needs a published course of restricted access",
    "certificates.send": "needs a published course",
    "certification.issue_all": "needs a published course",
    "surveys.extend": "needs an open survey",
    "surveys.remind": "needs an open survey",
    "moves.undo": "needs a procedure that was moved",
}
"""Routes for which this site has no thing to change: what they need. Their events are not asked for here."""


def _task(client: Client, values: dict[str, str]) -> dict[str, str]:
    page = client.get(f"/tasks/{values['task_id']}")
    return {"nonce": page.value("nonce"), "revision": page.value("revision"), "act": "consider", "conforms": "yes"} | {
        "_send": "1"
    }


def _deadline(client: Client, values: dict[str, str]) -> dict[str, str]:
    name = client.get(f"/tasks/{values['task_id']}").value("deadline")
    return {"deadline": name, "until": "2039-03-01", "reason": "Отпуск"}


def _start(client: Client, _values: dict[str, str]) -> dict[str, str]:
    page = client.get("/procedures/creation")
    entry = {"language": "ru_en", "title_ru": "Вакуумметры", "title_en": "Vacuum gauges", "initiator_kind": "nmi"}
    more = {"nmi": "nmi-by-belgim", "year": "2026", "field": "Давление", "source_note": "Опрос"}
    return {"nonce": page.value("nonce"), "revision": page.value("revision"), "_send": "1"} | entry | more


def _several(_client: Client, values: dict[str, str]) -> dict[str, list[str]]:
    return {"task": [values["task_id"]]}


def to_publish(client: Client, _values: dict[str, str]) -> dict[str, str]:
    """A letter that differs from the release in force, and the checksum as the page shows it."""
    path = "processes/letters/task_assigned.ru.txt"
    page = client.browser.get(f"/studio/files/{path}")
    fields = {"content": page.text + "!", "revision": page.headers["ETag"].strip('"'), "csrf_token": client.token()}
    client.browser.post(f"/studio/files/{path}", data=fields)
    return {"sha256": client.get("/studio/publish").value("sha256"), "note": "Так решено"}


PERSON = {"name_ru": "Вера Новикова", "name_en": "Vera Novikova", "email": EMAIL, "locale": "ru"}
AWAY = {"substitute_id": "@member-14", "role": "chair", "valid_from": "2026-01-01", "valid_to": "2039-01-01"}
TASK, CHAIR, COURSE = "tasks", "chair-14", "/courses"
ADMIN, OFFICE, OPERATOR = "admin-by", "secretariat", "operator"
WHY = {"reason": "Так решено"}

CHANGES = (
    Change("personas.sign_in", "", "session:started", {"person": "guest@demo.example"}),
    Change("account.sign_out", "guest", "session:ended"),
    Change("people.add", OFFICE, "person:created", PERSON),
    Change("people.change", OFFICE, "person:changed", PERSON | {"phone": "+375 17 000 00 00"}, {"person_id": "@new"}),
    Change("people.invite", OFFICE, "person:invited", {}, {"person_id": "@new"}),
    Change("sign_in.take", "@link", "password:set", {"password": PASSWORD, "again": PASSWORD}, alone=False),
    Change("sign_in.come_in", "", "session:started", {"email": EMAIL, "password": PASSWORD}),
    Change(
        "accounts.change_password",
        "@member",
        "password:changed",
        {"present": PASSWORD, "password": OTHER, "again": OTHER},
        alone=False,
    ),
    Change("accounts.end_session", "@member", "session:revoked", {}, {"session_id": "@other_session"}),
    Change("accounts.end_others", "@member", "session:revoked", {}, {"there_is": "@other_session"}),
    Change("people.close", OFFICE, "person:deactivated", WHY, {"person_id": "@new"}, alone=False),
    Change("people.reopen", OFFICE, "person:reactivated", WHY, {"person_id": "@new"}),
    Change(
        "appointments.make",
        OFFICE,
        "appointment:made",
        {"person": "@guest", "role": "member", "organisation_id": "tc-1.5", "valid_from": "2026-01-01"},
    ),
    Change("appointments.end", OFFICE, "appointment:ended", {"last_day": "2039-01-01"}),
    Change("substitutions.make", OFFICE, "substitution:made", {"absent": "@chair-14"} | AWAY),
    Change("substitutions.change", OFFICE, "substitution:changed", AWAY | {"valid_to": "2038-01-01"}),
    Change("substitutions.end", OFFICE, "substitution:ended", {"last_day": "2037-01-01"}),
    Change(
        "calendars.enter",
        OFFICE,
        "calendar_exception:set",
        {"country": "BY", "day": "2026-12-30", "working": "no", "note": "Перенос"},
    ),
    Change("calendars.remove", OFFICE, "calendar_exception:removed"),
    Change("organisations.change", OFFICE, "organisation:changed", {"email": "training@institute.example"}),
    Change("dated_settings.change", OFFICE, "setting:changed", {"value": "12", "valid_from": "2035-01-01"}),
    Change(
        "dated_settings.enter",
        OFFICE,
        "reference:changed",
        {"title_ru": "Руководство", "title_en": "Guidance", "edition": "2", "valid_from": "2035-01-01"},
    ),
    Change("evidence.ask", "auditor", "evidence:exported", {"scope": "all"}),
    Change("procedures.submit", ADMIN, "instance:started", _start, {"process": "creation"}, alone=False),
    Change("creation.ask", ADMIN, "question:asked", {"text": "Когда?"}),
    Change("creation.share", "ns-kz", "working_file:added", {"file": "@file"}),
    Change("creation.waive", ADMIN, "waiver:granted", {"requirement": "description_length"} | WHY),
    Change("creation.change_access", ADMIN, "course:changed", {"access": "restricted"} | WHY),
    Change("tasks.claim", CHAIR, "task:claimed"),
    Change("tasks.give_back", CHAIR, "task:given_back"),
    Change("tasks.claim_several", CHAIR, "task:claimed", _several),
    Change("tasks.extend", CHAIR, "deadline:extended", _deadline),
    Change("tasks.stop_clock", CHAIR, "deadline:clock_stopped", _deadline),
    Change("tasks.start_clock", CHAIR, "deadline:clock_started", _deadline),
    Change("instances.suspend", OPERATOR, "instance:suspended", WHY),
    Change("instances.resume", OPERATOR, "instance:resumed", WHY),
    Change("tasks.submit", CHAIR, "task:completed", _task, alone=False),
    Change("incidents.retry", OPERATOR, "incident:retried", {}, {"incident_id": "@failed"}),
    Change(
        "answers.give",
        OPERATOR,
        "job:answered_by_hand",
        {"result": '{"number": "12"}', "note": "Сделано"},
        {"incident_id": "@failed"},
    ),
    Change("letters.take_returned", OFFICE, "letter:bounced", {"text": "@report"}),
    Change("letters.send_again", OFFICE, "letter:sent_again"),
    Change("topics.add", OFFICE, "topic:added", {"title": "Вакуум", "reason": "Просят НМИ", "year": "2027"}),
    Change("topics.drop", OFFICE, "topic:dropped", WHY),
    Change(
        "register.change",
        OFFICE,
        "course:changed",
        {"title_ru": "Манометры", "title_en": "Gauges", "field": "Давление", "year": "2026", "remarks": "Да"} | WHY,
    ),
    Change("register_requests.ask", CHAIR, "register:requested", {"year": "2026", "purpose": "План"}, alone=False),
    Change("monitoring_imports.bring", ADMIN, "log:taken", {"file": "@log", "zone": "UTC", "order": "day"}),
    Change("monitoring_imports.bring_report", ADMIN, "report:taken", {"file": "@progress", "zone": "UTC"}),
    Change("monitoring_imports.take_back", ADMIN, "import:taken_back", {}, {"there_is": "@quiet"}),
    Change("certification.correct", ADMIN, "certificate:issued", {"name": "Sofia Sdavshaya"} | WHY, alone=False),
    Change("certification.revoke", ADMIN, "certificate:revoked", WHY, {"certificate_id": "@certificate"}),
    Change("actualisation.begin", OFFICE, "check:began", WHY, alone=False),
    Change("certification.set_hours", ADMIN, "certificate_terms:set", {"hours": "8"}),
    Change("studio.discard", "analyst", "draft:discarded", alone=False),
    Change("studio_history.reopen", "analyst", "draft:reopened", alone=False),
    Change("studio_releases.bring_up", "analyst", "draft:brought_up"),
    Change("studio_publish.ask", "analyst", "release:requested", to_publish),
    Change("studio_publish.approve", "analyst-2", "release:approved", {}, {"asked_id": "@request"}, alone=False),
    Change("studio.begin", "analyst", "draft:opened"),
    Change("studio_publish.publish", "analyst", "release:published", to_publish),
    Change("studio_publish.send_back", "analyst", "release:withdrawn", WHY, {"asked_id": "@new_request"}),
    Change("incidents.cancel", OPERATOR, "instance:cancelled", WHY, alone=False),
    Change("creation.withdraw", ADMIN, "course:withdrawn", WHY),
    Change("standstill.end", OPERATOR, "site:resumed"),
)
