"""Clauses 6.3–6.10 step by step: what is asked, kept and refused while a course is created."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.courses import choices, descriptions, packages
from app.courses.creation import coordination, polls
from app.courses.creation.models import Preparation
from app.courses.surveys.models import Questionnaire
from app.errors import Invalid
from app.identity import appointments
from app.identity.appointments import Terms
from app.workflow.models import Task
from tests.process.makers import Makers

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The scenarios are played on both databases."""


def refused(make: Makers, act: Any, **values: Any) -> set[str]:
    with pytest.raises(Invalid) as problem:
        act(**values)
    return set(problem.value.fields)


@pytest.mark.requirement("R6.3-a")
@on_sqlite
def test_the_letter_names_the_course_and_leads_to_the_upload(make: Makers) -> None:
    make.enter()
    letter = next(one for one in make.mailbox.messages("executor") if "Калибровка гирь" in one.subject)
    with make.sessions() as session:
        task = make.open_task(session, "upload")
    assert f"/tasks/{task.id}" in letter.text
    make.upload()
    with make.sessions() as session:
        assert make._found_versions(session) == 1


@pytest.mark.requirement("R6.3-b", "R5.1-a")
@on_sqlite
def test_four_valid_creators_and_one_ended_get_exactly_four_letters(make: Makers) -> None:
    with make.sessions.begin() as session:
        for name in ("third", "coordinator", "chair_tc4"):
            terms = Terms("creator", date(2026, 1, 1))
            made = appointments.appoint(session, make.people[name], terms, "system:test")
        assert len(appointments.holders(session, "creator")) == 5
        appointments.end(session, made.id, date(2026, 11, 1), "system:test")
    make.enter()
    asked = ["coordinator", "creator", "second", "third"]
    assert make.letters("volunteer") == asked
    with make.sessions() as session:
        query = sa.select(Task.person).where(Task.element == "volunteer", Task.closed_at.is_(None))
        assert sorted(map(str, session.scalars(query))) == sorted(make.people[name] for name in asked)


@pytest.mark.requirement("R6.3-b", "R6.3-c")
@on_sqlite
def test_the_administrator_sees_the_answers_and_appoints_one_who_agreed(make: Makers) -> None:
    make.enter()
    make.do("volunteer", "creator", answer="yes", comment="С января")
    with make.sessions() as session:
        assert polls.told(session, make.course)[1] == "Семен Создателев: может взяться за курс – С января"
    make.do("end_poll", "administrator")
    with pytest.raises(Invalid):
        make.do("choose", "administrator", decision="agreed", volunteer="$second")
    with pytest.raises(Invalid):
        make.do("choose", "administrator", decision="another", another="$second")
    make.do("choose", "administrator", decision="agreed", volunteer="$creator")
    assert make.letters("creator_appointed") == ["creator", "executor"]
    with make.sessions() as session:
        assert make.found(session).creator_id == make.people["creator"]
        assert make.open_tasks(session) == ["organise", "upload"]


@pytest.mark.requirement("R3.1-b")
@on_sqlite
def test_somebody_without_a_valid_appointment_is_not_offered(make: Makers) -> None:
    make.enter()
    make.do("end_poll", "administrator")
    with pytest.raises(Invalid) as problem:
        make.do("choose", "administrator", decision="another", another="$coordinator", reason="Хочет")
    assert set(problem.value.fields) == {"another"}


@pytest.mark.requirement("R6.3-d")
@on_sqlite
def test_the_creation_task_appears_only_after_the_organisational_step(make: Makers) -> None:
    make.enter()
    make.appoint_creator()
    with make.sessions() as session:
        assert "prepare" not in make.open_tasks(session)
    make.organise()
    make.do("name_coordinators", "creator", coordinators=[{"person": "$creator"}])
    with make.sessions() as session:
        kept = session.get_one(Preparation, make.course)
        assert (kept.organised_with, kept.organised_note) == ("Создатель и НМИ", "Сроки и язык")
        assert kept.organised_by == make.people["administrator"]
        assert "prepare" in make.open_tasks(session)


