"""Pages of restricted access: lists typed and uploaded, the key that no page shows (4.6)."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask

from app.courses.access.models import AccessEntry, AccessList, SealedKey
from app.courses.letters.models import Letter
from tests.web import learners
from tests.web.addresses import Things
from tests.web.client import Client, Page
from tests.web.conftest import Enter

KEY = "Gir-2026-Секрет"


@pytest.fixture
def course(busy_site: Flask, found: Things) -> str:
    learners.publish(busy_site, found.course)
    return found.course


def send(client: Client, course: str, way: str, expect: int = 303, **fields: object) -> Page:
    given = {"grounds": "Письмо № 12", "confirmed": "1", "locale": "ru", "people": "", **fields}
    return client.post(f"/courses/{course}/admission/{way}", given, expect=expect)


@pytest.mark.requirement("R4.6-d")
def test_a_list_typed_and_uploaded_is_enrolled_and_shown(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    coordinator = enter_busy("chair-15", "en")
    content = "ФИО;Почта\nСофия;Sofia.Passed@learners.example\nНикто;nobody@learners.example\n".encode("cp1251")
    file = (io.BytesIO(content), "список.csv")
    page = send(coordinator, course, "list", people="sergei.outside\nsergei.outside", file=file)
    learners.work(busy_site)
    shown = coordinator.get(page.location).text("//main")
    assert "enrolled: 2" in shown
    assert "the platform knows no such account: 1" in shown
    assert "Письмо № 12" in shown
    with learners.factory(busy_site)() as session:
        assert len(session.scalars(sa.select(AccessEntry)).all()) == 3


@pytest.mark.requirement("R4.6-e")
def test_without_the_confirmation_the_page_says_so_and_loses_nothing(enter_busy: Enter, course: str) -> None:
    page = send(enter_busy("chair-15"), course, "list", 422, people="sofia.passed", confirmed="")
    assert page.text("//textarea[@id='list-people']") == "sofia.passed"
    assert page.tree.xpath("string(//input[@id='list-grounds']/@value)") == "Письмо № 12"
    assert "Без этого подтверждения" in page.text("//*[@class='error']")


@pytest.mark.requirement("R4.6-c")
def test_the_key_is_never_shown_again_not_even_after_an_error(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    coordinator = enter_busy("chair-15")
    wrong = send(coordinator, course, "key", 422, people="не адрес", key=KEY)
    assert KEY not in wrong.source
    assert "не адрес" in wrong.text("//textarea[@id='key-people']")
    page = send(coordinator, course, "key", people="Sofia <sofia.passed@learners.example>", key=KEY)
    learners.work(busy_site)
    listed = coordinator.get(page.location)
    assert KEY not in listed.source
    assert "получил(а) ключ" in listed.text("//tbody")
    with learners.factory(busy_site)() as session:
        letter = session.scalars(sa.select(Letter).where(Letter.template == "access_key")).one()
        assert session.scalars(sa.select(SealedKey)).one().sealed is not None
    office = enter_busy("secretariat")
    assert KEY not in office.get(f"/letters/{letter.id}").source
    assert "здесь стоит ключ доступа" in office.get(f"/letters/{letter.id}").text("//main")
    assert not office.get(f"/letters?q={KEY}").links(letter.id)
    box = enter_busy().get("/demo/mailbox?to=sofia.passed")
    assert KEY not in box.source


@pytest.mark.requirement("R4.6-b")
def test_others_have_neither_the_tab_nor_the_page(enter_busy: Enter, course: str) -> None:
    assert enter_busy("admin-by").get(f"/courses/{course}").links(f"/courses/{course}/admission")
    for stranger in ("secretariat", "chair-14", "guest"):
        client = enter_busy(stranger)
        client.get(f"/courses/{course}/admission", expect=404)
        send(client, course, "list", 404, people="sofia.passed")
        send(client, course, "key", 404, people="sofia.passed@learners.example", key=KEY)


@pytest.mark.requirement("R4.6-a")
def test_an_open_course_has_nobody_to_admit(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    learners.publish(busy_site, found.course, access="open")
    admin = enter_busy("admin-by", "en")
    assert not admin.get(f"/courses/{found.course}").links("/admission")
    assert "anybody with an account enrols alone" in admin.get(f"/courses/{found.course}/admission").text("//main")
    send(admin, found.course, "list", 409, people="sofia.passed")


def test_a_form_without_its_token_admits_nobody(busy_site: Flask, enter_busy: Enter, course: str) -> None:
    client = enter_busy("chair-15")
    client.post(f"/courses/{course}/admission/list", {"people": "sofia.passed"}, expect=400, token=False)
    with learners.factory(busy_site)() as session:
        assert not session.scalars(sa.select(AccessList)).all()
