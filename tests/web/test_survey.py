"""The public questionnaire (11.1, Appendix 3; A36, A37): anonymous, for a telephone, and not to be flooded (S58)."""

import json
import logging
import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask

from app import clock, logs
from app.config import Config
from app.courses.surveys import answering
from app.courses.surveys.models import CRITERIA
from app.courses.surveys.pace import Pace
from app.i18n import Locale
from tests.web.conftest import Enter
from tests.web.surveying import GOOD, Learner, add, answers, publish

SCRIPT = "<script>alert(1)</script>"
LOCALES: tuple[Locale, ...] = ("ru", "en")


@pytest.mark.requirement("R11.1-a", "RA3-a")
@pytest.mark.parametrize("locale", LOCALES)
def test_anybody_answers_without_signing_in_in_both_languages(site: Flask, locale: Locale) -> None:
    _, code = publish(site)
    learner = Learner(site, locale)
    page = learner.get(f"/survey/{code}")
    assert page.heading == {"ru": "Калибровка гирь", "en": "Calibration of weights"}[locale]
    criteria = {"ru": "Актуальность и практическая полезность курса", "en": "Topicality and practical usefulness"}
    assert criteria[locale] in page.text("//form")
    assert len(page.tree.xpath("//input[@type='radio']")) == 16
    thanks = learner.get(learner.answer(code, GOOD).location)
    assert {"ru": "Спасибо", "en": "Thank you"}[locale] in thanks.text()
    kept = answers(site)
    assert [(one.practical, one.day) for one in kept] == [("good", clock.now().date())]
    assert Learner(site, "ru").browser.get(f"/survey/{code}?lang=en").text.count('lang="en"') >= 1


@pytest.mark.requirement("RA3-b", "RA3-c", "RA3-d", "RA3-e")
@pytest.mark.parametrize("criterion", CRITERIA)
def test_two_marks_are_impossible_and_one_is_needed(site: Flask, criterion: str) -> None:
    """On the page one radio button of a criterion at most; whoever sends two all the same is refused."""
    _, code = publish(site)
    learner = Learner(site)
    buttons = learner.get(f"/survey/{code}").tree.xpath(f"//input[@name='{criterion}']")
    assert [(one.get("type"), one.get("value")) for one in buttons] == [
        ("radio", mark) for mark in ("excellent", "good", "satisfactory", "unsatisfactory")
    ]
    two = learner.answer(code, GOOD | {criterion: ["good", "excellent"]}, 422)
    assert "одну оценку" in two.text("//*[contains(@class, 'error-summary')]")
    learner.answer(code, GOOD | {criterion: ""}, 422)
    learner.answer(code, GOOD | {criterion: "superb"}, 422)
    assert answers(site) == []


@pytest.mark.requirement("RA3-g")
@pytest.mark.parametrize("locale", LOCALES)
def test_an_end_before_the_beginning_is_refused_and_nothing_typed_is_lost(site: Flask, locale: Locale) -> None:
    _, code = publish(site)
    learner = Learner(site, locale)
    typed = GOOD | {"comments": "Больше примеров", "participated_from": "2026-03-02", "participated_to": "2026-03-01"}
    page = learner.answer(code, typed, 422)
    assert {"ru": "не может быть раньше", "en": "cannot be before"}[locale] in page.text()
    assert page.tree.xpath("string(//textarea[@name='comments'])").strip() == "Больше примеров"
    assert page.value("participated_to") == "2026-03-01"
    assert len(page.tree.xpath("//input[@type='radio'][@checked]")) == 4
    again = learner.answer(code, typed | {"participated_to": "2026-03-02"}, nonce=page.value("csrf_token"))
    assert again.location.endswith(f"/survey/{code}/thanks?lang={locale}")
    assert [(one.participated_from, one.comments) for one in answers(site)] == [
        (answers(site)[0].participated_to, "Больше примеров")
    ]
    learner.answer(code, GOOD)  # neither text nor dates are needed
    assert len(answers(site)) == 2


