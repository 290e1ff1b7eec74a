"""The stand-in is there in the demo and nowhere else."""

import io
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from app import clock, create_app, join
from app.config import Config
from app.connectors.moodle.stand_in import MANAGER
from app.courses import platform

REST = "/moodle/webservice/rest/server.php"
ASK = {"wstoken": MANAGER, "wsfunction": "core_webservice_get_site_info", "moodlewsrestformat": "json"}
ROOT = Path(__file__).parents[2]


def rules(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_the_demo_answers_as_moodle_and_its_worker_uses_it(tmp_path: Path) -> None:
    app = create_app(Config(mode="test", data_dir=tmp_path))
    answer = app.test_client().post(REST, data=ASK)
    assert answer.json is not None
    assert answer.json["release"].startswith("4.5")
    assert "platform.page" in rules(app)
    client = platform.client()
    assert client is not None
    assert client.site().url == answer.json["siteurl"]
    clock.use(clock.system)


def test_serve_has_no_stand_in_and_without_a_token_all_is_done_by_hand(tmp_path: Path) -> None:
    app = create_app(Config(mode="serve", data_dir=tmp_path, secret_key="k" * 40, public_url="https://c.example"))
    assert not {name for name in rules(app) if name.startswith(("platform", "mailbox", "clock", "personas"))}
    assert app.test_client().post(REST, data=ASK).status_code in (400, 404)
    assert "demo_platform" not in app.extensions
    assert platform.client() is None


def test_serve_refuses_an_address_in_its_own_network(tmp_path: Path) -> None:
    settings = Config(mode="serve", data_dir=tmp_path, moodle_url="http://127.0.0.1:8000/moodle", moodle_token="t")
    with pytest.raises(ValueError, match="MOODLE_URL"):
        join(settings)


def test_serve_loads_nothing_of_the_stand_in(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from app import join; from app.config import Config; "
        "join(Config(mode='serve', data_dir=Path(sys.argv[1]), moodle_url='https://m.example', moodle_token='t')); "
        "print([name for name in sys.modules if 'stand_in' in name and 'moodle' in name or name == 'app.demo'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"


def test_two_processes_share_one_platform(tmp_path: Path) -> None:
    """What one process made, another finds: the memory is a file."""
    first = create_app(Config(mode="test", data_dir=tmp_path))
    row = {"fullname": "Shared", "shortname": "S-1", "categoryid": "2"}
    given = {**ASK, "wsfunction": "core_course_create_courses"}
    given |= {f"courses[0][{name}]": value for name, value in row.items()}
    assert first.test_client().post(REST, data=given).json == [{"id": 2, "shortname": "S-1"}]
    program = (
        "import io, sys; from pathlib import Path; from app.connectors.moodle.stand_in import StandIn; "
        "stand_in = StandIn(Path(sys.argv[1]) / 'moodle.db', 'http://x'); body = sys.argv[2].encode(); "
        "env = {'PATH_INFO': '/webservice/rest/server.php', 'CONTENT_LENGTH': str(len(body)), "
        "'wsgi.input': io.BytesIO(body)}; print(b''.join(stand_in.answer(env).body).decode())"
    )
    asked = urlencode({**ASK, "wsfunction": "core_course_get_courses_by_field", "field": "shortname", "value": "S-1"})
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), asked], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert '"fullname":"Shared"' in done.stdout
    clock.use(clock.system)


def test_learners_see_the_page_of_a_visible_course_only(tmp_path: Path) -> None:
    app = create_app(Config(mode="test", data_dir=tmp_path))
    stand_in = app.extensions["demo_platform"]
    stand_in.fill()
    body = {"fullname": "Manometers & more", "visible": 0, "summary": "<p>Text</p>", "enrollmentmethods": ["self"]}
    with stand_in.store.open() as memory:
        memory.put("course", 9, {"id": 9, "shortname": "M-9", **body})
    page = "/moodle/course/view.php?id=9"
    browser = app.test_client()
    assert browser.get(page).status_code == 404
    with stand_in.store.open() as memory:
        memory.put("course", 9, {"id": 9, "shortname": "M-9", **body, "visible": 1})
    assert "Manometers &amp; more" in browser.get(page).text
    assert browser.get("/moodle/course/view.php?id=x").status_code == 404
    assert io.BytesIO(browser.get(page).data).readline().startswith(b"<!doctype html>")
    clock.use(clock.system)