@pytest.mark.requirement("R5.2-d")
@on_sqlite
def test_the_administrator_agrees_only_to_another_coordinator_than_the_creator(make: Makers) -> None:
    make.enter()
    make.appoint_creator()
    make.organise()
    make.do("name_coordinators", "creator", coordinators=[{"person": "$coordinator"}])
    with make.sessions() as session:
        assert "consent" in make.open_tasks(session)
    make.do("consent", "administrator", decision="return", reason="Нужен создатель")
    make.do("name_coordinators", "creator", coordinators=[{"person": "$creator"}])
    with make.sessions() as session:
        assert make.open_tasks(session) == ["prepare", "upload"]


@pytest.mark.requirement("R3.1-c", "R5.2-a")
@on_sqlite
def test_three_coordinators_are_appointed_for_the_course(make: Makers) -> None:
    make.enter()
    make.appoint_creator()
    make.organise()
    assert "Координатор курса не назван (пункт 5.2)." in make.blockers()
    three = ["creator", "coordinator", "second"]
    make.do("name_coordinators", "creator", coordinators=[{"person": f"${one}"} for one in three])
    assert any("еще не подтверждены" in one for one in make.blockers())
    make.do("consent", "administrator", decision="agree")
    with make.sessions() as session:
        held = appointments.holders(session, "coordinator", None, make.course)
        assert {one.id for one in held} == {make.people[name] for name in three}
        assert not coordination.unconfirmed(session, make.found(session))
    assert not any("оординатор" in one for one in make.blockers())


@pytest.mark.requirement("R6.6-a")
@on_sqlite
@pytest.mark.parametrize(("count", "taken"), [(2, False), (3, True), (5, True), (6, False)])
def test_a_description_has_three_to_five_sentences(make: Makers, count: int, taken: bool) -> None:
    make.enter(language="ru", title_en=None)
    text = " ".join(["Это предложение о курсе."] * count)
    if taken:
        make.upload(description_ru=text, description_en=None)
        return
    assert refused(make, make.upload, description_ru=text, description_en=None) == {"description_ru"}


@pytest.mark.requirement("R6.6-d")
@on_sqlite
def test_the_access_must_be_advised(make: Makers) -> None:
    make.enter()
    assert refused(make, make.upload, access=None) == {"access"}
    assert "Не указано, открытый доступ или ограниченный (пункт 6.6)." in make.blockers()


@pytest.mark.requirement("R6.6-b")
@on_sqlite
def test_the_splash_must_be_an_image(make: Makers) -> None:
    make.enter()
    assert refused(make, make.upload, splash="file:splash.pdf") == {"splash"}


@pytest.mark.requirement("R3.1-d", "R4.2-a", "R4.2-b")
@on_sqlite
def test_a_course_has_theory_or_tests(make: Makers) -> None:
    make.enter()
    assert refused(make, make.upload, theory=[], practice=[]) == {"practice"}
    make.upload(theory=[], practice=["tests", "interactive"])
    with make.sessions() as session:
        course = make.found(session)
        assert (course.has_theory, course.has_tests, course.inventory) == (False, True, ["tests", "interactive"])


@pytest.mark.requirement("R4.3-a")
@on_sqlite
def test_modules_are_kept_in_order_in_both_languages(make: Makers) -> None:
    make.enter()
    make.upload(modules=[{"ru": "Гири", "en": "Weights"}, {"ru": "Тест", "en": "Test"}])
    with make.sessions() as session:
        assert make.found(session).modules == [{"ru": "Гири", "en": "Weights"}, {"ru": "Тест", "en": "Test"}]


@pytest.mark.requirement("R4.5-a")
@on_sqlite
def test_title_and_description_are_required_in_the_languages_chosen(make: Makers) -> None:
    assert refused(make, make.enter, title_en=None) == {"title_en"}
    make.enter()
    assert refused(make, make.upload, description_en=None) == {"description_en"}


