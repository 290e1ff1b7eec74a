"""`serve` and `worker`: what they refuse, what they answer, how they stop."""

import http.client
import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from app import cli, create_app, db
from app.config import Config
from app.demo import server
from app.i18n import set_locale
from tests.production.serving import FIT, HOST, SECRET, environment, serving
from tests.walk.server import ROOT


def without(*names: str, **changed: str) -> dict[str, str]:
    return {name: value for name, value in {**FIT, **changed}.items() if name not in names}


Refused = Callable[..., str]


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Refused]:
    """Run a command that must refuse, in this process; what it says to the person at the terminal."""

    def attempt(folder: Path, *arguments: str, settings: Mapping[str, str] = FIT) -> str:
        with monkeypatch.context() as patched:
            for name, value in {"LC_ALL": "en", **settings, "DATA_DIR": str(folder)}.items():
                patched.setenv(name, value)
            assert cli.main(arguments) == 1
        return capsys.readouterr().err

    yield attempt
    set_locale("ru")


@pytest.mark.parametrize(
    ("settings", "arguments", "english", "russian"),
    [
        (without("SECRET_KEY"), (), "SECRET_KEY is not set", "Не задан SECRET_KEY"),
        (without(SECRET_KEY="short"), (), "SECRET_KEY is too short", "SECRET_KEY слишком короткий"),
        (without("PUBLIC_URL"), (), "PUBLIC_URL is missing", "Не задан PUBLIC_URL"),
        (without(PUBLIC_URL="http://a.example"), (), "PUBLIC_URL must be https", "PUBLIC_URL должен"),
        (without("TRUSTED_PROXIES"), (), "TRUSTED_PROXIES is 0", "TRUSTED_PROXIES равно 0"),
        (without(TRUSTED_PROXIES="-1"), (), "TRUSTED_PROXIES must be", "TRUSTED_PROXIES – это"),
        (without(), ("--processes", "2"), "need PostgreSQL", "нужен PostgreSQL"),
        (without(FILES_DIR="/proc/nowhere"), (), "Set FILES_DIR", "Задайте FILES_DIR"),
        (without(BACKEND="procrastinate"), (), "BACKEND=procrastinate needs", "Для BACKEND=procrastinate"),
        (without(SMTP_URL="smtp://x:y@h"), (), "MAIL_FROM is not", "а MAIL_FROM нет"),
    ],
)
def test_serve_says_what_to_set(
    refused: Refused, installed: Path, settings: dict[str, str], arguments: tuple[str, ...], english: str, russian: str
) -> None:
    for language, words in (("en_GB.UTF-8", english), ("ru_RU.UTF-8", russian)):
        said = refused(installed, "serve", "--port", "0", *arguments, settings={**settings, "LC_ALL": language})
        assert words in said


def test_serve_says_everything_at_once_and_the_worker_refuses_the_same(refused: Refused, tmp_path: Path) -> None:
    for command in ("serve", "worker"):
        said = refused(tmp_path, command, settings={"LC_ALL": "en"})
        for words in ("SECRET_KEY", "PUBLIC_URL", "database is empty"):
            assert words in said


def test_serve_refuses_an_old_schema_and_a_newer_one(refused: Refused, site_folder: Path) -> None:
    for revision, words in (("0000", "Back it up, then run: ./run migrate"), ("9999", "newer than the program")):
        with sqlite3.connect(site_folder / "coomet.db") as database:
            database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        assert words in refused(site_folder, "serve")


def test_serve_and_worker_refuse_the_data_of_the_demo(refused: Refused, peopled_demo: Path) -> None:
    for command in ("serve", "worker"):
        assert "fictitious people of the demo" in refused(peopled_demo, command)
    with sqlite3.connect(peopled_demo / "coomet.db") as database:
        database.execute("UPDATE person SET email = 'x' || id || '@real.example.org'")
    assert "fictitious people of the demo" in refused(peopled_demo, "serve")


@pytest.fixture
def peopled_demo(installed: Path, tmp_path: Path) -> Path:
    shutil.copytree(installed, tmp_path / "demo")
    engine = db.create_engine(f"sqlite:///{tmp_path}/demo/coomet.db")
    server.fill(db.session_factory(engine), ROOT)
    engine.dispose()
    return tmp_path / "demo"


def test_a_site_in_production_answers_its_own_name_only(site_folder: Path) -> None:
    with serving(site_folder) as site:
        ready = site.get("/readyz")
        told = json.loads(ready.body)
        assert ready.status == 200
        assert (told["database"], told["schema"], told["worker"]) == ("ok", "ok", "silent")
        page = site.get("/sign-in")
        assert page.status == 200
        assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
        assert page.headers["Set-Cookie"].startswith("__Host-session=")
        assert site.get("/sign-in", host="evil.example").status == 400
        assert site.get("/sign-in", **{"X-Forwarded-Host": "evil.example"}).status == 400
        assert site.get("/demo").status == 404
        assert "Server" not in page.headers


