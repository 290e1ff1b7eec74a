"""Pages of certificates: asking and verifying in public, and what the office sees (10; S56, S57, S62)."""

import io
import re
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask

from app.courses.certificates.models import Certificate, CertificateRequest
from app.courses.documents import making
from app.courses.models import Course
from app.i18n import Locale
from app.identity import limits
from app.workflow.models import Task
from tests import plain_documents
from tests.web import learners
from tests.web.addresses import Things
from tests.web.client import Client, Page
from tests.web.conftest import Enter


@pytest.fixture
def course(busy_site: Flask, found: Things) -> str:
    learners.publish(busy_site, found.course)
    config = busy_site.extensions["config"]
    making.install(config.files, {}, None, plain_documents.render_all)
    return found.course


def ask(client: Client, course: str, account: str) -> Page:
    page = client.post(f"/certificates/ask/{course}", {"account": account})
    return client.get(page.location)


def issued(site: Flask, enter_busy: Enter, course: str, account: str = "sofia.passed") -> Certificate:
    ask(enter_busy(), course, account)
    learners.work(site)
    with learners.factory(site)() as session:
        task = session.scalars(sa.select(Task).where(Task.element == "decide", Task.closed_at.is_(None))).one()
    admin = enter_busy("admin-by")
    page = admin.get(f"/tasks/{task.id}")
    admin.post(f"/tasks/{task.id}", {"nonce": page.value("nonce"), "revision": page.value("revision"),
                                     "decision": "issue", "_send": "1"})  # fmt: skip
    learners.work(site)
    with learners.factory(site)() as session:
        newest = session.scalars(sa.select(Certificate).order_by(Certificate.serial.desc())).first()
    assert newest is not None
    return newest


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.requirement("R10.1-a")
def test_the_answer_is_the_same_for_everybody(busy_site: Flask, enter_busy: Enter, course: str, locale: Locale) -> None:
    client = enter_busy("", locale)
    answers = [ask(client, course, one).text("//main") for one in ("sofia.passed", "sergei.outside", "who@x.example")]
    assert len(set(answers)) == 1
    with learners.factory(busy_site)() as session:
        assert len(session.scalars(sa.select(CertificateRequest)).all()) == 3
    learners.work(busy_site)
    with learners.factory(busy_site)() as session:
        states = {one.state for one in session.scalars(sa.select(CertificateRequest))}
    assert states == {"waiting", "refused", "unknown"}


def test_what_is_no_account_is_refused_with_what_was_typed(enter_busy: Enter, course: str) -> None:
    page = enter_busy().post(f"/certificates/ask/{course}", {"account": "Анна Иванова"}, expect=422)
    assert page.value("account") == "Анна Иванова"
    assert "без пробелов" in page.text("//*[@class='error']")


def test_only_a_published_course_can_be_asked_for(enter_busy: Enter, busy_site: Flask, found: Things) -> None:
    client = enter_busy()
    client.get(f"/certificates/ask/{found.course}", expect=404)
    client.get("/certificates/ask/none", expect=404)
    learners.publish(busy_site, found.course)
    client.get(f"/certificates/ask/{found.course}")
    with learners.factory(busy_site).begin() as session:
        session.get_one(Course, found.course).stage = "withdrawn"
    client.get(f"/certificates/ask/{found.course}", expect=404)


def test_many_requests_for_one_account_ask_the_platform_a_few_times_and_look_the_same(
    busy_site: Flask, enter_busy: Enter, course: str
) -> None:
    client = enter_busy()
    answers = {ask(client, course, "sofia.passed").text("//main") for _ in range(limits.CERTIFICATE.most + 2)}
    assert len(answers) == 1
    with learners.factory(busy_site)() as session:
        assert len(session.scalars(sa.select(CertificateRequest)).all()) == limits.CERTIFICATE.most


@pytest.mark.requirement("R10.2-a")
def test_a_certificate_is_verified_by_its_code_with_no_more_than_it_says(
    busy_site: Flask, enter_busy: Enter, course: str
) -> None:
    made = issued(busy_site, enter_busy, course)
    client = enter_busy("", "en")
    typed = "-".join(re.findall(".{5}", made.code)).lower().replace("1", "l").replace("0", "o")
    page = client.get(client.post("/certificates", {"code": f" {typed} "}).location)
    shown = page.text("//main")
    for told in (made.number, "Sofia Passed", made.title_en, "genuine and valid"):
        assert told in shown
    for untold in ("learners.example", "sofia.passed", "Test 1", "grade"):
        assert untold not in shown
    assert page.answer.headers["X-Robots-Tag"].startswith("noindex")
    assert page.tree.xpath("//meta[@name='robots']/@content") == ["noindex, nofollow"]
    assert page.answer.headers["Cache-Control"] == "no-store"


