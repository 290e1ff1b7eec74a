"""What holds whatever the page: language, colours, the strip of the demo, failures that speak kindly."""

import pytest

from app.i18n import Locale
from tests.web.conftest import Enter

LOCALES: tuple[Locale, ...] = ("ru", "en")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_first_page_of_a_persona_is_the_inbox(enter: Enter, locale: Locale) -> None:
    page = enter("chair-16", locale).get("/")
    assert page.heading == {"ru": "Входящие", "en": "Inbox"}[locale]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", ["/demo", "/demo/clock", "/demo/mailbox", "/sign-in"])
def test_pages_of_the_demo_are_open(enter: Enter, path: str, locale: Locale) -> None:
    enter("", locale).get(path)
