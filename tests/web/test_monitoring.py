"""Monitoring on pages: who sees what, what the reports say, how a log is brought (section 9, clause 5.2)."""

import io

import pytest
from flask import Flask

from app import clock, worker
from app.config import Config
from app.connectors.moodle.stand_in import Fault, StandIn
from app.courses.platform import connection
from app.i18n import Locale
from tests import spreadsheets
from tests.conftest import TestClock
from tests.web import monitored
from tests.web.addresses import Things
from tests.web.conftest import Enter

REPORTS = ("", "/participation", "/completion", "/learners/7", "/log")


@pytest.fixture
def course(busy_site: Flask, found: Things) -> str:
    """Published, read, its log imported; the address of its monitoring. chair-15 and creator-kz coordinate it."""
    clock.use(TestClock(monitored.NOW))
    monitored.publish(busy_site, found.course)
    monitored.fill(busy_site, found.course)
    return f"/courses/{found.course}/monitoring"


@pytest.mark.requirement("R9.2-a", "R9.2-b", "R9.2-c", "R9.2-d", "R9.2-e", "R9.1-a")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_each_report_is_a_page_in_both_languages(enter_busy: Enter, course: str, locale: Locale) -> None:
    client = enter_busy("admin-by", locale)
    for report in REPORTS:
        assert client.get(course + report).heading
    activity = client.get(course)
    rows = [[cell.text_content().strip() for cell in row] for row in activity.tree.xpath("//table[1]/tbody/tr")]
    assert rows[0][0].startswith("Module 1: reading")
    assert rows[0][1:] == ["10", "4"]
    assert activity.tree.xpath("//svg[@role='img' or @class='chart']") or "<svg" in activity.source
    assert ("считано 30 ноября 2026" if locale == "ru" else "read on 30 November 2026") in activity.text("//main")
    one = client.get(f"{course}/learners/7").text("//main")
    assert ("нет сведений" if locale == "ru" else "not supplied") in client.get(f"{course}/learners/8").text("//main")
    assert "VIM" in one
    assert ("5 минут" if locale == "ru" else "5 minutes") in one


@pytest.mark.requirement("R9.2-c", "R5.2-b", "X-7")
def test_s38_other_roles_see_neither_the_reports_nor_the_way_there(enter_busy: Enter, course: str) -> None:
    for who in ("admin-by", "chair-15"):
        for report in REPORTS:
            enter_busy(who).get(course + report)
    for who in ("secretariat", "tc4", "creator-by", "ns-kz", "chair-14", "auditor", "operator", "guest"):
        client = enter_busy(who)
        for report in (*REPORTS, "/files/completion.csv"):
            client.get(course + report, expect=404)
        if who in ("secretariat", "ns-kz", "chair-14"):
            assert client.get(course.removesuffix("/monitoring")).links("/monitoring") == []


@pytest.mark.requirement("R1-b")
def test_the_page_of_the_course_shows_the_monitoring_in_numbers(enter_busy: Enter, course: str) -> None:
    """Everybody who may see the course sees counts; who may open the reports finds the way there."""
    for who, linked in (("secretariat", False), ("admin-by", True)):
        page = enter_busy(who, "en").get(course.removesuffix("/monitoring"))
        told = page.text("//section[@aria-labelledby='monitoring']")
        assert "Views of modules23" in told
        assert "Learners4" in told
        assert bool(page.links("/monitoring")) is linked


@pytest.mark.requirement("R9.3-a", "R5.2-b")
def test_the_overview_of_all_courses_is_the_administrators_and_a_coordinators_holds_the_own(
    enter_busy: Enter, course: str
) -> None:
    for who in ("admin-by", "chair-15"):
        page = enter_busy(who, "en").get("/monitoring")
        assert page.links(course)
        assert "23" in page.text("//tbody")
        assert enter_busy(who).get("/monitoring?q=nothing-like-it").text("//main//h2") == "Ничего не найдено"
    enter_busy("secretariat").get("/monitoring", expect=404)