@pytest.mark.requirement("R11.1-a", "RA3-g")
def test_nothing_is_kept_that_tells_who_answered_or_when(
    site: Flask, enter: Enter, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Database, evidence, log and files after answers of a browser that says a lot of itself, one of them signed in."""
    _, code = publish(site)
    learner, signed_in = Learner(site), enter("creator-by")
    before = dump(site)
    told = {"User-Agent": "Telltale/7.0", "X-Forwarded-For": "203.0.113.77", "Referer": "https://tell.example/me"}
    caplog.set_level(logging.DEBUG)
    with caplog.at_level(logging.INFO, "coomet.web"):
        page = learner._checked(learner.browser.get(f"/survey/{code}", headers=told), 200)
        assert "Set-Cookie" not in page.answer.headers
        nonce = learner.nonce(code)
        first = learner.answer(code, GOOD | {"comments": "Спасибо"}, nonce=nonce, headers=told)
        assert "Set-Cookie" not in first.answer.headers
        signed_in.browser.post(f"/survey/{code}", data={**GOOD, "csrf_token": learner.nonce(code)})
        learner.get(first.location)
    after = dump(site)
    assert len(answers(site)) == 2
    numbers = [page.answer.headers["X-Request-Id"], first.answer.headers["X-Request-Id"]]
    added = "\n".join(sorted(set(after) - set(before)))
    for trace in ("Telltale", "203.0.113.77", "127.0.0.1", "tell.example", nonce.split(".")[1], *numbers, "creator"):
        assert trace not in added, trace
    assert not re.search(r"\d\d:\d\d", added), "a moment stands in the database"
    rows = set(after) - set(before)
    assert all(row.startswith('INSERT INTO "survey_answer"') for row in rows), (
        "something beside the answers was written"
    )
    assert len(rows) == 2
    assert code not in written(caplog)
    assert "survey" not in written(caplog)


def dump(app: Flask) -> list[str]:
    """The whole database as text, the evidence with it."""
    config: Config = app.extensions["config"]
    connection = sqlite3.connect(config.data_dir / "coomet.db")
    lines = list(connection.iterdump())
    connection.close()
    return lines


def written(caplog: pytest.LogCaptureFixture) -> str:
    """What production would have written to its log."""
    form = logs.JsonLines()
    return "\n".join(form.format(one) for one in caplog.records if one.name.startswith("coomet"))


def test_the_log_has_a_line_for_every_other_page(site: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """So that its silence about the survey means something."""
    with caplog.at_level(logging.INFO, "coomet.web"):
        Learner(site).get("/portal")
    assert [json.loads(line)["path"] for line in written(caplog).splitlines()] == ["/portal"]


@pytest.mark.requirement("R11.1-a")
def test_the_rows_have_no_place_for_a_person(site: Flask) -> None:
    config: Config = site.extensions["config"]
    connection = sqlite3.connect(config.data_dir / "coomet.db")
    columns = {row[1] for row in connection.execute("PRAGMA table_info(survey_answer)")}
    assert columns == {"key", "course_id", "day", *CRITERIA, "comments", "participated_from", "participated_to"}
    with pytest.raises(sqlite3.OperationalError, match="rowid"):
        connection.execute("SELECT rowid FROM survey_answer")
    connection.close()


def test_the_same_form_sent_twice_or_mended_later_counts_once(site: Flask) -> None:
    _, code = publish(site)
    learner = Learner(site)
    nonce = learner.nonce(code)
    for given in (GOOD, GOOD, GOOD | {"comments": "noch etwas"}):
        learner.answer(code, given, nonce=nonce)
    assert [one.comments for one in answers(site)] == [""]


def test_s58_robots_are_recognised_without_knowing_them(site: Flask) -> None:
    """Without a nonce, with another course's, too fast, too late, with the trap filled: nothing is kept."""
    _, code = publish(site)
    _, other = publish(site, "2026-902")
    learner = Learner(site)
    for nonce in ("x", learner.nonce(other), learner.nonce(code, age=0), learner.nonce(code, age=100_000)):
        page = learner.answer(code, GOOD | {"comments": "набрано"}, 422, nonce=nonce)
        assert page.tree.xpath("string(//textarea)").strip() == "набрано"
    learner.answer(code, GOOD | {"_website": "http://spam.example"})
    assert answers(site) == []
    early = learner.answer(code, GOOD, 422, nonce=learner.nonce(code, age=1))
    assert early.value("csrf_token").split(".")[1]
    learner.answer(code, GOOD, nonce=learner.nonce(code, age=4))
    assert len(answers(site)) == 1


def test_s58_a_flood_is_stopped_and_what_was_typed_stays(site: Flask) -> None:
    """Hundreds of posts at once: sixty pass, the others are asked to wait; then the limit of the day."""
    course_id, code = publish(site)
    learner = Learner(site)
    said = [
        learner.browser.post(f"/survey/{code}", data={**GOOD, "csrf_token": learner.nonce(code)}).status_code
        for _ in range(200)
    ]
    assert said.count(303) in range(60, 70)
    assert said.count(429) == 200 - said.count(303)
    page = learner.answer(code, GOOD | {"comments": "мой ответ"}, 429)
    assert page.tree.xpath("string(//textarea)").strip() == "мой ответ"
    site.extensions["survey_pace"] = Pace()
    add(site, course_id, 200 - len(answers(site)))
    page = learner.answer(code, GOOD | {"comments": "мой ответ"}, 429)
    assert "завтра" in page.text()
    assert page.tree.xpath("string(//textarea)").strip() == "мой ответ"
    assert len(answers(site)) == 200


def test_s58_a_megabyte_is_refused_before_it_is_read(site: Flask) -> None:
    _, code = publish(site)
    learner = Learner(site)
    learner.answer(code, GOOD | {"comments": "x" * 1_000_000}, 413)
    long = learner.answer(code, GOOD | {"comments": "я" * 4001}, 422)
    assert len(long.tree.xpath("string(//textarea)").strip()) == 4001
    assert answers(site) == []
    assert answering.LARGEST < 1_000_000


def test_a_course_that_takes_no_answers_says_why(site: Flask) -> None:
    learner = Learner(site)
    for number, stage, at, status, words in (
        ("2026-903", "withdrawn", clock.now(), 410, "больше не предлагается"),
        ("2026-904", "preparation", None, 404, "еще не опубликован"),
    ):
        _, code = publish(site, number, stage=stage, published_at=at)
        assert words in learner.get(f"/survey/{code}", expect=status).text()
        assert words in learner.answer(code, GOOD, status).text()
    learner.get("/survey/nosuchcodeatall", expect=404)
    assert answers(site) == []


@pytest.mark.requirement("RA3-f")
def test_a_script_in_a_suggestion_is_text_and_read_by_two_roles_only(site: Flask, enter: Enter) -> None:
    course_id, code = publish(site, coordinator="creator-by")
    add(site, course_id, 4)
    Learner(site).answer(code, GOOD | {"comments": SCRIPT})
    for key in ("admin-by", "creator-by"):
        page = enter(key).get(f"/courses/{course_id}/satisfaction")
        assert SCRIPT in page.text("//main")
        assert SCRIPT not in page.source
    for key in ("secretariat", "tc4", "chair-16", "auditor", "guest"):
        client = enter(key)
        for path in ("satisfaction", "satisfaction.csv", "satisfaction.xlsx"):
            assert client.browser.get(f"/courses/{course_id}/{path}").status_code == 404
    other, _ = publish(site, "2026-902")
    assert enter("creator-by").browser.get(f"/courses/{other}/satisfaction").status_code == 404


@pytest.mark.requirement("RA3-g", "RA3-f")
def test_with_few_answers_the_page_and_the_workbook_hide_comments_and_dates(site: Flask, enter: Enter) -> None:
    """A37, and a quarter chosen on the page does not get around it."""
    course_id, _ = publish(site)
    dates = {"participated_from": clock.now().date(), "participated_to": clock.now().date()}
    add(site, course_id, 4, comments="Узнаете меня?", **dates)
    client = enter("admin-by")
    for path in ("", "?quarter=2026-4", "?quarter=9999-9", "?quarter=x"):
        page = client.get(f"/courses/{course_id}/satisfaction{path}")
        assert "Узнаете" not in page.source
        assert "Даты участия" not in page.text("//main")
        assert "ответов меньше 5" in page.text("//main")
    add(site, course_id, 1)
    page = client.get(f"/courses/{course_id}/satisfaction")
    assert "Узнаете меня?" in page.text("//main")
    assert "Даты участия" in page.text("//main")


@pytest.mark.requirement("R6.9-a")
def test_the_way_to_the_questionnaire_is_a_link_a_code_and_a_sheet_to_print(site: Flask, enter: Enter) -> None:
    course_id, code = publish(site, coordinator="creator-by")
    add(site, course_id, 6)
    client = enter("admin-by", "en")
    page = client.get(f"/courses/{course_id}/questionnaire")
    assert page.text("//main").count(f"/survey/{code}") >= 1
    assert page.tree.xpath("//*[local-name()='svg'][contains(@class, 'qr')]")
    drawn = client.browser.get(f"/courses/{course_id}/questionnaire.svg")
    assert (drawn.status_code, drawn.mimetype) == (200, "image/svg+xml")
    assert drawn.headers["Content-Disposition"].startswith("attachment")
    shown = client.get(f"/courses/{course_id}")
    assert "6 answers" in shown.text("//aside")
    assert shown.links(f"/courses/{course_id}/satisfaction")
    assert "6 answers" not in enter("secretariat", "en").get(f"/courses/{course_id}").text("//aside")


@pytest.mark.parametrize("locale", LOCALES)
def test_figures_by_quarter_as_charts_and_tables(site: Flask, enter: Enter, locale: Locale) -> None:
    course_id, _ = publish(site)
    client = enter("admin-by", locale)
    empty = client.get(f"/courses/{course_id}/satisfaction")
    assert {"ru": "Ответов не поступило", "en": "No answers were received"}[locale] in empty.text("//main")
    add(site, course_id, 7)
    add(site, course_id, 2, clock.now().date().replace(year=clock.now().year - 1), quality="unsatisfactory")
    page = client.get(f"/courses/{course_id}/satisfaction")
    charts = page.tree.xpath("//*[local-name()='svg'][@class='chart']")
    assert len(charts) == 3
    rows = page.tree.xpath("//table[@class='figures'][1]//tbody/tr[3]//*[self::td]")
    assert [cell.text_content() for cell in rows[:4]] == ["0", "7", "0", "2"]
    csv = client.browser.get(f"/courses/{course_id}/satisfaction.csv")
    assert csv.get_data().startswith(b"\xef\xbb\xbf")
    listed = client.get("/satisfaction?q=2026-901")
    assert "9" in listed.text("//tbody")
    assert client.get("/satisfaction?q=nothing").heading
    everything = client.browser.get("/satisfaction.xlsx")
    assert everything.get_data().startswith(b"PK")
    assert "2026-901" in client.browser.get("/satisfaction.csv").text
