"""The studio's pages of running procedures: who stands where, the preview, the move, the way back."""

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.i18n import Locale
from app.workflow import releases
from app.workflow.models import Instance, Release, Task
from tests.process import altered
from tests.web.addresses import Things
from tests.web.client import Client, Page
from tests.web.conftest import Enter

PDF = Path(__file__).parents[2] / "tests/samples/manual-russian-xetex.pdf"


def changed(site: Flask) -> None:
    """Release 2: one more step in every round of a sheet."""
    sessions: sessionmaker[Session] = site.extensions["sessions"]
    with sessions.begin() as session:
        newest = releases.current(session)
        assert newest is not None
        files = altered.with_a_step(releases.export(session, newest.id))
        altered.publish(session, files, "Еще один шаг")


def instance_of(site: Flask, found: Things) -> Instance:
    with site.extensions["sessions"]() as session:
        instance: Instance = session.get_one(Instance, found.instance)
        return instance


def task_of(site: Flask, instance: str, element: str, body: str = "tc-1.4") -> str:
    with site.extensions["sessions"]() as session:
        own = sa.and_(Task.instance_id == instance, Task.element == element, Task.organisation == body)
        task: str = session.scalars(sa.select(Task.id).where(own, Task.closed_at.is_(None))).one()
        return task


def send(client: Client, site: Flask, task: str, fields: Mapping[str, object]) -> None:
    page = client.get(f"/tasks/{task}")
    hidden = {"nonce": page.value("nonce"), "revision": page.value("revision")}
    client.post(f"/tasks/{task}", {**hidden, **fields, "_send": "1"})
    worker.work_off(site.extensions["sessions"])


def reworked_once(site: Flask, found: Things) -> Things:
    """Another of the courses that TC 1.4 considers: the one whose materials were reworked for it before."""
    with site.extensions["sessions"]() as session:
        before = sa.select(Task.instance_id).where(Task.element == "rework", Task.organisation == "tc-1.4")
        own = sa.and_(Task.element == "consider", Task.organisation == "tc-1.4", Task.closed_at.is_(None))
        task = session.scalars(sa.select(Task).where(own, Task.instance_id.in_(before))).one()
        return replace(found, task=task.id, instance=task.instance_id)


def third_round(site: Flask, enter: Enter, found: Things) -> None:
    """TC 1.4 requires another rework, gets it, and is asked for the third time."""
    refusal = {"act": "consider", "conforms": "no", "reworked": "no", "comments": "Опечатка на слайде 2"}
    send(enter("chair-14"), site, found.task, refusal)
    answer = {"answers.0.answer": "Исправлено", "materials": (io.BytesIO(PDF.read_bytes()), "Слайды.pdf")}
    rest = {"note": "Третья редакция", "answer_by": "2039-03-01"}
    send(enter("ns-by"), site, task_of(site, found.instance, "rework"), {**answer, **rest})


def boxes(page: Page) -> list[str]:
    return [str(one) for one in page.tree.xpath("//input[@name='instance']/@value")]