@pytest.mark.requirement("R9.2-b")
def test_a_day_is_a_period_and_bad_periods_are_told_in_words(enter_busy: Enter, course: str) -> None:
    client = enter_busy("chair-15", "en")
    day = client.get(f"{course}/participation?first=2026-11-22&last=2026-11-22&role=guest")
    assert [cell.text_content().strip() for cell in day.tree.xpath("//tfoot//td")] == ["5", "1"]
    page = client.get(f"{course}/participation?first=2026-11-22&last=2026-11-21&role=student", expect=422)
    assert "before the first" in page.text("//form")
    assert page.value("first") == "2026-11-22"
    page = client.get(f"{course}/participation?first=tomorrow&last=2026-11-21&role=student", expect=422)
    assert "not a date" in page.text("//form")


@pytest.mark.requirement("R9.2-b")
def test_a_restricted_course_offers_no_guests(enter_busy: Enter, busy_site: Flask, found: Things) -> None:
    clock.use(TestClock(monitored.NOW))
    monitored.publish(busy_site, found.course, access="restricted")
    client = enter_busy("admin-by", "en")
    page = client.get(f"/courses/{found.course}/monitoring/participation")
    assert page.tree.xpath("//select[@name='role']/option/@value") == ["student"]
    client.get(f"/courses/{found.course}/monitoring/participation?role=guest", expect=422)


@pytest.mark.requirement("R9.2-a")
def test_files_of_every_report(enter_busy: Enter, course: str) -> None:
    client = enter_busy("admin-by", "en")
    for report in ("activity", "participation", "completion"):
        text = client.browser.get(f"{course}/files/{report}.csv").data.decode("utf-8-sig")
        book = spreadsheets.read(client.browser.get(f"{course}/files/{report}.xlsx").data)
        [first, *_others] = book.values()
        assert str(first.rows[0][0]) == text.partition(",")[0]
        assert first.formulas == 0
    assert "Stepan Failed,Module 2: quiz,1,finished" in client.browser.get(f"{course}/files/attempts.csv").text
    client.get(f"{course}/files/secrets.csv", expect=404)


def test_a_log_is_brought_and_what_is_wrong_with_it_is_said(enter_busy: Enter, busy_site: Flask, found: Things) -> None:
    clock.use(TestClock(monitored.NOW))
    monitored.publish(busy_site, found.course)
    client = enter_busy("chair-15", "en")
    page = client.get(f"/courses/{found.course}/monitoring/log")
    assert page.links("/report/log/index.php?chooselog=1&id=2&modaction=r")
    where = f"/courses/{found.course}/monitoring/log"
    token = client.token()

    def bring(content: bytes, zone: str = "Asia/Almaty") -> tuple[int, str]:
        data = {"csrf_token": token, "zone": zone, "order": "day", "file": (io.BytesIO(content), "журнал курса.csv")}
        answer = client.browser.post(where, data=data, content_type="multipart/form-data")
        return answer.status_code, answer.text

    status, text = bring(b"")
    assert (status, "The file is empty" in text) == (422, True)
    status, text = bring(b"a,b,c\n1,2,3\n")
    assert (status, "The column" in text, "<option selected>Asia/Almaty" in text) == (422, True, True)
    assert bring(b"Time,Description\n", zone="Mars/Base")[0] == 422
    assert client.browser.post(where, data={"csrf_token": token, "zone": "UTC"}).status_code == 422
    whole = (monitored.SAMPLES / "log-views.csv").read_bytes()
    assert bring(whole)[0] == 303
    status, text = bring(whole)
    assert (status, "Another export of this course is being imported" in text) == (409, True)
    worker.work_off(busy_site.extensions["sessions"])
    assert "imported" in client.get(where).text("//tbody")
    status, text = bring(whole)
    assert (status, "This very file was imported on 30.11.2026" in text) == (409, True)


