"""S70, S71: where a secret could come to light, and what the program is made of."""

import io
import json
import logging
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import config, create_app, db
from app.cli import bill
from app.config import Config
from app.logs import JsonLines
from tests.production.serving import FIT, HOST, SECRET, environment, serving
from tests.walk.server import ROOT

TOKEN, MAIL, SEAL, BASE = "moodle-token-0a1b2c3d", "mail-password-4e5f", "seal-password-6a7b", "base-password-8c9d"
SECRETS = (SECRET, TOKEN, MAIL, SEAL, BASE)
GIVEN = {
    **FIT,
    "MOODLE_URL": "https://moodle.example.org",
    "MOODLE_TOKEN": TOKEN,
    "SMTP_URL": f"smtp://mailer:{MAIL}@mail.example.org:587",
    "MAIL_FROM": "courses@example.org",
    "SEAL_PASSWORD": SEAL,
}
SUSPICIOUS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{80}|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|xox[bp]-[0-9]{10}"
    r"|(?i:(?:password|token|secret)[\"']?\s*[=:]\s*[\"'][A-Za-z0-9+/_-]{32,}[\"'])"
)
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def test_s70_nothing_in_the_repository_looks_like_a_key_or_a_password() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix in {
            ".py",
            ".md",
            ".yml",
            ".yaml",
            ".json",
            ".toml",
            ".sh",
            ".js",
            ".example",
            "",
        }:
            found = SUSPICIOUS.search(path.read_text("utf-8", errors="replace"))
            assert found is None or name.startswith("tests/"), f"{name}: {found and found[0][:30]}"


def test_s70_a_log_masks_every_secret_wherever_it_comes_from() -> None:
    settings = config.read({**GIVEN, "DATABASE_URL": f"postgresql+psycopg://coomet:{BASE}@db/coomet"}, mode="serve")
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines(settings.secrets))
    log = logging.getLogger("coomet.test-of-secrets")
    log.addHandler(handler)
    log.propagate = False
    for secret in SECRETS:
        log.warning("refused: %s", f"https://x/?wstoken={secret}")
        try:
            raise ValueError(f"cannot use {secret} for anna@example.org")
        except ValueError:
            log.exception("failed\nfor boris@example.org \x1b[31m")
    log.removeHandler(handler)
    lines = heard.getvalue().splitlines()
    assert len(lines) == 2 * len(SECRETS)
    assert all(json.loads(line)["at"] for line in lines)
    for leak in (*SECRETS, "anna@", "boris@", "\x1b"):
        assert leak not in heard.getvalue()


def test_s70_an_error_of_the_database_does_not_quote_its_row(engine: sa.Engine) -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    log = logging.getLogger("coomet.test-of-rows")
    log.addHandler(handler)
    log.propagate = False
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("INSERT INTO person (id) VALUES (:secret)"), {"secret": "Anna Romanovna"})
    except sa.exc.SQLAlchemyError:
        log.exception("failed")
    log.removeHandler(handler)
    assert "Anna" not in heard.getvalue()
    assert "Error" in json.loads(heard.getvalue())["error"]


def test_s70_settings_are_not_shown_by_accident() -> None:
    shown = repr(config.read(GIVEN, mode="serve"))
    assert not [secret for secret in SECRETS if secret in shown]


def test_s70_pages_static_files_and_the_log_of_a_running_site_hold_no_secret(site_folder: Path) -> None:
    with serving(site_folder, settings=GIVEN) as site:
        seen = b""
        for path in ("/healthz", "/readyz", "/sign-in", "/nothing", "/.git/config", "/.env", "/static/../config.py"):
            answer = site.get(path)
            seen += str(answer.headers).encode() + answer.body
        assert site.get("/.git/config").status == 404
        command = Path(f"/proc/{site.process.pid}/cmdline").read_bytes()
        site.process.terminate()
        site.process.wait(30)
        seen += command + site.log.read_bytes()
    for secret in SECRETS:
        assert secret.encode() not in seen


@pytest.fixture
def breaking(site_folder: Path) -> Iterator[Flask]:
    settings = config.read({**GIVEN, "DATA_DIR": str(site_folder)}, mode="serve")
    engine = db.create_engine(settings.database)
    app = create_app(settings, engine)

    def fail(**_parts: str) -> str:
        raise RuntimeError(f"the token is {TOKEN}")

    for name in app.view_functions:
        if name not in {"static", "assets.styles"}:
            app.view_functions[name] = fail
    yield app
    engine.dispose()


def test_s64_no_module_tells_what_broke(breaking: Flask) -> None:
    """Every page that answers a stranger, broken on purpose: a number, no trace, no secret."""
    client = breaking.test_client()
    met = 0
    for rule in breaking.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint == "static":
            continue
        answer = client.get(rule.rule, base_url=f"https://{HOST}")
        met += answer.status_code == 500
        for leak in ("Traceback", "RuntimeError", "werkzeug", ".py", *SECRETS):
            assert leak not in answer.text, rule.rule
    assert met >= 3


def test_s70_variables_of_procedures_never_hold_settings() -> None:
    """What diagrams, forms and letters can name is data of the domain; the settings are not among it."""
    words = re.compile(
        r"MOODLE_TOKEN|moodle_token|SECRET_KEY|secret_key|smtp_url|SMTP_URL|seal_password", re.IGNORECASE
    )
    for folder in ("processes", "forms", "app/web/templates", "app/engine", "app/forms"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix in {".bpmn", ".dmn", ".json", ".yaml", ".txt", ".html", ".py"}:
                assert not words.search(path.read_text("utf-8")), path


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_s71_every_locked_package_is_pinned_by_hash_and_names_no_address(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "://" not in text
    packages = re.findall(
        r"^([a-z0-9][a-z0-9._-]*)==\S+(?: ;[^\\\n]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.M
    )
    unhashed = [line for line in text.splitlines() if line and not line.startswith(("    --hash", "#"))]
    assert len(packages) == len(unhashed) > 0


def test_s71_what_runs_is_what_is_locked_and_nothing_asked_for_is_missing() -> None:
    locked = {
        name.replace("_", "-")
        for name in re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.split(r"[\[=<>]", one)[0].lower() for one in project["dependencies"]}
    assert asked <= locked


def test_s71_the_bill_of_materials_names_every_locked_package() -> None:
    made = bill.compose(ROOT)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    urls = {component["purl"] for component in made["components"]}
    locked = re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.M)
    assert {f"pkg:pypi/{name}@{version}" for name, version in locked} <= urls
    assert [url for url in urls if url.startswith("pkg:npm/bpmn-js@")]
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "sbom"], cwd=ROOT, env=environment({}, ROOT / "data"), capture_output=True
    )
    assert json.loads(done.stdout) == made


def test_no_setting_is_left_out_of_the_guides() -> None:
    for name in ("docs/operations.md", "docs/operations.ru.md"):
        text = (ROOT / name).read_text("utf-8")
        told = set(re.findall(r"^\| `([A-Z_]+)`", text, re.M))
        assert told == {field.upper() for field in Config.__annotations__ if field != "mode"}, name
    assert len(Config.__annotations__) <= 26