def box_of(page: Page, instance: str) -> str:
    return next(one for one in boxes(page) if one.startswith(instance))


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_f23_a_course_in_its_third_round_is_previewed_moved_and_goes_on_in_the_new_release(
    busy_site: Flask, enter_busy: Enter, found: Things, locale: Locale
) -> None:
    found = reworked_once(busy_site, found)
    third_round(busy_site, enter_busy, found)
    changed(busy_site)
    process, old = instance_of(busy_site, found).process, instance_of(busy_site, found).release_id
    analyst = enter_busy("analyst", locale)
    assert analyst.get("/studio/moves").links(f"/studio/moves/{process}/1")
    places = analyst.get(f"/studio/moves/{process}/1?diagram=sheet")
    step = places.tree.xpath("//li[@data-element='consider']")[0]
    assert int(step.get("data-count")) >= 1
    analyst.get(f"/studio/moves/{process}/1/diagrams/sheet")
    address = f"/studio/moves/{process}/1/to/2"
    assert analyst.get(f"/studio/moves/{process}/1/to?target=2", expect=303).location.endswith(address)
    page = analyst.get(address)
    assert ("Check the entry in the sheet" if locale == "en" else "Проверить запись в листе") in page.text("//dd")
    box = box_of(page, found.instance)
    done = analyst.post(address, {"instance": box, "note": "Новый порядок", "_chosen": "1"})
    report = done.location
    assert "0 of" in analyst.get(report).text("//h2") or "0 из" in analyst.get(report).text("//h2")
    worker.work_off(busy_site.extensions["sessions"])
    assert ("moved" if locale == "en" else "перенесена") in analyst.get(report).text("//tbody")
    assert instance_of(busy_site, found).release_id != old
    shown = analyst.get(f"/instances/{found.instance}")
    assert ("release 2" if locale == "en" else "выпуск 2") in shown.text("//p[@class='task-head']")
    told = "from release 1 to release 2" if locale == "en" else "из выпуска 1 в выпуск 2"
    assert told in shown.text("//section[@aria-labelledby='history']")
    assert "Новый порядок" in shown.text("//section[@aria-labelledby='history']")
    task = task_of(busy_site, found.instance, "consider")
    refusal = {"act": "consider", "conforms": "no", "reworked": "yes", "comments": "Еще одна"}
    send(enter_busy("chair-14"), busy_site, task, refusal)
    assert task_of(busy_site, found.instance, altered.STEP)


