"""The public list of courses and the Secretariat's settings on pages (12.2, A47, S62)."""

import pytest

from app.i18n import Locale
from tests.web.conftest import Enter


@pytest.mark.requirement("R12.2-a")
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_list_is_public_and_its_exports_may_be_kept(enter: Enter, locale: Locale) -> None:
    client = enter("", locale)
    client.get("/portal")
    for path in ("/portal.json", "/portal.csv?lang=en", "/portal/fragment?lang=en"):
        first = client.browser.get(path)
        assert first.status_code == 200
        assert first.headers["Cache-Control"] == "public, max-age=300"
        again = client.browser.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
    assert (client.browser.get("/portal.json?page=0").json or {})["page"] == 1
    assert client.browser.get("/portal.csv").get_data().startswith(b"\xef\xbb\xbf")


def test_the_fragment_runs_no_script_and_only_sites_of_the_setting_may_frame_it(enter: Enter) -> None:
    answer = enter().browser.get("/portal/fragment?lang=ru")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors https://www.coomet.net" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert "<script" not in answer.text
    assert "Set-Cookie" not in answer.headers
    secretariat = enter("secretariat")
    today = secretariat.get("/settings/values/portal_frames").value("valid_from")
    secretariat.post("/settings/values/portal_frames", {"value": "", "valid_from": today})
    assert "frame-ancestors 'none'" in enter().browser.get("/portal/fragment").headers["Content-Security-Policy"]


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_secretariat_changes_a_setting_and_what_is_wrong_is_said(enter: Enter, locale: Locale) -> None:
    client = enter("secretariat", locale)
    blank = client.get("/settings/values/review_workdays")
    today = blank.value("valid_from")
    wrong = client.post("/settings/values/review_workdays", {"value": "много", "valid_from": today}, expect=422)
    assert wrong.value("value") == "много"
    client.post("/settings/values/review_workdays", {"value": "5", "valid_from": "2020-01-01"}, expect=422)
    client.post("/settings/values/portal_frames", {"value": "javascript:x", "valid_from": today}, expect=422)
    client.post("/settings/values/review_workdays", {"value": "7", "valid_from": today})
    assert client.get("/settings/values/review_workdays").value("value") == "7"
    assert "7" in client.get("/settings").text("//dl")


@pytest.mark.requirement("R2-a")
def test_an_edition_that_is_entered_appears_in_the_list(enter: Enter) -> None:
    client = enter("secretariat", "en")
    page = client.get("/settings/documents/cbkt_guidance")
    fields = {name: page.value(name) for name in ("title_ru", "number", "link", "valid_from")}
    fields |= {"title_en": "CBKT guidance, new title", "edition": "2026"}
    client.post("/settings/documents/cbkt_guidance", {**fields, "link": "ftp://x"}, expect=422)
    client.post("/settings/documents/cbkt_guidance", fields)
    assert "CBKT guidance, new title" in client.get("/settings").text()
    new = {"code": "r_gm_1", "title_ru": "Рекомендация", "title_en": "Recommendation"}
    new["valid_from"] = fields["valid_from"]
    client.get("/settings/documents/new")
    client.post("/settings/documents/new", {**new, "code": "Ы"}, expect=422)
    client.post("/settings/documents/new", new)
    assert "Recommendation" in client.get("/settings").text()