def test_s56_numbers_open_nothing_and_guesses_are_counted(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    made = issued(busy_site, enter_busy, course)
    client = enter_busy()
    for guess in (made.number, str(made.serial), made.id, made.request_id):
        assert "Sofia" not in client.browser.get(f"/certificates/{guess}").text
    client.post("/certificates", {"code": made.number}, expect=422)
    guesses = [f"/certificates/{number:020}" for number in range(limits.CODE_ADDRESS.most)]
    statuses = [client.browser.get(guess).status_code for guess in guesses]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    client.get(f"/certificates/{made.code}")  # a right code opens all the same


def test_s57_the_page_shows_what_is_stored_whatever_the_address_says(
    busy_site: Flask, enter_busy: Enter, course: str
) -> None:
    made = issued(busy_site, enter_busy, course)
    other = issued(busy_site, enter_busy, course, "olga.passed")
    page = enter_busy("", "en").get(f"/certificates/{made.code}?name=Somebody+Else&number={other.number}")
    assert "Somebody" not in page.text("//main")
    assert "Olga" not in page.text("//main")
    assert "Sofia Passed" in page.text("//main")


@pytest.mark.requirement("R10.2-a")
def test_a_revoked_certificate_says_so_and_its_reason_is_for_the_office(
    busy_site: Flask, enter_busy: Enter, course: str
) -> None:
    made = issued(busy_site, enter_busy, course)
    admin, where = enter_busy("admin-by", "en"), f"/register/certificates/{made.id}"
    admin.post(f"{where}/revoke", {"reason": " "}, expect=422)
    admin.post(f"{where}/revoke", {"reason": "Issued to the wrong person"})
    admin.post(f"{where}/revoke", {"reason": "again"}, expect=409)
    assert "Issued to the wrong person" in admin.get(where).text("//main")
    seen = enter_busy("", "en").get(f"/certificates/{made.code}").text("//main")
    assert "not valid" in seen
    assert "wrong person" not in seen


@pytest.mark.requirement("R10.2-a")
def test_a_corrected_certificate_leads_to_the_one_in_its_place(
    busy_site: Flask, enter_busy: Enter, course: str
) -> None:
    made = issued(busy_site, enter_busy, course)
    admin = enter_busy("admin-by")
    where = f"/register/certificates/{made.id}"
    lost = admin.post(f"{where}/correct", {"name": "Софья Прохорова", "reason": ""}, expect=422)
    assert lost.value("name") == "Софья Прохорова"
    admin.post(f"{where}/correct", {"name": "Софья Прохорова", "reason": "Имя в паспорте"})
    learners.work(busy_site)
    seen = enter_busy("", "en").get(f"/certificates/{made.code}").text("//main")
    assert re.search(r"Certificate COOMET-\d{4}-00002 takes its place", seen)
    assert "Софья Прохорова" in admin.get("/register/certificates?q=софья").text("//tbody")


@pytest.mark.requirement("R10.2-a")
def test_the_register_is_searched_paged_and_taken_away(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    made = issued(busy_site, enter_busy, course)
    with learners.factory(busy_site).begin() as session:
        session.get_one(Certificate, made.id).name = "=HYPERLINK(1)"
    secretariat = enter_busy("secretariat", "en")
    assert made.number in secretariat.get("/register/certificates?state=valid").text("//tbody")
    assert "Nothing found" in secretariat.get("/register/certificates?q=nobody&state=revoked").text("//main")
    answer = secretariat.browser.get("/register/certificates.xlsx")
    assert answer.status_code == 200
    with ZipFile(io.BytesIO(answer.data)) as book:
        written = " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert made.number in written
    assert "<f>" not in written  # S62: nothing is calculated
    secretariat.browser.get("/register/certificates/none")
    for stranger in ("guest", "creator-by", "chair-14"):
        enter_busy(stranger).get("/register/certificates", expect=404)


def test_a_list_is_issued_in_one_action_and_its_page_counts(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    public, admin = enter_busy(), enter_busy("admin-by", "en")
    for name in ("sofia.passed", "olga.passed", "pavel.failed"):
        ask(public, course, name)
    learners.work(busy_site)
    where = f"/courses/{course}/certificates"
    page = admin.get(where)
    assert "Issue 2 certificates" in page.text("//button")
    assert "Test 2 – not passed, grade 3, to pass 6" in page.text("//tbody")
    progress = admin.post(where).location
    assert "0 of 2" in admin.get(progress).text("//main")
    learners.work(busy_site)
    assert "2 of 2" in admin.get(progress).text("//main")
    admin.post(where, expect=409)
    enter_busy("secretariat").post(where, expect=404)


def test_the_hours_are_checked_and_printed_from_then_on(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    admin, where = enter_busy("admin-by"), f"/courses/{course}/certificates/hours"
    assert admin.post(where, {"hours": "шестнадцать"}, expect=422).value("hours") == "шестнадцат"
    admin.post(where, {"hours": "501"}, expect=422)
    admin.post(where, {"hours": "16"})
    assert issued(busy_site, enter_busy, course).hours == 16
