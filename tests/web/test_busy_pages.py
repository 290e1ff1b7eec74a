"""Pages with real things on them, in both languages: the client checks all that holds of every page."""

import pytest
from flask import Flask

from app.courses.models import Course
from app.i18n import Locale
from tests.web.addresses import Things
from tests.web.conftest import Enter

LOCALES: tuple[Locale, ...] = ("ru", "en")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_that_shows_a_thing(enter_busy: Enter, found: Things, locale: Locale) -> None:
    pages = {
        "chair-14": ["/", "/?view=roles", f"/tasks/{found.task}"],
        "admin-by": [
            "/courses",
            f"/courses/{found.course}",
            f"/courses/{found.course}/sheets/{found.sheet}",
            f"/instances/{found.instance}",
        ],
        "secretariat": ["/archive", f"/archive/{found.entry}", "/appointments", "/appointments?all=1&role=chair"],
        "operator": ["/incidents", "/incidents?view=closed"],
        "": ["/demo", "/demo/mailbox"],
    }
    for key, paths in pages.items():
        client = enter_busy(key, locale)
        for path in paths:
            assert client.get(path).heading


def test_a_letter_can_be_read(enter_busy: Enter) -> None:
    client = enter_busy()
    letters = client.get("/demo/mailbox").links("/demo/mailbox/")
    assert letters
    assert client.get(letters[0]).heading


@pytest.mark.requirement("R1-d")
def test_the_task_page_shows_the_clause_with_its_wording(enter_busy: Enter, found: Things) -> None:
    """R1-d: every user task shows its clause number and wording."""
    page = enter_busy("chair-14").get(f"/tasks/{found.task}")
    assert "п. 7.3" in page.text("//main")
    assert "рассматривает материалы в установленные в листе согласования сроки" in page.text("//aside")


def test_the_outline_says_what_the_diagram_shows(enter_busy: Enter, found: Things) -> None:
    page = enter_busy("admin-by", "en").get(f"/instances/{found.instance}?diagram=sheet")
    here = page.tree.xpath("//li[@data-status='here']//span[@class='name']/text()")
    assert "Consider the course materials" in [text.strip() for text in here]
    assert page.tree.xpath("//li[@data-status='done']")


def test_the_diagram_is_in_the_readers_language_and_tells_nothing_that_runs(enter_busy: Enter, found: Things) -> None:
    instance = found.instance
    english = enter_busy("admin-by", "en").browser.get(f"/instances/{instance}/diagrams/sheet").text
    russian = enter_busy("admin-by", "ru").browser.get(f"/instances/{instance}/diagrams/sheet").text
    assert "Consider the course materials" in english
    assert "Рассмотреть материалы курса" in russian
    for text in (english, russian):
        assert "extensionElements" not in text
        assert "conditionExpression" not in text


def test_a_file_is_saved_not_shown(enter_busy: Enter, found: Things) -> None:
    """S26, S30: attachment, sandbox, the name encoded."""
    answer = enter_busy("chair-14").browser.get(f"/courses/{found.course}/files/{found.file}", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.requirement("R4.1-a")
def test_the_aim_of_a_course_stands_on_its_page(enter_busy: Enter, busy_site: Flask, found: Things) -> None:
    with busy_site.extensions["sessions"].begin() as session:
        course = session.get_one(Course, found.course)
        course.aim_ru, course.aim_en = "Научиться калибровать гири", "To learn to calibrate weights"
    assert "Цель: Научиться калибровать гири" in enter_busy("admin-by", "ru").get(f"/courses/{found.course}").text()
    assert "Aim: To learn to calibrate weights" in enter_busy("admin-by", "en").get(f"/courses/{found.course}").text()
