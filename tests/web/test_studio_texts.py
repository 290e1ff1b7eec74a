"""Letters and documents in the studio, without scripts."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.connectors import documents
from tests.web.client import Client, Page
from tests.web.conftest import Enter

LETTER = "processes/agreement/letters/consider.en.txt"
DOCUMENT = "processes/agreement/documents/appendix_1.en.html"
needs_pango = pytest.mark.skipif(documents.available() is not None, reason="needs Pango")


@pytest.fixture
def analyst(enter: Enter) -> Client:
    client = enter("analyst", "en")
    client.post("/studio/draft")
    return client


def raw(client: Client, path: str) -> str:
    return str(client.browser.get(f"/studio/files/{path}").data.decode())


def typed(page: Page) -> dict[str, str]:
    form = page.tree.xpath("//form[@data-text]")[0]
    # a browser leaves out the first line break of a text area
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "csrf_token"}


def write(client: Client, path: str, english: str) -> Page:
    address = f"/studio/texts/{path}"
    client.post(address, typed(client.get(address)) | {"text.en": english})
    return client.get(address)


def test_all_texts_are_listed_and_shown_in_both_languages_with_a_preview(analyst: Client) -> None:
    assert "consider" in analyst.get("/studio/texts").text()
    page = analyst.get(f"/studio/texts/{LETTER}")
    assert "Calibration of weights" in page.text("//*[@id='previews']")
    assert "Калибровка гирь" in page.text("//*[@id='previews']")
    assert "course['title']" in page.text("//ul[@class='fact-list']")
    assert "processes/agreement/sheet.bpmn" in page.text()


def test_saving_as_it_is_leaves_every_byte(analyst: Client) -> None:
    for path in (LETTER, DOCUMENT, "processes/documents/form.css"):
        before = raw(analyst, path)
        analyst.post(f"/studio/texts/{path}", typed(analyst.get(f"/studio/texts/{path}")))
        assert raw(analyst, path) == before
        assert analyst.browser.get(f"/studio/files/{path}").headers["ETag"] == '"0"'


def test_an_unknown_field_is_told_with_its_line_and_nothing_typed_is_lost(analyst: Client) -> None:
    page = write(analyst, LETTER, "Subject\n\n{{ course['title'] }}\n{{ cours['title'] }}\n")
    assert "line 4" in page.text("//*[@id='findings-list']")
    assert "cours['title']" in page.text("//textarea[@name='text.en']")
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert ("letter-name", 4) in {(one["rule"], one["line"]) for one in found}


def test_a_template_that_does_not_compile_says_so_in_its_preview(analyst: Client) -> None:
    page = write(analyst, LETTER, "Subject\n\n{% if course %}never ended")
    assert page.text("//*[@id='previews']//*[@class='error']")


def test_what_somebody_else_saved_is_not_overwritten(analyst: Client) -> None:
    old = typed(analyst.get(f"/studio/texts/{LETTER}"))
    write(analyst, LETTER, "Theirs\n\nText")
    page = analyst.post(f"/studio/texts/{LETTER}", old | {"text.en": "Mine\n\nText"}, expect=409)
    assert typed(page)["text.en"].strip() == "Mine\n\nText"
    assert raw(analyst, LETTER) == "Theirs\n\nText"
    analyst.post(f"/studio/texts/{LETTER}", typed(page))
    assert raw(analyst, LETTER).strip() == "Mine\n\nText"


def test_a_new_letter_is_made_in_both_languages(analyst: Client) -> None:
    wanted = {"kind": "letter", "folder": "agreement", "name": "good_news"}
    analyst.post("/studio/texts", wanted)
    page = analyst.get("/studio/texts/processes/agreement/letters/good_news.ru.txt")
    assert "No findings" in page.text()
    assert "Anna Vesova" in page.text("//*[@id='previews']")
    analyst.post("/studio/texts", wanted, expect=422)
    analyst.post("/studio/texts", wanted | {"name": "../../secrets"}, expect=422)
    analyst.post("/studio/texts", wanted | {"kind": "document", "name": "good_form"})
    assert "No findings" in analyst.get("/studio/texts/processes/agreement/documents/good_form.ru.html").text()


def test_a_missing_language_is_a_finding_and_can_be_written(analyst: Client) -> None:
    new = "processes/agreement/letters/lonely.ru.txt"
    fields = {"content": "Тема\n\nТекст", "revision": "0", "csrf_token": analyst.token()}
    analyst.browser.post(f"/studio/files/{new}", data=fields)
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert "letter-language" in {one["rule"] for one in found}
    assert "This language is missing" in analyst.get(f"/studio/texts/{new}").text()
    write(analyst, new, "Subject\n\nText")
    found = analyst.browser.get("/studio/findings").get_json()["findings"]
    assert "letter-language" not in {one["rule"] for one in found}


def test_a_course_that_the_analyst_may_not_read_is_not_shown(analyst: Client) -> None:
    analyst.get(f"/studio/texts/{LETTER}?course=no-such-course", expect=404)


def test_s09_data_is_never_code_in_a_preview(analyst: Client) -> None:
    page = write(analyst, LETTER, "Subject\n\n{{ '{{ 7*7 }}' }} ${7*7} <%= 7*7 %> {{ recipient['name'] }}")
    assert "{{ 7*7 }} ${7*7} <%= 7*7 %> Anna Vesova" in page.text("//*[@id='previews']")


@pytest.mark.parametrize(
    "code", ["{{ '{0.__globals__}'.format(len) }}", "{{ ().__class__.__mro__ }}", "{{ open('/etc/passwd') }}"]
)
def test_s05_a_template_reaches_nothing_of_the_program(analyst: Client, code: str) -> None:
    page = write(analyst, LETTER, f"Subject\n\n{code}")
    assert page.text("//*[@id='findings-list']//*[contains(@class, 'finding')]")
    assert "root:" not in page.source


def test_s21_markup_and_foreign_addresses_of_a_letter_stay_text(analyst: Client) -> None:
    page = write(
        analyst, LETTER, "Subject\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) http://evil.example/"
    )
    pane = page.tree.xpath("//*[@id='previews']")[0]
    assert not pane.xpath(".//img | .//script | .//a")
    assert "<img src=x onerror=alert(1)>" in page.text("//*[@id='previews']")


def test_s23_the_page_of_a_document_can_do_nothing(analyst: Client) -> None:
    write(
        analyst,
        DOCUMENT,
        "<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script></body></html>",
    )
    answer = analyst.browser.get(f"/studio/texts/{DOCUMENT}/page")
    if answer.status_code == 200:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'nonce-")
        assert policy.endswith("sandbox")
        assert "script-src" not in policy


def test_a_document_is_shown_as_a_page_with_its_style_sheets(analyst: Client) -> None:
    source = analyst.browser.get(f"/studio/texts/{DOCUMENT}/page").text
    assert "<style nonce=" in source
    assert "‹title›" in source
    analyst.get(f"/studio/texts/{LETTER}/page", expect=404)


@needs_pango
def test_a_document_is_made_as_pdf_by_the_process_that_makes_the_real_ones(analyst: Client, tmp_path: Path) -> None:
    answer = analyst.browser.get(f"/studio/texts/{DOCUMENT}/pdf")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    if shutil.which("pdftotext"):
        (tmp_path / "a.pdf").write_bytes(answer.data)
        text = subprocess.run(
            ["pdftotext", str(tmp_path / "a.pdf"), "-"], capture_output=True, check=True
        ).stdout.decode()
        assert "Agreement sheet" in text


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    hits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()
    thread.join()


def page_of(head: str, body: str) -> str:
    return f'<!doctype html>\n<html lang="en"><head><title>x</title>{head}</head><body>{body}<p>after</p></body></html>'


@needs_pango
@pytest.mark.parametrize("kind", ["image", "sheet", "import", "css file"])
def test_s33_s35_a_document_of_the_draft_fetches_nothing(
    analyst: Client, listener: tuple[str, list[str]], kind: str
) -> None:
    address, hits = listener
    source = {
        "image": page_of("", f'<img src="{address}/a.png" alt="">'),
        "sheet": page_of(f'<link rel="stylesheet" href="{address}/a.css">', ""),
        "import": page_of(f'<style>@import "{address}/b.css"; p {{ background: url({address}/c.png) }}</style>', ""),
        "css file": page_of('<link rel="stylesheet" href="asset:form.css">', ""),
    }[kind]
    css = "/studio/texts/processes/documents/form.css"
    if kind == "css file":
        analyst.post(
            css,
            typed(analyst.get(css))
            | {"text.css": f'@import "{address}/d.css"; p {{ background: url({address}/e.png) }}'},
        )
    write(analyst, DOCUMENT, source)
    answer = analyst.browser.get(f"/studio/texts/{DOCUMENT}/pdf")
    assert answer.status_code in (200, 409)
    assert hits == []


@needs_pango
def test_s34_no_local_file_gets_into_a_document_of_the_draft(analyst: Client) -> None:
    write(
        analyst,
        DOCUMENT,
        page_of('<link rel="attachment" href="file:///etc/passwd">', '<img src="file:///etc/passwd" alt="">'),
    )
    answer = analyst.browser.get(f"/studio/texts/{DOCUMENT}/pdf")
    assert answer.status_code in (200, 409)
    assert b"/EmbeddedFile" not in answer.data
    assert b"root:" not in answer.data


@needs_pango
def test_s36_a_document_that_takes_too_long_is_given_up_and_told(analyst: Client) -> None:
    cells = "<table>" + "<tr>" + "<td><table><tr><td>" * 60 + "x" + "</td></tr></table></td>" * 60 + "</tr></table>"
    write(analyst, DOCUMENT, page_of("", cells * 12))
    answer = analyst.browser.get(f"/studio/texts/{DOCUMENT}/pdf")
    assert answer.status_code in (200, 409)
    assert analyst.browser.get(f"/studio/texts/{DOCUMENT}/pdf", query_string={}).status_code in (200, 409)


def test_the_script_is_told_what_was_saved(analyst: Client) -> None:
    sent = typed(analyst.get(f"/studio/texts/{LETTER}")) | {
        "text.en": "S\n\n{{ x }}",
        "_live": "1",
        "csrf_token": analyst.token(),
    }
    told = analyst.browser.post(f"/studio/texts/{LETTER}", data=sent).get_json()
    assert told["revisions"] == {"en": 1, "ru": 0}
    assert "no data called" in told["findings"]
