"""Failures speak kindly, in both languages, and tell nobody how the program is built."""

import errno

import pytest
from flask import Blueprint, Flask
from sqlalchemy.exc import OperationalError

from app.errors import Conflict, Invalid, StorageFull, TooLarge, Unavailable
from app.i18n import Locale
from app.web.access import public
from tests.web.client import Client

LOCALES: tuple[Locale, ...] = ("ru", "en")
RAISED = {
    "conflict": (Conflict("Somebody was faster"), 409),
    "large": (TooLarge("Too large"), 413),
    "invalid": (Invalid("Something has to be put right"), 422),
    "unavailable": (Unavailable("Not available for the moment"), 503),
    "locked": (OperationalError("SELECT secret", {}, Exception("database is locked")), 503),
    "full": (StorageFull("No room left"), 507),
    "disk": (OSError(errno.ENOSPC, "No space left on device"), 507),
    "bug": (ZeroDivisionError("secret detail"), 500),
    "file": (OSError(errno.EACCES, "/etc/shadow"), 500),
}


@pytest.fixture
def breaking(site: Flask) -> Flask:
    """The site with a page for each way to fail."""
    part = Blueprint("test_failures", __name__)

    @part.get("/break/<how>")
    @public
    def breaks(how: str) -> str:
        raise RAISED[how][0]

    site.register_blueprint(part)
    return site


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("how", RAISED)
def test_s64_every_failure_has_a_page_and_no_details(breaking: Flask, how: str, locale: Locale) -> None:
    page = Client(breaking, locale).get(f"/break/{how}", expect=RAISED[how][1])
    for hidden in ("secret", "Traceback", "SELECT", "shadow", "ZeroDivision", "site-packages"):
        assert hidden not in page.source
    assert page.answer.headers["X-Request-Id"] in page.source
    assert page.tree.xpath("//a[@href='/']")


def test_s64_even_a_page_that_cannot_be_drawn_says_something(breaking: Flask) -> None:
    breaking.jinja_env.globals["icon"] = None
    answer = breaking.test_client().get("/break/bug")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_unavailable_says_when_to_come_back(breaking: Flask) -> None:
    assert Client(breaking).get("/break/locked", expect=503).answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_there_and_wrong_method(site: Flask, locale: Locale) -> None:
    client = Client(site, locale)
    client.get("/no/such/page", expect=404)
    client.get("/language", expect=405)


def test_a_flood_of_fields_is_refused(site: Flask) -> None:
    """S32: at most so many parts and so many bytes of text."""
    client = Client(site)
    fields = {f"f{n}": "x" for n in range(3000)}
    token = client.token()
    many = client.browser.post("/language", data={**fields, "csrf_token": token}, content_type="multipart/form-data")
    assert many.status_code == 413
    long = {"csrf_token": token, "next": "x" * 3_000_000}
    assert client.browser.post("/language", data=long, content_type="multipart/form-data").status_code == 413