def test_production_registers_nothing_of_the_demo(tmp_path: Path) -> None:
    app = create_app(Config(mode="serve", data_dir=tmp_path, secret_key=SECRET, public_url=f"https://{HOST}"))
    begun = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert not begun & {"demo", "personas", "persona", "clock", "mailbox", "moodle", "platform", "webservice"}
    assert not set(app.blueprints) & {"personas", "clock", "mailbox", "platform"}


def test_the_demo_is_not_even_loaded(site_folder: Path) -> None:
    code = (
        "import sys; from app import create_app, config; create_app(config.read(mode='serve'));"
        "print([name for name in sys.modules if name.startswith('app.demo')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(FIT, site_folder), capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def takes_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_f36_a_request_under_way_is_finished_when_the_site_stops(site_folder: Path) -> None:
    """The request is in the middle of its body when the signal comes; a new connection is not taken any more."""
    with serving(site_folder) as site:
        body = b"language=ru"
        slow = socket.create_connection(("127.0.0.1", site.port))
        head = f"POST /language HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\nX-Forwarded-Proto: https\r\n"
        slow.sendall(head.encode() + b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + body[:4])
        site.get("/healthz")
        began = time.monotonic()
        site.process.send_signal(signal.SIGTERM)
        while takes_connections(site.port):
            assert time.monotonic() - began < 20
        slow.sendall(body[4:])
        answer = http.client.HTTPResponse(slow)
        answer.begin()
        assert answer.status == 400  # the answer of the program itself: the form has no token
        answer.read()
        slow.close()
        assert site.process.wait(30) == 0
        assert time.monotonic() - began < 30


def test_f36_nobody_under_load_gets_half_an_answer(site_folder: Path) -> None:
    broken: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answer = site.get("/sign-in")
                if answer.status != 200 or b"</html>" not in answer.body:
                    broken.append(f"{answer.status} {len(answer.body)}")
            except ConnectionRefusedError:
                return
            except (ConnectionResetError, http.client.RemoteDisconnected):
                refused.append("in the queue of the system")
            except http.client.HTTPException as error:
                broken.append(repr(error))

    refused: list[str] = []
    with serving(site_folder) as site:
        clients = [threading.Thread(target=ask) for _ in range(6)]
        for client in clients:
            client.start()
        while sum(line["message"] == "request" for line in site.lines()) < 50:
            site.get("/healthz")
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(30) == 0
        done.set()
        for client in clients:
            client.join(30)
    assert broken == []


def test_s61_s70_the_log_is_lines_of_json_without_secrets_and_names(site_folder: Path) -> None:
    with serving(site_folder) as site:
        site.get("/nothing%0A2026-11-22T00:00:00%20admin%20logged%20in%1B[31m?token=" + SECRET, Cookie="a=" + SECRET)
        site.process.terminate()
        site.process.wait(30)
        text = site.log.read_text()
    assert SECRET not in text
    assert "\x1b" not in text
    assert "203.0.113.7" not in text
    requests = [line for line in site.lines() if line["message"] == "request"]
    assert all(line["request"] and line["status"] for line in requests)
    assert len(text.splitlines()) == len(site.lines()) + 1  # the first line is for the person at the terminal


@pytest.mark.parametrize(
    "command", [("audit", "export", "--out", "{folder}/x.zip"), ("audit", "rotate-key"), ("fsck",)]
)
def test_without_a_database_the_evidence_says_so(refused: Refused, tmp_path: Path, command: tuple[str, ...]) -> None:
    said = refused(tmp_path, *(part.format(folder=tmp_path) for part in command))
    assert said.strip() == "The database is empty. Run: ./run migrate"
    assert not (tmp_path / "coomet.db").exists(), "looking makes no database"


@pytest.mark.parametrize(
    "wrong",
    [
        {"SMTP_URL": "smtp://h:port", "MAIL_FROM": "a@b.example"},
        {"SMTP_URL": "smtp://[bad", "MAIL_FROM": "a@b.example"},
        {"SMTP_URL": "http://h", "MAIL_FROM": "a@b.example"},
        {"SMTP_URL": "smtp://h", "MAIL_FROM": "nobody"},
    ],
)
@pytest.mark.parametrize("command", ["serve", "worker", "fsck"])
def test_s59_a_mail_setting_that_cannot_be_is_a_sentence_everywhere(
    refused: Refused, installed: Path, command: str, wrong: dict[str, str]
) -> None:
    said = refused(installed, command, settings=without(**wrong))
    assert "cannot be used: " in said
    assert "Traceback" not in said
