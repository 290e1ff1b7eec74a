"""What the studio is for, once through in Chromium: a change drawn, tried, compared, published, moved to, taken back.

The server is killed in the middle of it and begun again; the course that is moved stands in its third round of rework.
"""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from app.demo.seed import address
from tests.browser.conftest import ROOT, _await
from tests.browser.story import Story, fill, press, until
from tests.browser.studio import middle, open_draft, ready, select

SHEET, NEWS = "processes/agreement/sheet.bpmn", "processes/announcement/announcement.bpmn"
COURSE = "Сличения эталонов массы"
SLIDES = ROOT / "tests" / "samples" / "manual-russian-xetex.pdf"


class Server:
    """A demo of its own, with its worker, that can be killed and begun again on the same data."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        self.begin()

    def begin(self) -> None:
        command = [sys.executable, "-m", "app.cli", "demo", "--recent", "--port", str(self.port)]
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen([*command, "--data", str(self.folder)], cwd=ROOT, stdout=log, stderr=log)
        _await(self.url, self.process, self.folder / "log")

    def end(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(40)


@pytest.fixture
def story(browser: Browser, tmp_path: Path, artifacts: Path) -> Iterator[tuple[Story, Server]]:
    server = Server(tmp_path)
    contexts = []

    def enter(key: str) -> Tab:
        contexts.append(browser.new_context(base_url=server.url, viewport={"width": 1500, "height": 950}))
        contexts[-1].set_default_timeout(30_000)
        contexts[-1].add_cookies([{"name": "language", "value": "ru", "url": server.url}])
        tab = contexts[-1].new_page()
        tab.on("dialog", lambda dialog: dialog.accept())
        tab.goto("/demo")
        tab.click(f"button[value='{address(key)}']")
        return tab

    yield Story(enter, artifacts, COURSE), server
    for context in contexts:
        context.close()
    server.end(signal.SIGTERM)


def editor(tab: Tab, path: str) -> None:
    tab.goto(f"/studio/diagrams/{path}")
    ready(tab)


def stands_saved(tab: Tab, path: str, words: str) -> None:
    """Without anything pressed: the editor saves while one draws."""
    ask = "path => fetch('/studio/files/' + path).then((got) => got.text())"
    assert until(tab, lambda: words in str(tab.evaluate(ask, path))), words


def make_a_form(tab: Tab) -> None:
    tab.goto("/studio/forms")
    tab.fill("#new-name", "address_check")
    tab.fill("#new-ru", "Проверка адресов")
    tab.fill("#new-en", "Check of the addresses")
    press(tab, "Создать форму")
    tab.locator("summary", has_text="Добавить поле").first.click()
    adding = tab.locator("details.adding[open]")
    adding.get_by_label("Имя в условиях").fill("remarks")
    adding.get_by_label("Вопрос на русском языке").fill("Что исправлено в адресах")
    adding.get_by_label("Вопрос на английском языке").fill("What was corrected")
    adding.locator("button").click()
    expect(tab.locator("main")).to_contain_text("Что исправлено в адресах")


def draw_a_task(tab: Tab) -> None:
    """Between two steps, with the form."""
    editor(tab, NEWS)
    tab.locator(".djs-palette [data-action='create.user-task']").click()
    at = middle(tab, "invite__send")
    tab.mouse.move(at["x"] - 3, at["y"])
    tab.mouse.move(at["x"], at["y"], steps=3)
    tab.mouse.click(at["x"], at["y"])
    tab.fill("#panel-name-ru", "Проверить адреса")
    tab.fill("#panel-name-en", "Check the addresses")
    tab.fill("#panel-told-ru", "Сверьте адреса институтов.")
    tab.fill("#panel-told-en", "Compare the addresses of the institutes.")
    tab.select_option("#panel-task-form", "address_check")
    tab.locator("#panel-task-form").blur()
    stands_saved(tab, NEWS, "Compare the addresses of the institutes.")


def change_a_deadline_and_die(tab: Tab, server: Server) -> None:
    """The reminder and the deadline of a sheet; killed in mid-edit, the server loses nothing that the browser has."""
    editor(tab, SHEET)
    select(tab, "consider")
    tab.get_by_role("button", name="Добавить напоминание").click()
    tab.fill("#panel-timer-count", "6")
    tab.locator("#panel-timer-count").blur()
    stands_saved(tab, SHEET, "workdays=6")
    server.end(signal.SIGKILL)
    select(tab, "name_chair")
    tab.select_option("#panel-task-due-how", "workdays")
    tab.fill("#panel-task-due-count", "9")
    tab.locator("#panel-task-due-count").blur()
    expect(tab.locator("[data-part='saved'][data-state='failed']")).to_contain_text("хранятся в этом браузере")
    server.begin()
    editor(tab, SHEET)
    tab.get_by_role("button", name="Вернуть их").click()
    stands_saved(tab, SHEET, 'due="workdays(9)"')
    tab.reload()
    ready(tab)
    select(tab, "name_chair")
    expect(tab.locator("#panel-task-due-count")).to_have_value("9")


def add_a_rule(tab: Tab) -> None:
    tab.goto("/studio/decisions/processes/agreement/routing.dmn")
    press(tab, "Добавить правило")
    row = tab.locator("table tbody tr").last
    row.locator("input[type='text'], input:not([type])").nth(0).fill('"tc4"')
    row.locator("input[type='text'], input:not([type])").nth(2).fill('"others"')
    row.locator("textarea").fill("Инициатор – ТК 4. / Initiated by TC 4.")
    tab.get_by_role("button", name="Сохранить").first.click()
    stands_saved(tab, "processes/agreement/routing.dmn", "Initiated by TC 4.")


def mend_a_finding(tab: Tab) -> None:
    editor(tab, NEWS)
    select(tab, "is_delivered__sent")
    tab.uncheck("#panel-flow-default")
    row = tab.locator(".finding-list > li[data-rule='gateway-no-default']")
    expect(row).to_be_visible(timeout=60_000)
    row.get_by_role("button", name="Исправить").click()
    row.locator("select").select_option("is_delivered__sent")
    row.get_by_role("button", name="Внести это изменение").click()
    expect(row).to_have_count(0, timeout=30_000)


def record_a_scenario(tab: Tab) -> None:
    """What is clicked through takes the place of the old ones, which do not know the new task."""
    tab.goto("/studio/sandbox/new/announcement")
    tab.click(".main-actions [name='_begin']")
    tasks = tab.locator("section[aria-labelledby='tasks'] a")
    for _ in range(3):
        tasks.first.click()
        tab.click(".main-actions [name='_fill']")
        tab.click(".main-actions [name='_send']")
    expect(tasks).to_have_count(0)
    while tab.get_by_role("button", name="До следующего таймера").count():
        tab.get_by_role("button", name="До следующего таймера").click()
    tab.get_by_role("link", name="Записать как сценарий").click()
    tab.fill("#id", "with_a_check")
    tab.fill("#ru", "Адреса проверены")
    tab.fill("#en", "The addresses are checked")
    press(tab, "Записать сценарий")
    expect(tab.locator("tr", has_text="with_a_check").first).to_contain_text("выполняется")
    for _ in range(2):
        tab.goto("/studio/scenarios/announcement")
        red = tab.locator("tr", has_text="останавливается").first
        red.get_by_role("button", name="Убрать").click()
    expect(tab.locator("tr", has_text="останавливается")).to_have_count(0)


def compare_and_publish(tab: Tab) -> None:
    tab.goto("/studio/compare?from=base&to=draft")
    for said in ("задача «Проверить адреса»", "теперь 9 рабочих дней", "новое правило 4", "форма «Проверка адресов»"):
        expect(tab.locator("main")).to_contain_text(said)
    tab.goto(f"/studio/compare?from=base&to=draft&file={NEWS}")
    tab.wait_for_selector("[data-island='compare'][data-state='ready']")
    assert tab.locator(".two-diagrams .djs-element.differs-added").count()
    tab.goto("/studio/publish")
    tab.fill("#note", "Адреса проверяются, СОК получают второе напоминание")
    tab.locator("form .button.main").first.click()
    tab.wait_for_url("**/studio/releases")
    expect(tab.locator("tbody tr").first).to_contain_text("Выпуск 2")


def begin_a_course(told: Story) -> None:
    tab = told.at("admin-by")
    tab.goto("/procedures/creation")
    fill(tab, {"language": "ru_en", "title_ru": "Вакуумметры", "title_en": "Vacuum gauges", "initiator_kind": "nmi"})
    fill(tab, {"nmi": "Белорусский государственный", "executor": "Козлович", "field": "Давление"})
    tab.locator("button[name=_send]").click()
    expect(tab.locator("main")).to_contain_text("выпуск 2", timeout=60_000)


def come_to_the_third_round(told: Story) -> None:
    again = {"act": "consider", "reworked": "no", "conforms": "no", "comments": "Опечатка на слайде 2"}
    told.complete("chair-14", "Рассмотреть материалы курса", again)
    told.complete("ns-by", "Доработать материалы и ответить на замечания",
                  {"answers.0.answer": "Исправлено", "materials": SLIDES, "note": "Третья редакция",
                   "answer_by": "2027-03-01"})  # fmt: skip
    main = told.task("chair-14", "Рассмотреть материалы курса").locator("main")
    expect(main).to_contain_text("v3")


def move_the_course(told: Story) -> None:
    task = told.at("chair-14")
    fill(task, {"act": "consider", "reworked": "yes", "conforms": "no", "comments": "Начато до переноса"})
    press(task, "Сохранить черновик")
    expect(task.locator("main")).to_contain_text("до 1 марта 2027")
    tab = told.at("analyst")
    tab.goto("/studio/moves/agreement/1/to/2")
    row = tab.locator("tbody tr", has_text=COURSE)
    row.locator("input[type='checkbox']").check()
    tab.fill("#note", "Второе напоминание нужно и здесь")
    press(tab, "Перенести выбранные")
    assert until(tab, lambda: bool(tab.goto(tab.url)) and tab.locator(".state-done", has_text="перенесена").count() > 0)
    again = told.task("chair-14", "Рассмотреть материалы курса")
    expect(again.locator("[name='comments']")).to_have_value("Начато до переноса")
    expect(again.locator("main")).to_contain_text("до 1 марта 2027")


def test_a_change_goes_from_a_drawing_into_a_running_course_and_back(story: tuple[Story, Server]) -> None:
    told, server = story
    tab = told.at("analyst")
    open_draft(tab)
    make_a_form(tab)
    draw_a_task(tab)
    change_a_deadline_and_die(tab, server)
    add_a_rule(tab)
    mend_a_finding(tab)
    record_a_scenario(tab)
    told.picture(tab, "scenario")
    compare_and_publish(tab)
    begin_a_course(told)
    come_to_the_third_round(told)
    move_the_course(told)
    tab.goto("/studio/publish?again=1")
    tab.fill("#note", "Вернуть прежние процедуры")
    tab.locator("form .button.main").first.click()
    tab.wait_for_url("**/studio/releases")
    expect(tab.locator("tbody tr").first).to_contain_text("Выпуск 3")