@pytest.mark.requirement("R9.2-c", "R9.2-d", "R9.2-e")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_without_a_token_reports_are_brought_and_taken_back_on_the_page(
    enter_busy: Enter, busy_site: Flask, found: Things, locale: Locale
) -> None:
    clock.use(TestClock(monitored.NOW))
    monitored.publish(busy_site, found.course)
    client = enter_busy("chair-15", locale)
    where, said = f"/courses/{found.course}/monitoring", {"ru": 0, "en": 1}[locale]
    assert not client.get(f"{where}/log").tree.xpath("//form[contains(@action, '/reports')]")
    connection.install(None)
    page = client.get(f"{where}/log")
    assert page.links("/report/progress/index.php?course=2")
    token = client.token()

    def bring(name: str, spoilt: bytes = b"", **more: str) -> tuple[int, str]:
        content = spoilt or (monitored.SAMPLES / name).read_bytes()
        data = {"csrf_token": token, "zone": "Asia/Almaty", "file": (io.BytesIO(content), name), **more}
        answer = client.browser.post(f"{where}/reports", data=data, content_type="multipart/form-data")
        worker.work_off(busy_site.extensions["sessions"])
        return answer.status_code, answer.text

    status, text = bring("quiz-overview.csv")
    assert (status, ("Сначала импортируйте", "Import the completion of activities first")[said] in text) == (409, True)
    status, text = bring("progress.csv", spoilt=b"Name,Points\nA,1\n")
    assert (status, ("Ни у одного из отчетов", "None of the reports")[said] in text) == (422, True)
    assert "<option selected>Asia/Almaty" in text
    assert bring("progress.csv")[0] == 303
    assert "Stepan Failed" in client.get(f"{where}/completion").text("//main")
    page = client.get(f"{where}/log")
    quiz = page.tree.xpath("//select[@name='cmid']/option[text()='Module 2: quiz']/@value")[0]
    status, text = bring("quiz-overview.csv")
    assert (status, ("Выберите тест", "Choose the quiz")[said] in text) == (422, True)
    assert bring("quiz-overview.csv", cmid=quiz)[0] == 303
    table = client.get(f"{where}/completion")
    assert ("2 попытки", "2 attempts")[said] in table.text("//table[contains(@class, 'grid')]")
    learner = client.get(table.links(f"{where}/learners/")[3]).text("//main")
    assert ("5 минут", "5 minutes")[said] in learner
    [newest, *_older] = client.get(f"{where}/log").links(f"{where}/imports/")
    assert client.get(newest).heading
    client.post(f"{newest}/take-back", {}, expect=303)
    worker.work_off(busy_site.extensions["sessions"])
    assert ("отменен", "taken back")[said] in client.get(f"{where}/log").text("//tbody/tr[1]")
    assert ("попыт", "attempt")[said] not in client.get(f"{where}/completion").text("//table[contains(@class, 'grid')]")
    client.post(f"{newest}/take-back", {}, expect=303)
    assert ("Отменить этот импорт уже нельзя", "can no longer be taken back")[said] in client.get(newest).text("//main")
    for who in ("secretariat", "chair-14", "guest"):
        enter_busy(who).get(newest, expect=404)


@pytest.mark.requirement("R9.1-a")
def test_the_pages_survive_a_platform_that_is_away(enter_busy: Enter, busy_site: Flask, course: str) -> None:
    settings: Config = busy_site.extensions["config"]
    with StandIn(settings.data_dir / "moodle.db", "http://127.0.0.1:8000/moodle").store.open() as memory:
        memory.set_fault(Fault("unavailable"))
    clock.use(TestClock(monitored.NOW.replace(day=1, month=12)))
    client = enter_busy("admin-by", "en")
    client.post(f"{course}/read", {}, expect=303)
    worker.work_off(busy_site.extensions["sessions"])
    page = client.get(course)
    assert "has not answered since 1 December 2026" in page.text("//main")
    assert "the last figures that were read" in page.text("//main")
    assert "read on 30 November 2026" in page.text("//main")
    assert "the platform does not answer" in client.get("/monitoring").text("//tbody")


@pytest.mark.requirement("R9.3-b")
def test_the_reports_to_tc_4_have_their_pages(enter_busy: Enter, busy_site: Flask, course: str) -> None:
    empty = enter_busy("tc4", "ru").get("/reports/annual")
    assert empty.text("//main//h2") == "Заседаний еще нет"
    assert empty.links("/procedures/annual_report")
    enter_busy("guest").get("/reports/annual", expect=404)