@pytest.mark.requirement("R6.4-a")
@on_sqlite
def test_agreement_runs_beside_the_search_for_a_creator(make: Makers) -> None:
    make.enter()
    make.upload()
    with make.sessions() as session:
        assert {"propose", "volunteer"} <= set(make.open_tasks(session))
    rows = [{"body": "tc-1.6"}]
    make.do("propose", "executor", bodies=rows)
    make.do("confirm", "administrator", decision="confirm", bodies=rows)
    make.do("send", "executor", "tc-1.6", answer_by="workdays:10")
    make.do("consider", "chair_mass", "tc-1.6", act="consider", conforms="yes")
    make.do("confirm_final", "executor", confirmed=True)
    make.do("receive", "administrator", received=True)
    with make.sessions() as session:
        package = packages.of_course(session, make.course)[0]
        assert (package.received_by, package.handed_to) == (make.people["administrator"], None)
    make.appoint_creator()
    with make.sessions() as session:
        package = packages.of_course(session, make.course)[0]
        assert (package.handed_to, package.handed_at) == (make.people["creator"], clock.now())


@pytest.mark.requirement("R7.9-a", "R6.4-a", "R6.10-a")
@on_sqlite
def test_submission_is_refused_with_the_list_of_open_sheets(make: Makers) -> None:
    make.reach_preparation()
    make.prepare()
    rows = [{"body": "tc-1.6"}]
    make.do("propose", "executor", bodies=rows)
    make.do("confirm", "administrator", decision="confirm", bodies=rows)
    make.do("send", "executor", "tc-1.6", answer_by="workdays:10")
    with pytest.raises(Invalid) as problem:
        make.do("submit", "creator", decision="submit")
    assert "Еще не согласовали: ТК 1.6." in str(problem.value)
    make.do("consider", "chair_mass", "tc-1.6", act="consider", conforms="yes")
    make.do("confirm_final", "executor", confirmed=True)
    make.do("receive", "administrator", creator="$creator", received=True)
    make.do("submit", "creator", decision="submit")
    with make.sessions() as session:
        assert make.open_tasks(session) == ["examine"]


@pytest.mark.requirement("R6.10-b")
@on_sqlite
def test_submitting_gives_the_administrator_a_task_and_a_letter(make: Makers) -> None:
    make.reach_preparation()
    make.prepare()
    make.agree()
    make.do("submit", "creator", decision="submit")
    assert make.letters("course_submitted") == ["administrator"]
    with make.sessions() as session:
        assert make.open_task(session, "examine").role == "administrator"
        assert make.found(session).stage == "submitted"


@pytest.mark.requirement("R6.10-a", "R5.1-c", "R5.1-d")
@on_sqlite
def test_a_course_in_the_wrong_place_on_the_platform_is_refused(make: Makers) -> None:
    make.reach_preparation()
    make.prepare()
    make.agree()
    with make.sessions() as session:
        ident = make.found(session).platform_id
    with make.platform.store.open() as memory:
        course = memory.get("course", ident)
        assert course is not None
        assert not course["visible"]
        memory.put("course", ident, course | {"visible": 1, "categoryid": 1})
    make.do("submit", "creator", decision="check")
    with pytest.raises(Invalid) as problem:
        make.do("submit", "creator", decision="submit")
    assert "вне раздела КООМЕТ" in str(problem.value)
    assert "виден до утверждения" in str(problem.value)


@pytest.mark.requirement("R6.5-a", "R6.5-b", "R6.5-c", "R6.7-b", "R6.7-c", "R6.7-d", "R6.7-e", "R6.7-f")
@pytest.mark.requirement("R6.7-g", "R6.7-h")
@on_sqlite
def test_no_needs_a_comment_that_the_administrator_sees(make: Makers) -> None:
    make.reach_preparation()
    for item in ("topical", "clear", "quality", "one_style", "three_colours", "sans_serif", "three_fonts"):
        assert refused(make, make.prepare, **{item: "no"}) == {f"{item}_comment"}
    for item in ("no_underlining", "little_animation", "pictures_left"):
        assert refused(make, make.prepare, **{item: "no"}) == {f"{item}_comment"}
    make.prepare(three_colours="no", three_colours_comment="Диаграмма на слайде 5")
    with make.sessions() as session:
        kept = session.get_one(Preparation, make.course)
        assert kept.style_check["three_colours"] == {"answer": "no", "comment": "Диаграмма на слайде 5"}