def test_a_move_is_put_back_from_its_report_and_not_after_the_course_has_gone_on(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    changed(busy_site)
    instance = instance_of(busy_site, found)
    analyst = enter_busy("analyst")
    address = f"/studio/moves/{instance.process}/1/to/2"

    def move() -> str:
        report = analyst.post(address, {"instance": box_of(analyst.get(address), found.instance)}).location
        worker.work_off(busy_site.extensions["sessions"])
        return report

    report = move()
    (back,) = analyst.get(report).tree.xpath("//tbody//form/@action")
    analyst.post(str(back))
    assert instance_of(busy_site, found).release_id == instance.release_id
    assert "возвращена" in analyst.get(report).text("//tbody")
    analyst.post(str(back), expect=409)
    report = move()
    refusal = {"act": "consider", "conforms": "no", "reworked": "yes", "comments": "Еще одна"}
    send(enter_busy("chair-14"), busy_site, task_of(busy_site, found.instance, "consider"), refusal)
    page = analyst.get(report)
    assert page.tree.xpath("//tbody//form/@action") == []
    assert page.links(f"/studio/moves/{instance.process}/2/to/1")


def test_all_that_can_be_moved_are_and_the_whole_order_is_put_back(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    changed(busy_site)
    process = instance_of(busy_site, found).process
    analyst = enter_busy("analyst")
    address = f"/studio/moves/{process}/1/to/2"
    assert boxes(analyst.get(f"{address}?show=refused")) == []
    number = len(boxes(analyst.get(f"{address}?show=ready")))
    report = analyst.post(address, {"_all": "1"}).location
    assert f"0 из {number}" in analyst.get(report).text("//h2")
    worker.work_off(busy_site.extensions["sessions"])
    assert f"{number} из {number}" in analyst.get(report).text("//h2")
    assert "None of" not in analyst.get(f"/studio/moves/{process}/1").source
    analyst.post(f"{report}/undo")
    worker.work_off(busy_site.extensions["sessions"])
    assert len(boxes(analyst.get(address))) == number


def test_a_stopped_order_says_what_it_has_not_come_to(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    changed(busy_site)
    process = instance_of(busy_site, found).process
    analyst = enter_busy("analyst")
    report = analyst.post(f"/studio/moves/{process}/1/to/2", {"_all": "1"}).location
    analyst.post(f"{report}/stop")
    worker.work_off(busy_site.extensions["sessions"])
    page = analyst.get(report)
    assert "перенос остановлен" in page.text("//tbody")
    assert "перенесена " not in page.text("//tbody").replace("не перенесена", "")


def test_bad_input_is_answered_and_changes_nothing(busy_site: Flask, enter_busy: Enter, found: Things) -> None:
    changed(busy_site)
    instance = instance_of(busy_site, found)
    analyst = enter_busy("analyst")
    address = f"/studio/moves/{instance.process}/1/to/2"
    assert "Выберите процедуры" in analyst.post(address, {"note": "ничего"}, expect=422).text("//*[@role='alert']")
    analyst.post(address, {"instance": "none:1"}, expect=404)
    analyst.post(address, {"instance": found.instance}, expect=404)
    analyst.post(address, {"instance": f"{found.instance}:{instance.revision}", "name": "a:b"}, expect=404)
    analyst.post(f"/studio/moves/{instance.process}/1/to/1", {"instance": f"{found.instance}:1"}, expect=409)
    for path in ("/no_such/1", f"/{instance.process}/7", f"/{instance.process}/1/to/7", "/orders/none"):
        analyst.get(f"/studio/moves{path}", expect=404)
    analyst.get(f"/studio/moves/{instance.process}/1/to?target=x", expect=404)
    analyst.post("/studio/moves/undo/none", expect=404)
    assert instance_of(busy_site, found).release_id == instance.release_id


def test_one_that_went_on_after_the_preview_is_left_and_told(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    changed(busy_site)
    instance = instance_of(busy_site, found)
    analyst = enter_busy("analyst")
    address = f"/studio/moves/{instance.process}/1/to/2"
    box = box_of(analyst.get(address), found.instance)
    refusal = {"act": "consider", "conforms": "no", "reworked": "yes", "comments": "Еще одна"}
    send(enter_busy("chair-14"), busy_site, found.task, refusal)
    report = analyst.post(address, {"instance": box}).location
    worker.work_off(busy_site.extensions["sessions"])
    page = analyst.get(report)
    assert "продвинулась после просмотра" in page.text("//tbody")
    assert page.links(address)
    assert instance_of(busy_site, found).release_id == instance.release_id


def test_a_step_that_is_gone_is_a_reason_and_one_of_the_same_kind_can_be_named(
    busy_site: Flask, enter_busy: Enter, found: Things
) -> None:
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions.begin() as session:
        newest = releases.current(session)
        assert newest is not None
        files = releases.export(session, newest.id)
        text = files[altered.SHEET].replace(b'"consider"', b'"look"').replace(b">consider<", b">look<")
        altered.publish(session, {**files, altered.SHEET: text})
    process = instance_of(busy_site, found).process
    analyst = enter_busy("analyst")
    address = f"/studio/moves/{process}/1/to/2"
    page = analyst.get(f"{address}?show=refused")
    assert "такого шага нет" in page.text("//tbody")
    assert "Рассмотреть материалы курса" in page.text("//form[1]")
    named = f"{address}?name=sheet:consider:look&show=ready"
    box = box_of(analyst.get(named), found.instance)
    analyst.post(address, {"instance": box, "name": "sheet:consider:look"})
    worker.work_off(sessions)
    assert task_of(busy_site, found.instance, "look") == found.task


def test_without_anything_running_the_page_says_what_will_come(site: Flask, enter: Enter) -> None:
    analyst = enter("analyst")
    assert "Ни одна процедура не идет" in analyst.get("/studio/moves").text()
    with site.extensions["sessions"]() as session:
        assert session.scalars(sa.select(Release.number)).all() == [1]
    assert "больше не идет" in analyst.get("/studio/moves/agreement/1").text()
    assert "Таких нет" in analyst.get("/studio/moves/agreement/1/to/1").text()
