"""A page can reach nothing, and cannot take the worker with it."""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.connectors import documents
from app.connectors.documents.rendering import LIMITS
from app.errors import PermanentFailure
from app.files import confined
from tests.unit.documents import paper

pytestmark = pytest.mark.skipif(documents.available() is not None, reason="PDF cannot be made: Pango is missing")


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """An address of this machine and the requests that reached it; it redirects to a local file."""
    reached: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", reached
    server.shutdown()
    thread.join()
    server.server_close()


def render(html: str, **assets: bytes) -> bytes:
    return documents.render(html, language="en", title="Test", assets=assets)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{url}/a.png" alt="x">',
        '<link rel="attachment" href="{url}/a"><a rel="attachment" href="{url}/b">x</a>',
        '<link rel="stylesheet" href="{url}/a.css">',
        '<object data="{url}/a.svg"></object><embed src="{url}/b"><iframe src="{url}/c"></iframe>',
        '<style>@import url("{url}/a.css"); body {{ background: url({url}/b.png) }}</style><p>x',
        "<style>@font-face {{ font-family: x; src: url({url}/f.woff) }} p {{ font-family: x }}</style><p>x",
        "<style>li {{ list-style-image: url({url}/l.png) }}</style><li>y",
        '<svg width="9" height="9"><image href="{url}/a.png" width="9" height="9"/><use href="{url}/b.svg#x"/></svg>',
        '<base href="{url}/"><img src="relative.png" alt="x"><link rel="stylesheet" href="asset.css">',
    ],
)
def test_s33_s35_nothing_is_fetched_over_http(listener: tuple[str, list[str]], html: str) -> None:
    address, reached = listener
    pdf = render(f"<h1>Report</h1>{html.format(url=address)}")
    assert "Report" in paper.text(pdf)
    assert reached == []
    assert not paper.reader(pdf).attachments


def test_s35_a_style_sheet_handed_in_reaches_nothing_either(listener: tuple[str, list[str]]) -> None:
    address, reached = listener
    styles = f'@import "{address}/a.css"; @import url(file:///etc/passwd); h1 {{ background: url({address}/b.png) }}'
    render('<link rel="stylesheet" href="asset:page.css"><h1>Report</h1>', **{"page.css": styles.encode()})
    assert reached == []


def test_s34_no_local_file_gets_into_a_document(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password of the database")
    pdf = render(
        f'<link rel="attachment" href="file://{secret}"><a rel="attachment" href="file://{secret}">x</a>'
        f'<object data="file://{secret}" type="text/plain">nothing</object><img src="file://{secret}" alt="none">'
        f'<iframe src="file://{secret}"></iframe><style>@import "file://{secret}";</style>'
        '<link rel="attachment" href="asset:fine">',
        fine=b"not attached either",
    )
    assert not paper.reader(pdf).attachments
    assert b"password of the database" not in pdf
    assert b"EmbeddedFile" not in pdf
    assert "password" not in paper.text(pdf)


def test_an_asset_handed_in_is_used() -> None:
    pdf = render(
        '<link rel="stylesheet" href="asset:page.css"><p>x</p>', **{"page.css": b"@page { size: A5 landscape }"}
    )
    box = paper.reader(pdf).pages[0].mediabox
    assert float(box.width) > float(box.height)


BOMBS = {
    "nested": "<div>" * 3000 + "x",
    "table": "<table>" + ("<tr>" + "<td>x</td>" * 300 + "</tr>") * 300 + "</table>",
    "name": "<p>" + "слово " * 700_000,
    "inline": "<span>" * 3000 + "x",
}


@pytest.mark.parametrize("name", BOMBS)
def test_s36_a_bomb_is_given_up_in_time_and_the_worker_lives(name: str) -> None:
    begun = time.monotonic()
    with pytest.raises(PermanentFailure) as refused:
        render(BOMBS[name])
    assert time.monotonic() - begun < LIMITS.seconds + confined.START
    assert refused.value.code in ("pdf_time", "pdf_crash")
    assert "document" in str(refused.value)
    assert "Traceback" not in str(refused.value)
    assert "x" in paper.text(render("<p>x</p>"))


def test_s70_what_a_document_says_of_itself_holds_no_setting_and_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"SECRET_KEY": "key-1a2b3c4d", "MOODLE_TOKEN": "token-5e6f7a8b", "SEAL_PASSWORD": "seal-9c0d1e2f"}
    for name, secret in secrets.items():
        monkeypatch.setenv(name, secret)
    pdf = render("<h1>Sheet</h1><p>text</p>")
    told = paper.reader(pdf).metadata
    assert told is not None
    assert told.title == "Test"
    said = f"{dict(told)} {paper.xmp(pdf)} {paper.text(pdf)} {pdf.decode('latin-1')}"
    here = (str(Path.cwd()), str(Path.home()), tempfile.gettempdir() + "/", os.uname().nodename)
    assert [word for word in (*secrets.values(), *here) if len(word) > 2 and word in said] == []


def test_no_setting_of_ours_is_in_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    program = tmp_path / "show.py"
    program.write_text("import os, sys\nprint(sorted(os.environ), sys.path, os.getcwd())")
    said = confined.run(program, b"", confined.Limits()).decode()
    assert "SECRET_KEY" not in said
    assert "PYTHONPATH" not in said
    assert f"{os.getcwd()}'" not in said
    assert "coomet-" in said.split("]")[-1]


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("import signal; signal.alarm(1)\nwhile True: pass", "time"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crash"),
        ("raise SystemExit(3)", "crash"),
        ("import os; os._exit(1)", "crash"),
    ],
)
def test_whatever_becomes_of_the_child_is_told(tmp_path: Path, code: str, how: str) -> None:
    program = tmp_path / "child.py"
    program.write_text(code)
    with pytest.raises(confined.Broken) as broken:
        confined.run(program, b"", confined.Limits())
    assert broken.value.how == how