@pytest.mark.requirement("R6.5-d", "R6.7-i")
@on_sqlite
def test_copyright_cannot_be_waived(make: Makers) -> None:
    make.reach_preparation()
    assert refused(make, make.prepare, copyrighted="no") == {"copyrighted"}
    foreign = {"item": "Рисунок 4", "source": "Учебник", "licence": "все права защищены", "compatible": "no"}
    assert refused(make, make.prepare, third_party=[foreign]) == {"copyrighted"}
    make.prepare(third_party=[foreign | {"licence": "CC BY 4.0", "compatible": "yes"}])
    with make.sessions() as session:
        assert make.found(session).third_party[0]["licence"] == "CC BY 4.0"


@pytest.mark.requirement("R6.7-a")
@on_sqlite
def test_the_guidance_must_be_confirmed(make: Makers) -> None:
    make.reach_preparation()
    assert refused(make, make.prepare, guidance=False) == {"guidance"}
    make.prepare()
    with make.sessions() as session:
        assert "CBKT" in session.get_one(Preparation, make.course).guidance_edition


@pytest.mark.requirement("R6.9-a")
@on_sqlite
def test_no_link_to_the_survey_needs_a_reason(make: Makers) -> None:
    make.reach_preparation()
    assert refused(make, make.prepare, survey_link="no") == {"survey_waiver"}
    make.prepare(survey_link="no", survey_waiver="Опрос появится позже")
    with make.sessions() as session:
        assert session.get_one(Preparation, make.course).survey_waiver == "Опрос появится позже"


@pytest.mark.requirement("R6.9-a")
@on_sqlite
def test_the_link_to_the_survey_exists_before_the_creator_prepares_the_course(make: Makers) -> None:
    make.reach_preparation()
    with make.sessions() as session:
        code = session.get_one(Questionnaire, make.course).code
        shown = choices.context(session, "creation_preparation", make.course, {}).current
    assert shown["survey_address"] == f"https://courses.example/survey/{code}"
    make.prepare()
    with make.sessions() as session:
        assert session.get_one(Preparation, make.course).survey_waiver == ""
        assert session.get_one(Questionnaire, make.course).code == code


@pytest.mark.requirement("R6.6-c", "R6.8-a")
@on_sqlite
def test_the_line_names_the_representative_and_the_creator_once_each(make: Makers) -> None:
    make.reach_preparation()
    with make.sessions.begin() as session:
        course = make.found(session)
        line = descriptions.coordinators_line(session, course, "ru")
        assert line == (
            "Координаторы курсов: Полина Представителева – ответственный за содержательную часть курса; "
            "Семен Создателев – ответственный за техническую часть курса"
        )
        assert descriptions.coordinators_line(session, course, "en").startswith("Course co-ordinators: Polina")
        course.representative_id = course.creator_id
        assert descriptions.coordinators_line(session, course, "ru").count("Семен Создателев") == 1


@pytest.mark.requirement("R6.8-a", "R6.8-b")
@on_sqlite
def test_the_platform_s_description_holds_both_lines(make: Makers) -> None:
    make.reach_preparation()
    make.prepare()
    with make.sessions() as session:
        course = make.found(session)
        html = descriptions.compose(session, course)
        assert descriptions.inspect(html, session, course) == descriptions.Findings(True, True, True)
        spaced = html.replace("namely Creative", "namely\n&nbsp; Creative")
        assert descriptions.inspect(spaced, session, course).copyright
        changed = html.replace("non-commercial purposes", "commercial purposes")
        assert not descriptions.inspect(changed, session, course).copyright
        nameless = html.replace("Семен Создателев", "").replace("Semyon Sozdatelev", "")
        found = descriptions.inspect(nameless, session, course)
        assert (found.coordinators, found.missing) == (False, ("Семен Создателев",))
    with make.sessions() as session, make.platform.store.open() as memory:
        there = memory.get("course", make.found(session).platform_id)
    assert there is not None
    assert descriptions.COPYRIGHT in descriptions.plain(there["summary"])
