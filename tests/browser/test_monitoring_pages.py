"""The monitoring of a published course in a real browser: four looks, no violation, nothing wider than the screen."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from app import clock, create_app, db, join, migrations, worker
from app.config import Config
from app.courses.models import Course
from app.courses.platform import connection
from app.demo import courses, server
from app.demo.seed import address
from app.i18n import Locale
from tests.browser.conftest import ROOT
from tests.browser.test_every_page import LOOKS, judge, listen
from tests.web import monitored

PARTS = ("", "/monitoring", "/monitoring/participation", "/monitoring/completion", "/monitoring/learners/7")
LOG = "/monitoring/log"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a course that is published, read and whose log is imported, on a demo of its own."""
    settings = Config(mode="test", data_dir=tmp_path_factory.mktemp("monitored"), secret_key="a secret of the tests")
    join(settings)
    engine = db.create_engine(settings.database)
    migrations.upgrade(engine)
    sessions = db.session_factory(engine)
    server.fill(sessions, ROOT)
    courses.play(sessions, settings.files, lambda: worker.work_off(sessions))
    app = create_app(settings, engine)
    with sessions() as session:
        ident = session.scalars(sa.select(Course.id).order_by(Course.number)).first()
    monitored.publish(app, str(ident))
    monitored.fill(app, str(ident))
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/courses/{ident}"
    listening.shutdown()
    thread.join()
    listening.server_close()
    engine.dispose()
    clock.use(clock.system)


@pytest.mark.parametrize(("locale", "theme", "width"), LOOKS)
def test_monitoring_looks_right_to_people_and_programs(
    browser: Browser, course: str, artifacts: Path, locale: Locale, theme: Any, width: int
) -> None:
    base = course.partition("/courses/")[0]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    context.add_cookies([{"name": "language", "value": locale, "url": base}])
    tab = context.new_page()
    tab.goto(f"{base}/demo")
    tab.click(f"button[value='{address('admin-by')}']")
    heard: list[str] = []
    listen(tab, heard)
    problems: list[str] = []
    for where in [*(course + part for part in (*PARTS, LOG)), f"{base}/monitoring", f"{base}/reports/annual"]:
        name = "monitoring" + where.removeprefix(course).removeprefix(base).replace("/", "-")
        tab.goto(where)
        tab.screenshot(path=artifacts / f"{name}-{locale}-{theme}-{width}.png", full_page=True)
        problems += judge(tab, name, width)
    open_now = connection.client()
    connection.install(None)
    tab.goto(course + LOG)
    tab.screenshot(path=artifacts / f"monitoring-by-hand-{locale}-{theme}-{width}.png", full_page=True)
    problems += judge(tab, "monitoring-by-hand", width)
    tab.click("tbody a[href*='/monitoring/imports/']")
    tab.screenshot(path=artifacts / f"monitoring-import-{locale}-{theme}-{width}.png", full_page=True)
    problems += judge(tab, "monitoring-import", width)
    connection.install(open_now)
    context.close()
    assert not problems + heard, "\n".join(problems + heard)
