"""The studio's draft as a whole: found, read and saved as source, compared, published, and taken back."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.courses import settings
from app.i18n import Locale
from app.identity import people
from app.workflow import releases
from app.workflow.models import Instance, Release
from app.workflow.studio import packing
from tests.web.client import Client, Page
from tests.web.conftest import Enter

SHEET = "processes/agreement/sheet.bpmn"
LETTER = "processes/agreement/letters/consider.ru.txt"
FORM = "forms/creation_consent.ui.json"


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def source(client: Client, path: str) -> str:
    """As a browser shows it: what stands in the text area."""
    return str(client.get(f"/studio/source/{path}").tree.xpath("//textarea[@name='content']")[0].text).removeprefix(
        "\n"
    )


def save(client: Client, path: str, text: str, revision: int = 0, expect: int = 303, **more: str) -> Page:
    """As a browser sends it: with CR LF."""
    sent = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return client.post(f"/studio/source/{path}", {"content": sent, "revision": str(revision), **more}, expect)


def raw(client: Client, path: str) -> bytes:
    return bytes(client.browser.get(f"/studio/files/{path}").data)


def change(client: Client, note: str = "") -> None:
    """A deadline of 14 working days in the draft."""
    text = raw(client, SHEET).decode().replace('due="answer_by"', 'due="workdays(14)"')
    save(client, SHEET, text, note=note)


def publish(client: Client, **more: str) -> Page:
    page = client.get("/studio/publish" + (f"?again={more['again']}" if "again" in more else ""))
    return client.post("/studio/publish", {"sha256": page.value("sha256"), "note": "Why", **more})


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_the_front_page_shows_procedures_by_name_and_finds_them(enter: Enter, locale: Locale) -> None:
    client = enter("analyst", locale)
    client.post("/studio/draft")
    change(client)
    name = "Лист согласования" if locale == "ru" else "Agreement sheet"
    assert name in client.get("/studio").text()
    assert ("Изменено" if locale == "ru" else "Changed") in client.get("/studio?only=changed").text()
    found = client.get(f"/studio?q={'лист согл' if locale == 'ru' else 'agreement sh'}").text("//main")
    assert name in found
    assert ("Мониторинг курса" if locale == "ru" else "Monitoring of a course") not in found
    assert client.get("/studio?q=nothing-like-it").tree.xpath("//div[contains(@class, 'empty')]")


def test_what_was_not_touched_in_a_source_stays_byte_by_byte(analyst: Client) -> None:
    for path in (SHEET, LETTER, FORM, "processes/agreement/routing.dmn", "processes/documents/form.css"):
        before = raw(analyst, path)
        save(analyst, path, source(analyst, path))
        assert raw(analyst, path) == before


def test_a_conflict_shows_both_texts_and_either_can_be_kept(analyst: Client, enter: Enter) -> None:
    other = enter("analyst-2", "en")
    save(other, LETTER, "Theirs\n\nText\n", note="mine first")
    page = save(analyst, LETTER, "Mine\n\nText\n", 0, expect=409)
    assert "Dinara Yermekova saved this file" in page.text()
    assert page.tree.xpath("//textarea[@readonly]")[0].text.strip().startswith("Theirs")
    assert page.tree.xpath("//textarea[@name='content']")[0].text.strip().startswith("Mine")
    assert raw(analyst, LETTER) == b"Theirs\n\nText\n"
    save(analyst, LETTER, "Mine\n\nText\n", int(page.value("revision")))
    assert raw(analyst, LETTER) == b"Mine\n\nText\n"
    assert "set aside" in analyst.get(f"/studio/history?path={LETTER}").text()


def test_a_form_in_use_does_not_vanish_unnoticed(analyst: Client) -> None:
    page = analyst.get(f"/studio/remove/{FORM}")
    assert "processes/creation/" in page.text("//main")
    refused = analyst.post(f"/studio/remove/{FORM}", {"revision": "0", "pair": "on"}, expect=422)
    assert "all the same" in refused.text()
    analyst.post(f"/studio/remove/{FORM}", {"revision": "0", "pair": "on", "sure": "on"})
    assert analyst.browser.get("/studio/findings").get_json()["findings"]
    assert "Removed from the draft" in analyst.get(f"/studio/source/{FORM}").text()


def test_a_file_is_added_copied_and_renamed_with_its_pair(analyst: Client) -> None:
    wrong = analyst.post("/studio/add", {"path": "processes/x/../y.bpmn"}, expect=422)
    assert wrong.value("path") == "processes/x/../y.bpmn"
    for language in ("ru", "en"):
        like = f"processes/agreement/letters/consider.{language}.txt"
        analyst.post("/studio/add", {"path": f"processes/agreement/letters/copied.{language}.txt", "like": like})
    analyst.post("/studio/add", {"path": LETTER}, expect=409)
    new = "processes/agreement/letters/other.ru.txt"
    analyst.post("/studio/rename/processes/agreement/letters/copied.ru.txt", {"new": new, "pair": "on"})
    assert raw(analyst, new) == raw(analyst, LETTER)
    assert raw(analyst, "processes/agreement/letters/other.en.txt")
    assert raw(analyst, "processes/agreement/letters/copied.ru.txt") == b""


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("ru", "срок «answer» – 14 рабочих дней; было answer_by."),
        ("en", "The deadline “answer” of “Consider the course materials” is 14 working days; it was answer_by."),
    ],
)
def test_the_comparison_says_each_change_in_the_readers_language(enter: Enter, locale: Locale, said: str) -> None:
    client = enter("analyst", locale)
    client.post("/studio/draft")
    change(client)
    assert said in client.get("/studio/compare").text()
    one = client.get(f"/studio/compare?from=1&to=draft&file={SHEET}")
    assert said in one.text()
    for side in ("1", "draft", "base"):
        drawn = client.browser.get(f"/studio/compare/diagrams/{SHEET}?side={side}")
        assert drawn.mimetype == "application/xml"
        assert b"coomet:call" not in drawn.data
    client.get("/studio/compare?from=7&to=draft", expect=404)
    client.get("/studio/compare?from=1&to=1")


def test_publishing_wants_a_note_and_new_courses_begin_on_the_release(analyst: Client, site: Flask) -> None:
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    change(analyst)
    page = analyst.get("/studio/publish")
    assert "it was answer_by" in page.text()
    refused = analyst.post("/studio/publish", {"sha256": page.value("sha256"), "note": " "}, expect=422)
    assert "Say in a note" in refused.text()
    publish(analyst)
    assert "Release 2" in analyst.get("/studio/releases").text()
    with sessions() as session:
        newest = releases.current(session)
        assert newest is not None
        assert (newest.number, newest.note) == (2, "Why")
        assert b"workdays(14)" in releases.export(session, newest.id)[SHEET]


def test_running_courses_stay_and_an_older_release_is_published_anew(busy_site: Flask, enter_busy: Enter) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    running = sa.select(sa.func.count()).where(Instance.ended_at.is_(None), Instance.release_id == Release.id)
    client = enter_busy("analyst", "en")
    with sessions() as session:
        before = session.scalar(running.where(Release.number == 1))
    client.post("/studio/draft")
    change(client)
    publish(client)
    with sessions() as session:
        assert session.scalar(running.where(Release.number == 1)) == before
    assert f"{before}" in client.get("/studio/releases/1").text("//dl")
    assert "it was 14 working days" in client.get("/studio/publish?again=1").text()
    publish(client, again="1")
    with sessions() as session:
        first, third = (releases.get(session, number) for number in (1, 3))
        assert first.sha256 == third.sha256
        assert releases.current(session) is third


def test_what_was_typed_and_the_findings_are_told_when_it_is_refused(analyst: Client) -> None:
    change(analyst)
    digest = analyst.get("/studio/publish").value("sha256")
    save(analyst, LETTER, "Другое\n\nПисьмо\n")
    page = analyst.post("/studio/publish", {"sha256": digest, "note": "My words"}, expect=409)
    assert "has changed since you looked at it" in page.text()
    assert page.tree.xpath("//textarea[@name='note']")[0].text == "My words"
    save(analyst, SHEET, "<broken", 1)
    blocked = analyst.get("/studio/publish")
    assert "To mend before publishing" in blocked.text()
    assert not blocked.tree.xpath("//input[@name='sha256']")


def test_a_second_analyst_approves_where_the_organisation_demands_it(
    analyst: Client, enter: Enter, site: Flask
) -> None:
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions.begin() as session:
        settings.change(session, "publishing_second", "yes", settings.today(session), "system:test")
    change(analyst)
    publish(analyst)
    with sessions() as session:
        newest = releases.current(session)
        assert newest is not None
        assert newest.number == 1
    mine = analyst.get("/studio/publish")
    assert "Withdraw the request" in mine.text()
    approve = "/studio/publish/requests/" + mine.tree.xpath("//form/@action[contains(., '/return')]")[0].split("/")[-2]
    analyst.post(f"{approve}/approve", expect=409)
    other = enter("analyst-2", "en")
    assert "Approve and publish" in other.get("/studio/publish").text()
    assert "Give a reason" in other.post(f"{approve}/return", {"reason": " "}, expect=422).text()
    other.post(f"{approve}/approve")
    assert "asked for by Mikhail Frolov" in other.get("/studio/releases").text()


def test_an_archive_is_looked_through_before_it_is_taken(analyst: Client) -> None:
    packed = analyst.browser.get("/studio/archive/draft.zip")
    assert packed.headers["Content-Disposition"].startswith("attachment")
    files = dict(packing.unpack(packed.data).files)
    del files[LETTER]
    files["processes/agreement/letters/consider.en.txt"] += b"One more line\n"
    sent = io.BytesIO(packing.pack(files))
    seen = analyst.post("/studio/archive", {"archive": (sent, "mine.zip")})
    preview = analyst.get(seen.location)
    assert "only in the draft" in preview.text()
    assert b"One more line" not in raw(analyst, "processes/agreement/letters/consider.en.txt")
    analyst.post(seen.location)
    assert b"One more line" in raw(analyst, "processes/agreement/letters/consider.en.txt")
    assert raw(analyst, LETTER)
    analyst.get(seen.location, expect=404)


def test_the_archive_of_another_is_not_there_and_removals_are_taken_only_when_asked_for(
    analyst: Client, enter: Enter
) -> None:
    files = dict(packing.unpack(analyst.browser.get("/studio/archive/1.zip").data).files)
    del files[LETTER]
    seen = analyst.post("/studio/archive", {"archive": (io.BytesIO(packing.pack(files)), "mine.zip")})
    enter("analyst-2", "en").get(seen.location, expect=404)
    analyst.post(seen.location, {"exact": "on"})
    assert raw(analyst, LETTER) == b""


def test_s28_s29_bombs_and_ways_out_are_told_on_the_page_and_nothing_is_kept(analyst: Client) -> None:
    bomb, slip = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("processes/one/one.bpmn", b"\0" * (80 << 20))
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../../app/config.py", b"x")
    for sent, said in ((bomb, "unpack to far more"), (slip, "leads outside")):
        page = analyst.post("/studio/archive", {"archive": (io.BytesIO(sent.getvalue()), "x.zip")}, expect=422)
        assert said in page.text()
    assert "Choose an archive" in analyst.post("/studio/archive", {}, expect=422).text()
    assert "Nothing saved yet" in analyst.get("/studio/history").text()


def test_what_the_folders_hold_is_offered_and_taken_into_the_draft(
    analyst: Client, site: Flask, tmp_path: Path
) -> None:
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions() as session:
        newest = releases.current(session)
        assert newest is not None
        for path, data in releases.export(session, newest.id).items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    site.extensions["folders"] = tmp_path
    assert "hold something that no release has" not in analyst.get("/studio/archive").text()
    (tmp_path / LETTER).write_text("Новое\n\nписьмо\n", "utf-8")
    page = analyst.get("/studio/archive")
    assert page.tree.xpath(f"//input[@name='path' and @value='{LETTER}' and @checked]")
    analyst.post("/studio/archive/folders", {"path": LETTER})
    assert raw(analyst, LETTER).decode() == "Новое\n\nписьмо\n"


def test_the_history_gives_back_what_was_and_what_was_set_aside(analyst: Client, enter: Enter) -> None:
    change(analyst, note="fourteen days")
    page = analyst.get("/studio/history")
    assert "fourteen days" in page.text()
    version = page.links("/studio/history/versions/")[0]
    assert "14 working days" in analyst.get(version).text()
    save(analyst, SHEET, raw(analyst, SHEET).decode().replace("workdays(14)", "workdays(5)"), 1, note="five")
    shown = analyst.get(version)
    analyst.post(f"{version}/restore", {"revision": shown.value("revision"), "note": "back"})
    assert b"workdays(14)" in raw(analyst, SHEET)
    analyst.post(f"{version}/restore", {"revision": "1"})
    assert "Compare with it, then restore" in analyst.get(version).text() or b"workdays(14)" in raw(analyst, SHEET)
    kept = analyst.browser.get(f"{version}/content")
    assert b"workdays(14)" in kept.data


def test_the_draft_of_somebody_who_has_left_is_still_there_and_goes_on(
    analyst: Client, enter: Enter, site: Flask
) -> None:
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    change(analyst)
    with sessions.begin() as session:
        found = people.find_by_email(session, "analyst@demo.example")
        assert found is not None
        found.active = False
    other = enter("analyst-2", "en")
    assert "Mikhail Frolov" in other.get("/studio").text()
    draft = other.get("/studio").tree
    discard = draft.xpath("//form/@action[contains(., '/discard')]")[0]
    other.post(discard)
    closed = other.get("/studio")
    history = closed.links("/studio/history?draft=")[0]
    assert "discarded" in other.get(history).text()
    other.post(f"/studio/history/drafts/{history.rpartition('=')[2]}/reopen")
    assert b"workdays(14)" in raw(other, SHEET)


def test_a_broken_form_in_json_keeps_the_page_readable(analyst: Client) -> None:
    save(analyst, FORM, json.dumps({"title": 1}))
    for where in ("/studio", "/studio/compare", "/studio/publish", f"/studio/source/{FORM}", f"/studio/remove/{FORM}"):
        analyst.get(where)
