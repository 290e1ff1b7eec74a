"""What holds whatever the page: language, colours, sign-in and out, redirects that stay in the house."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.i18n import Locale
from app.web import assets
from app.web.redirects import safe_next
from tests.web.client import Client
from tests.web.conftest import Enter

LOCALES: tuple[Locale, ...] = ("ru", "en")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", ["/demo", "/demo/clock", "/demo/mailbox", "/sign-in"])
def test_pages_before_sign_in(enter: Enter, path: str, locale: Locale) -> None:
    enter("", locale).get(path)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("chair-16", "/"),
        ("chair-16", "/?view=roles"),
        ("chair-16", "/?view=done"),
        ("admin-by", "/courses"),
        ("admin-by", "/procedures"),
        ("admin-by", "/procedures/agreement"),
        ("secretariat", "/appointments"),
        ("secretariat", "/appointments/new"),
        ("secretariat", "/archive"),
        ("operator", "/incidents"),
    ],
)
def test_pages_with_nothing_on_them_yet(enter: Enter, key: str, path: str, locale: Locale) -> None:
    enter(key, locale).get(path)


def test_who_has_not_signed_in_is_asked_to_and_comes_back(enter: Enter) -> None:
    page = enter().get("/courses?q=1", expect=303)
    assert page.location == "/demo?next=/courses?q%3D1"


def test_language_is_chosen_by_post_and_kept(site: Flask) -> None:
    client = Client(site, "ru")
    client.post("/language", {"language": "en", "next": "/demo"})
    client.locale = "en"
    assert client.get("/demo").heading == "Sign in to the demo"


def test_without_a_choice_the_browser_is_asked(site: Flask) -> None:
    browser = site.test_client()
    assert '<html lang="en"' in browser.get("/demo", headers={"Accept-Language": "en-GB,ru;q=0.5"}).text
    assert '<html lang="ru"' in browser.get("/demo", headers={"Accept-Language": "de"}).text


def test_the_account_knows_the_language_until_somebody_chooses(site: Flask) -> None:
    client = Client(site, "en")
    client.enter("chair-15@demo.example")
    client.browser.delete_cookie("language")
    assert '<html lang="en"' in client.browser.get("/", headers={"Accept-Language": "ru"}).text
    client.browser.set_cookie("language", "ru")
    assert '<html lang="ru"' in client.browser.get("/", headers={"Accept-Language": "en"}).text


def test_without_a_build_pages_have_styles_and_no_diagram(
    peopled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(assets.STATIC, tmp_path / "static", ignore=shutil.ignore_patterns("dist"))
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    found = assets.Assets()
    assert found.address("viewer.js") == ""
    assert "--accent" in found.styles
    assert "@font-face" not in found.styles


def test_the_watchers_are_told(site: Flask) -> None:
    for path in ("/healthz", "/readyz"):
        told = site.test_client().get(path).json
        assert told is not None
        assert (told["database"], told["schema"]) == ("ok", "ok")


def test_colours_are_kept(site: Flask) -> None:
    client = Client(site)
    client.post("/theme", {"theme": "dark", "next": "/demo"})
    assert 'data-theme="dark"' in client.get("/demo").source
    client.post("/theme", {"theme": "pink", "next": "/demo"})
    assert 'data-theme="dark"' in client.get("/demo").source


def test_signing_out_closes_the_pages(enter: Enter) -> None:
    client = enter("chair-16")
    client.get("/")
    client.post("/sign-out")
    client.get("/", expect=303)


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "https:evil", "\\\\evil", "/\\evil", "javascript:alert(1)", "/a\nb", ""],
)
def test_redirects_stay_in_the_house(site: Flask, wanted: str) -> None:
    """S50."""
    with site.test_request_context("/"):
        assert safe_next(wanted) == "/"
        assert safe_next("/courses?q=a") == "/courses?q=a"


def test_styles_and_scripts_are_kept_for_ever_and_pages_never(site: Flask) -> None:
    browser = site.test_client()
    page = browser.get("/demo")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
    found = re.search(r'href="(/styles\.css\?v=\w+)"', page.text)
    assert found
    styles = browser.get(found.group(1))
    assert "immutable" in styles.headers["Cache-Control"]
    assert "Set-Cookie" not in styles.headers
    assert "--accent" in styles.text


def test_a_kept_bar_is_of_one_person_and_its_forms_of_one_request(enter: Enter) -> None:
    """The bar is kept for who asks; what guards a form and where it leads back to are put in for every answer."""
    whose, tokens = "//header//span[@class='word']", set()
    people = [enter("chair-16", "en"), enter("admin-by", "en")]
    for path in ("/courses", "/courses?q=a&view=all"):
        pages = [one.get(path) for one in people]
        assert pages[0].text(whose) != pages[1].text(whose)
        for page in pages:
            assert set(page.tree.xpath("//header//input[@name='next']/@value")) == {path}
            (token,) = set(page.tree.xpath("//header//input[@name='csrf_token']/@value"))
            tokens.add(token)
    assert len(tokens) >= len(people)


@pytest.mark.requirement("RA2-c")
@pytest.mark.parametrize(("locale", "draft"), [("ru", "(проект)"), ("en", "(draft)")])
def test_the_foot_names_the_recommendation_as_the_settings_have_it(enter: Enter, locale: Locale, draft: str) -> None:
    """Number and year are settings (A47); a draft it is until the day of its approval is entered."""
    client = enter("secretariat", locale)
    assert client.get("/").text("//footer").startswith(("Правила", "Rules"))
    assert f"R/TR/XX:202_ {draft}" in client.get("/").text("//footer")
    today = clock.today("Europe/Minsk").isoformat()
    for name, value in (("recommendation_number", "R/TR/17"), ("recommendation_year", "2027")):
        client.post(f"/settings/values/{name}", {"value": value, "valid_from": today}, expect=303)
    assert f"R/TR/17:2027 {draft}" in client.get("/").text("//footer")
    client.post("/settings/values/recommendation_date", {"value": today, "valid_from": today}, expect=303)
    foot = enter("", locale).get("/demo").text("//footer")
    assert "R/TR/17:2027" in foot
    assert draft not in foot
