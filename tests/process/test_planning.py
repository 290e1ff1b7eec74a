"""Planning of courses: clauses 6.1 and 6.2; readings A11, A51, A55, A56."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import forms, worker
from app.audit.kinds import Kind
from app.audit.models import EventRow
from app.courses import register, settings
from app.courses.letters.models import Letter
from app.courses.models import Course
from app.courses.planning import campaigns, editing, listing, proposals, reminding, requests, topics
from app.courses.planning.models import ProspectiveTopic, RegisterRequest, SurveyCampaign
from app.db import new_id
from app.errors import Conflict, Denied, Invalid
from app.i18n import Locale
from app.identity import appointments, people
from app.identity.actors import actor_of
from app.identity.appointments import Terms
from app.identity.models import Appointment, Organisation, Person
from app.identity.people import Details
from app.workflow import releases, tasks
from app.workflow.models import Instance, Task
from tests.conftest import TestClock
from tests.process.application_player import files_of_this_release
from tests.process.scenario import Step
from tests.process.surveying import BODIES, NOTHING, WEIGHTS, Surveying

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""

Survey = Callable[..., Surveying]
FORM = "forms/survey_answer"


@pytest.fixture
def acts(sessions: sessionmaker[Session], tmp_path: Path, moved_clock: TestClock) -> Surveying:
    return Surveying(sessions, tmp_path, moved_clock)


@pytest.mark.requirement("R6.1-a", "R6.2-a")
def test_three_bodies_get_three_letters_with_a_link_to_the_form_and_answers_become_entries(acts: Surveying) -> None:
    with acts.sessions.begin() as session:
        appointments.appoint(session, acts.people["representative"], Terms("chair", acts.clock.moment.date(), None,
                                                                           "tc-1.2"), "system:test")  # fmt: skip
    acts.begin("tc-1.6", "tc-1.10", "tc-1.2", message_ru="Ждем предложений.", message_en="We await proposals.")
    letters = {who: acts.mailbox.messages(f"{who}@") for who in ("chair.mass", "chair.heat", "representative")}
    assert [len(found) for found in letters.values()] == [1, 1, 1]
    with acts.sessions() as session:
        open_ones = {task.organisation: task.id for task in session.scalars(
            sa.select(Task).where(Task.instance_id == acts.instance, Task.element == "answer_body"))}  # fmt: skip
    for who, body in (("chair.mass", "tc-1.6"), ("chair.heat", "tc-1.10"), ("representative", "tc-1.2")):
        assert f"/tasks/{open_ones[body]}" in letters[who][0].text
    assert letters["chair.mass"][0].subject.startswith("Survey about the COOMET courses of 2026")
    assert "We await proposals." in letters["chair.mass"][0].text
    assert letters["chair.heat"][0].subject.startswith("Опрос о курсах КООМЕТ 2026 года")
    assert "Ждем предложений." in letters["chair.heat"][0].text
    acts.offer()
    acts.do("answer_body", "chair_heat", "tc-1.10", **NOTHING)
    acts.do("answer_body", "representative", "tc-1.2", **NOTHING)
    acts.do("decide_materials", "secretariat", materials=[{"decision": "enter", "executor": "$chair_mass"}])
    with acts.sessions() as session:
        (entry,) = acts.entries(session)
        course = session.get_one(Course, entry.course_id)
        assert (entry.title.ru, entry.title.en) == ("Калибровка гирь", "Calibration of weights")
        assert (entry.year, entry.field, entry.format, entry.source) == (2026, "Масса", "ppt", "survey")
        assert entry.remarks == "Опрос 2026 года, ТК 1.6"
        assert (course.initiator_kind, course.initiator_id, course.access) == ("sb", "tc-1.6", "open")
        begun = sa.select(Instance.process).where(Instance.subject == course.id)
        assert session.scalars(begun).all() == ["creation"]


@pytest.mark.requirement("R6.1-a")
@pytest.mark.parametrize("owner", ["tc4", "administrator", "secretariat"])
def test_each_of_the_three_owners_may_begin_extend_and_remind(acts: Surveying, owner: str) -> None:
    acts.begin(*BODIES, by=owner)
    assert all(acts.mailbox.messages(f"{one}@") for one in ("tc4", "administrator", "secretariat"))
    until = acts.clock.moment.date() + timedelta(days=60)
    with acts.sessions.begin() as session:
        actor = acts.actor(session, owner)
        reminding.extend(session, actor, acts.course, until, "Отпуска")
        assert reminding.remind(session, actor, acts.course) == 2
        assert reminding.remind(session, actor, acts.course) == 0, "once a day"
        due = session.scalars(sa.select(Task.due).where(Task.instance_id == acts.instance, Task.closed_at.is_(None)))
        assert {one.date() for one in due if one} == {until}
    worker.work_off(acts.sessions)
    assert sum("Reminder" in one.subject for one in acts.mailbox.messages("chair.mass@")) == 1
    with acts.sessions.begin() as session, pytest.raises(Denied):
        reminding.remind(session, acts.actor(session, "chair_mass"), acts.course)


@pytest.mark.requirement("R6.1-a")
def test_reminders_go_out_before_and_after_the_deadline_and_a_late_answer_is_taken(acts: Surveying) -> None:
    acts.begin(*BODIES)
    due = acts.clock.moment + timedelta(days=27)
    with acts.sessions() as session:
        deadline = acts.campaign(session).deadline
    said = []
    for days in (deadline - due.date() + timedelta(days=25), timedelta(days=40)):
        acts.clock.set(acts.clock.moment + days)
        worker.work_off(acts.sessions)
        said.append([one.subject for one in acts.mailbox.messages("chair.heat@")])
    assert len(said[0]) == 2, said
    assert any(subject.startswith("Просрочено") for subject in said[1])
    acts.offer()
    with acts.sessions() as session:
        found = {one.organisation.id: one for one in campaigns.recipients(session, acts.campaign(session))}
        assert reminding.is_late(session, acts.campaign(session), found["tc-1.6"])
        assert found["tc-1.6"].answer is not None
        assert found["tc-1.10"].answer is None
    acts.close()
    with acts.sessions() as session:
        closed = acts.campaign(session).closed_at
        assert closed is not None
        event = session.scalars(sa.select(EventRow).where(EventRow.kind == Kind.SURVEY_CLOSED)).one()
        assert '"missing":["tc-1.10"]' in event.body.replace(" ", "")
    with acts.sessions.begin() as session, pytest.raises(Conflict):
        reminding.remind(session, acts.actor(session, "tc4"), acts.course)


@pytest.mark.requirement("R6.1-b")
def test_an_idea_for_later_stands_beside_the_list_and_can_be_promoted(acts: Surveying) -> None:
    acts.begin("tc-1.6").wish("Цифровые сертификаты", "Ёмкости и меры")
    rows = [{"decision": "keep"}, {"decision": "decline", "reason": "Такой курс уже есть"}]
    acts.do("decide_topics", "administrator", topics=rows)
    with acts.sessions() as session:
        assert acts.entries(session) == ()
        (topic,) = session.scalars(sa.select(ProspectiveTopic))
        assert (topic.title, topic.state, topic.organisation_id) == ("Цифровые сертификаты", "open", "tc-1.6")
        found = topics.query(session, acts.actor(session, "tc4"), search="цифровые").topics
        assert [(one.topic.id, one.survey_year) for one in found] == [(topic.id, 2026)]
        said = [row.reason for row in proposals.of_campaign(session, acts.campaign(session))]
        assert said == ["", "Такой курс уже есть"]
    promoted(acts, topic.id)
    with acts.sessions() as session:
        (entry,) = acts.entries(session)
        kept = session.get_one(ProspectiveTopic, topic.id)
        assert (kept.state, kept.course_id) == ("promoted", entry.course_id)
        assert entry.source == "secretariat", "outside the survey, its source recorded (A56)"


def promoted(acts: Surveying, topic_id: str) -> None:
    creation = Surveying.__new__(Surveying)
    creation.__dict__.update(acts.__dict__)
    creation.scenario = replace(acts.scenario, process="creation")
    values: dict[str, Any] = {"language": "ru", "title_ru": "Цифровые сертификаты", "initiator_kind": "sb",
                              "sb": "tc-1.6", "year": 2026, "field": "Общие вопросы", "topic": topic_id}  # fmt: skip
    creation.take(Step("start", "course_entry", by="secretariat", values=values))
    with pytest.raises((Invalid, Conflict)):
        creation.take(Step("start", "course_entry", by="secretariat", values=values))


@pytest.mark.requirement("R6.1-c")
def test_an_added_question_is_asked_next_year_and_old_answers_stay_readable(acts: Surveying) -> None:
    acts.begin("tc-1.6").offer()
    first = acts.course
    with acts.sessions.begin() as session:
        files = dict(files_of_this_release())
        schema, ui = (json.loads(files[f"{FORM}.{part}.json"]) for part in ("schema", "ui"))
        schema["properties"]["hours"] = {"type": "integer", "minimum": 1}
        schema["required"] += ["hours"]
        del schema["properties"]["remarks"]
        ui["order"] = ["hours", *(one for one in ui["order"] if one != "remarks")]
        del ui["fields"]["remarks"]
        ui["fields"]["hours"] = {"label": {"ru": "Сколько часов", "en": "How many hours"}}
        files |= {f"{FORM}.{part}.json": json.dumps(one).encode() for part, one in (("schema", schema), ("ui", ui))}
        releases.publish(session, files, acts.people["secretariat"], source="folders")
    acts.begin("tc-1.10", year=2027)
    with pytest.raises(Invalid) as missing:
        acts.do("answer_body", "chair_heat", "tc-1.10", **NOTHING)
    assert set(missing.value.fields) == {"hours"}
    acts.do("answer_body", "chair_heat", "tc-1.10", **NOTHING, hours=12)
    with acts.sessions() as session:
        for campaign, body, shown in ((first, "tc-1.6", "Калибровка гирь"), (acts.course, "tc-1.10", "12")):
            sent = campaigns.answers(session, campaigns.get(session, campaign))[body]
            form = releases.load(session, sent.release_id).forms[sent.form]
            printed = forms.present(form, sent.values, "ru")
            assert shown in str(printed)
            assert ("Сколько часов" in str(printed)) is (body == "tc-1.10")


def test_a_second_survey_of_a_year_is_refused_in_words(acts: Surveying) -> None:
    acts.begin("tc-1.6")
    with pytest.raises(Invalid) as refused:
        acts.begin("tc-1.10")
    assert "was begun already" in refused.value.fields["year"].message
    with acts.sessions() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SurveyCampaign)) == 1
        assert [one.organisation.id for one in campaigns.recipients(session, acts.campaign(session))] == ["tc-1.6"]


def test_an_answer_sent_twice_counts_once_and_a_colleague_is_told(acts: Surveying) -> None:
    acts.begin("tc-1.6")
    with acts.sessions.begin() as session:
        colleague = people.create(
            session, Details("Второй Председатель", "Vtoroy", "second@example.org"), "system:test"
        )
        terms = Terms("chair", acts.clock.moment.date(), None, "tc-1.6", acting=True)
        appointments.appoint(session, colleague.id, terms, "system:test")
        task, nonce = acts.open_task(session, "answer_body").id, new_id()
    for _ in range(2):
        with acts.sessions.begin() as session:
            tasks.complete(session, acts.actor(session, "chair_mass"), task, NOTHING, nonce=nonce, revision=0)
    with acts.sessions.begin() as session, pytest.raises(Conflict):
        tasks.complete(session, actor_of(session, colleague.id), task, NOTHING, nonce=new_id(), revision=0)
    with acts.sessions() as session:
        assert list(campaigns.answers(session, acts.campaign(session))) == ["tc-1.6"]


def test_a_recipient_without_an_address_is_a_task_of_the_secretariat_and_loses_nothing(acts: Surveying) -> None:
    with acts.sessions.begin() as session:
        session.get_one(Person, acts.people["chair_heat"]).email = None
    acts.begin(*BODIES)
    with pytest.raises(Invalid):
        acts.do("complete_contacts", "secretariat", unreached=[{"act": "task"}])
    acts.do("complete_contacts", "secretariat", unreached=[{"act": "other", "note": "Передано по телефону"}])
    acts.do("answer_for", "tc4", **NOTHING)
    acts.offer()
    with acts.sessions() as session:
        assert set(campaigns.answers(session, acts.campaign(session))) == set(BODIES)
        notes = {
            row.organisation_id: (row.way, row.note) for row, _one in campaigns.rows(session, acts.campaign(session))
        }
        assert notes["tc-1.10"] == ("other", "Передано по телефону")


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_names_of_two_hundred_characters_and_two_hundred_recipients(acts: Surveying, count: int) -> None:
    with acts.sessions.begin() as session:
        for known in session.scalars(sa.select(Organisation).where(Organisation.kind.in_(("body", "nmi")))):
            known.active = False
        home = {"zone": "Europe/Minsk", "country": "BY", "kind": "nmi"}
        session.add_all(
            Organisation(id=f"nmi-{n}", code_ru=f"Н{n}", code_en=f"N{n}", name_ru="Щ" * 200, name_en="W" * 200,
                         email=f"n{n}@example.org", **home)
            for n in range(201)
        )  # fmt: skip
    with pytest.raises(Invalid) as too_many:
        acts.take(Step("start", "survey_campaign", by="tc4", values={"year": 2026, "answer_by": "workdays:20",
                                                                    "audience": "nmi"}))  # fmt: skip
    assert too_many.value.fields["audience"].params == {"limit": 200, "number": 201}
    with acts.sessions.begin() as session:
        for number in range(count, 201):
            session.get_one(Organisation, f"nmi-{number}").active = False
    acts.take(Step("start", "survey_campaign", by="tc4", values={"year": 2026, "answer_by": "workdays:20",
                                                                 "audience": "nmi"}))  # fmt: skip
    with acts.sessions() as session:
        letters = sa.select(sa.func.count()).select_from(Letter).where(Letter.template == "survey_request")
        assert session.scalar(letters) == count
        assert len(reminding.open_tasks(session, acts.campaign(session))) == count + 1
    assert len(acts.mailbox.messages("tc4@")) == 2, "the start and the closing: not a letter for each answer to enter"
    acts.close()
    with acts.sessions() as session:
        assert session.get_one(Instance, acts.instance).end_event == "surveyed"


@pytest.mark.requirement("R6.2-a", "R6.2-b")
def test_the_list_follows_the_procedure_and_a_past_day_is_shown_as_it_was(acts: Surveying) -> None:
    acts.begin("tc-1.6").offer()
    before = acts.clock.moment
    acts.clock.set(before + timedelta(days=3))
    acts.do("decide_materials", "secretariat", materials=[{"decision": "enter"}])
    entered = acts.clock.moment
    with acts.sessions() as session:
        (course_id,) = (one.course_id for one in acts.entries(session))
    for days, stage in ((10, "agreement"), (20, "published")):
        acts.clock.set(entered + timedelta(days=days))
        with acts.sessions.begin() as session:
            register.get_course(session, course_id).stage = stage
    with acts.sessions() as session:
        assert acts.entries(session, until=before) == ()
        stages = [acts.entries(session, until=entered + timedelta(days=days))[0].stage for days in (0, 9, 10, 19, 20)]
        assert stages == ["registered", "registered", "agreement", "agreement", "published"]
        assert [one.stage for one in acts.entries(session, stage="published")] == ["published"]
        assert acts.entries(session, stage="agreement") == ()
        assert acts.entries(session, search="гирь")
        assert acts.entries(session, search="нет такого") == ()
        assert listing.moment_of(session, before.date() + timedelta(days=3650)) == acts.clock.moment


@pytest.mark.requirement("R6.2-a", "R6.2-b")
def test_the_secretariat_edits_an_entry_and_the_change_is_kept(acts: Surveying) -> None:
    acts.begin("tc-1.6").offer()
    acts.do("decide_materials", "secretariat", materials=[{"decision": "enter"}])
    entered = acts.clock.moment
    acts.clock.set(entered + timedelta(days=1))
    typed = {
        "title_ru": "Гири",
        "title_en": "Weights",
        "field": "Масса",
        "year": "2027",
        "remarks": "Решение",
        "reason": "",
    }
    with acts.sessions.begin() as session:
        (course_id,) = (one.course_id for one in acts.entries(session))
        secretariat = acts.actor(session, "secretariat")
        with pytest.raises(Invalid) as wrong:
            editing.change(session, secretariat, course_id, {**typed, "title_en": "", "year": "двадцать"})
        assert set(wrong.value.fields) == {"title_en", "year", "reason"}
        editing.change(session, secretariat, course_id, {**typed, "reason": "Опечатка"})
        with pytest.raises(Denied):
            editing.change(session, acts.actor(session, "administrator"), course_id, {**typed, "reason": "Опечатка"})
    with acts.sessions() as session:
        assert acts.entries(session) == ()
        assert [one.title.ru for one in acts.entries(session, 2027)] == ["Гири"]
        assert [one.title.ru for one in acts.entries(session, until=entered)] == ["Калибровка гирь"]
        changed = sa.select(EventRow.body).where(EventRow.kind == Kind.COURSE_CHANGED)
        assert any('"title_ru":["Калибровка гирь","Гири"]' in body.replace(", ", ",").replace(": ", ":")
                   for body in session.scalars(changed))  # fmt: skip


def test_material_that_cannot_enter_says_why_and_nothing_is_lost(acts: Surveying) -> None:
    """Nobody qualifies as executor: the Secretariat is told at the form, and decides once somebody does."""
    acts.begin("tc-1.6").offer()
    with acts.sessions.begin() as session:
        held = appointments.holders(session, "chair", "tc-1.6")
        assert held
        rows = session.scalars(sa.select(Appointment).where(Appointment.role == "chair",
                               Appointment.organisation_id == "tc-1.6")).all()  # fmt: skip
        for row in rows:
            appointments.end(session, row.id, acts.clock.moment.date() - timedelta(days=1), "system:test")
    with pytest.raises(Invalid):
        acts.do("decide_materials", "secretariat", materials=[{"decision": "enter"}])
    with acts.sessions.begin() as session:
        assert acts.entries(session) == ()
        terms = Terms("chair", acts.clock.moment.date(), None, "tc-1.6", acting=True)
        appointments.appoint(session, acts.people["chair_mass"], terms, "system:test")
    acts.do("decide_materials", "secretariat", materials=[{"decision": "enter"}])
    with acts.sessions() as session:
        assert len(acts.entries(session)) == 1
        again = proposals.decide_materials(session, acts.campaign(session), "tc-1.6", [{"decision": "enter"}],
                                           acts.people["secretariat"])  # fmt: skip
        assert again == [], "decided twice, entered once"


@pytest.mark.requirement("R6.2-c")
def test_a_participant_gets_the_list_on_request_and_the_log_says_so(acts: Surveying) -> None:
    acts.begin("tc-1.6").offer()
    acts.do("decide_materials", "secretariat", materials=[{"decision": "enter"}])
    acts.take(Step("ask", "2026", by="representative", values={"purpose": "План обучения"}))
    with acts.sessions.begin() as session, pytest.raises(Conflict):
        requests.ask(session, acts.actor(session, "representative"), {"year": "2026"})
    acts.do("decide_request", "secretariat", decision="release")
    with acts.sessions.begin() as session:
        secretariat = acts.actor(session, "secretariat")
        (line,) = requests.log(session, secretariat, 1, 50)[0]
        assert (line.request.state, line.request.asked_by) == ("released", acts.people["representative"])
        assert line.request.decided_by == acts.people["secretariat"]
        kinds = set(session.scalars(sa.select(EventRow.kind)))
        assert {Kind.REGISTER_REQUESTED, Kind.REGISTER_RELEASED} <= kinds
        released = requests.released_for(session, acts.actor(session, "representative"), line.request.id)
        assert released.decided_at is not None
        with pytest.raises(Denied):
            requests.released_for(session, acts.actor(session, "chair_mass"), line.request.id)
    letters = acts.mailbox.messages("representative@")
    assert sum(f"/register/requests/{line.request.id}" in one.text for one in letters) == 1


@pytest.mark.requirement("R6.2-c")
def test_by_setting_the_list_is_released_at_once_and_an_outsider_cannot_ask(acts: Surveying) -> None:
    with acts.sessions.begin() as session:
        today = settings.today(session)
        settings.change(session, "register_release", "automatic", today, acts.people["secretariat"])
        stranger = people.create(session, Details("Чужой Человек", "Chuzhoy", "stranger@example.org"), "system:test")
    acts.take(Step("ask", "2026", by="chair_mass"))
    with acts.sessions.begin() as session:
        asked = session.get_one(RegisterRequest, acts.course)
        assert (asked.state, asked.automatic) == ("released", True)
        with pytest.raises(Denied):
            requests.ask(session, actor_of(session, stranger.id), {"year": "2026"})
        assert session.scalar(sa.select(sa.func.count()).select_from(RegisterRequest)) == 1


@pytest.mark.requirement("RI-b")
def test_a_user_of_any_configured_nmi_can_take_part(acts: Surveying) -> None:
    """Of every country: its representative is asked, answers and asks for the list, in either language."""
    with acts.sessions.begin() as session:
        nmis = session.scalars(sa.select(Organisation).where(Organisation.kind == "nmi", Organisation.active)).all()
        assert len({one.country for one in nmis}) > 10
        for number, one in enumerate(nmis):
            locale: Locale = "en" if number % 2 else "ru"
            details = Details(
                "Участник", "Participant", f"user{number}@example.org", locale=locale, organisation_id=one.id
            )
            acts.people[one.id] = people.create(session, details, "system:test").id
            terms = Terms("representative", acts.clock.moment.date(), None, one.id)
            appointments.appoint(session, acts.people[one.id], terms, "system:test")
    acts.begin(*(one.id for one in nmis))
    for one in nmis:
        acts.do("answer_nmi", one.id, one.id, **NOTHING)
    with acts.sessions.begin() as session:
        assert len(campaigns.answers(session, acts.campaign(session))) == len(nmis)
        for one in nmis:
            assert requests.ask(session, acts.actor(session, one.id), {"year": "2026"}).organisation_id == one.id
    assert WEIGHTS
