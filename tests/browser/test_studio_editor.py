"""The diagram editor as an analyst uses it: drawn, saved as one draws, mended, tried; in both languages and looks."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from app.i18n import Locale
from tests.browser.conftest import ROOT, Open
from tests.browser.studio import STUDIO, discard_draft, middle, open_draft, ready, select

ONE = "processes/announcement/announcement.bpmn"


def open_editor(tab: Tab, path: str = ONE) -> None:
    tab.goto(f"/studio/diagrams/{path}")
    ready(tab)


@pytest.fixture
def analyst(open_as: Open) -> Iterator[Tab]:
    tab = open_as("analyst", "ru", width=1500)
    open_draft(tab)
    yield tab
    discard_draft(tab)


def saved(tab: Tab) -> str:
    """The file as the server has it, once everything is sent."""
    assert tab.evaluate(f"{STUDIO}.saving.flush()")
    return str(tab.evaluate(f"fetch('/studio/files/{ONE}').then((got) => got.text())"))


def test_a_task_with_a_form_between_two_steps_a_deadline_and_a_reminder(analyst: Tab) -> None:
    open_editor(analyst)
    analyst.locator(".djs-palette [data-action='create.user-task']").click()
    at = middle(analyst, "invite__send")
    analyst.mouse.move(at["x"] - 3, at["y"])
    analyst.mouse.move(at["x"], at["y"], steps=3)
    analyst.mouse.click(at["x"], at["y"])
    expect(analyst.locator("#panel-title")).to_have_text("Задача пользователя")
    analyst.fill("#panel-name-ru", "Проверить список адресов")
    analyst.fill("#panel-name-en", "Check the list of addresses")
    analyst.select_option("#panel-task-form", "portal_placed")
    analyst.select_option("#panel-task-due-how", "workdays")
    analyst.fill("#panel-task-due-count", "14")
    analyst.locator("#panel-task-due-count").blur()
    expect(analyst.locator(".editor-panel")).to_contain_text("через 14 рабочих дней")
    analyst.get_by_role("button", name="Добавить напоминание").click()
    expect(analyst.locator("#panel-timer-how")).to_have_value("before")
    analyst.fill("#panel-timer-count", "5")
    analyst.locator("#panel-timer-count").blur()
    text = saved(analyst)
    assert '<coomet:task form="portal_placed" due="workdays(14)" />' in text
    assert 'name="Проверить список адресов"' in text, "typed while the name was still being written on the diagram"
    assert 'name="Check the list of addresses"' in text
    assert "before(&apos;answer&apos;, workdays=5)" in text or "before('answer', workdays=5)" in text
    assert 'operation="letters.send"' in text
    assert 'sourceRef="invite" targetRef="send"' not in text
    before, after = set((ROOT / ONE).read_text("utf-8").splitlines()), set(text.splitlines())
    assert len(before - after) < 20, "what was not touched stays as it was"


def test_a_finding_is_mended_in_one_step_that_can_be_undone(analyst: Tab) -> None:
    open_editor(analyst)
    select(analyst, "is_delivered__sent")
    analyst.uncheck("#panel-flow-default")
    row = analyst.locator(".finding-list > li[data-rule='gateway-no-default']")
    expect(row).to_be_visible(timeout=20_000)
    expect(analyst.locator(".finding-sign[data-severity='error']").first).to_be_visible()
    row.get_by_role("button", name="Исправить").click()
    row.locator("select").select_option("is_delivered__sent")
    row.get_by_role("button", name="Внести это изменение").click()
    expect(row).to_have_count(0, timeout=20_000)
    assert saved(analyst) == (ROOT / ONE).read_text("utf-8")
    analyst.locator("[data-do='undo']").click()
    expect(row).to_be_visible(timeout=20_000)
    row.locator(".linklike").click()
    expect(analyst.locator("#panel-title")).to_have_text("Шлюз «или»")


def test_neither_a_reload_nor_a_dead_server_loses_work(analyst: Tab) -> None:
    open_editor(analyst)
    analyst.context.route(
        "**/studio/diagrams/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    select(analyst, "check")
    analyst.fill("#panel-name-ru", "Сверить доставку еще раз")
    expect(analyst.locator("[data-part='saved'][data-state='failed']")).to_contain_text("хранятся в этом браузере")
    analyst.on("dialog", lambda dialog: dialog.accept())
    analyst.context.unroute("**/studio/diagrams/**")
    open_editor(analyst)
    analyst.get_by_role("button", name="Вернуть их").click()
    assert 'name="Сверить доставку еще раз"' in saved(analyst)
    open_editor(analyst)
    select(analyst, "check")
    expect(analyst.locator("#panel-name-ru")).to_have_value("Сверить доставку еще раз")


def test_two_analysts_are_told_of_each_other_and_overwrite_nothing(analyst: Tab, open_as: Open) -> None:
    open_editor(analyst)
    answer = analyst.evaluate(
        f"""async () => {{ const kit = JSON.parse(document.getElementById('kit').textContent);
        const text = await (await fetch('/studio/files/{ONE}')).text();
        const body = new FormData(); body.append('revision', kit.revision);
        body.append('xml', new Blob([text.replace('Отправить приглашения', 'Чужое название')]), 'x');
        const headers = {{ 'X-CSRFToken': kit.token }};
        return (await fetch(kit.addresses.save, {{ method: 'POST', body, headers }})).status; }}"""
    )
    assert answer == 200
    select(analyst, "check")
    analyst.fill("#panel-name-ru", "Мое название")
    expect(analyst.locator("[data-part='notices'] .notice")).to_contain_text("Ваше не пропало")
    analyst.on("dialog", lambda dialog: dialog.accept())
    with analyst.expect_navigation():
        analyst.get_by_role("button", name="Внести мои изменения в их вариант").click()
    analyst.wait_for_selector("[data-island='editor'][data-state='ready']", state="attached")
    text = saved(analyst)
    assert "Чужое название" in text
    assert "Мое название" in text


def test_every_diagram_of_ours_comes_back_byte_for_byte(analyst: Tab) -> None:
    """Through the very library of the browser: opened, written anew, saved."""
    open_editor(analyst)
    for path in sorted((ROOT / "processes").rglob("*.bpmn")):
        name = path.relative_to(ROOT).as_posix()
        got = analyst.evaluate(
            f"""async (name) => {{ const m = {STUDIO}.modeler;
            const kit = JSON.parse(document.getElementById('kit').textContent);
            const old = await (await fetch('/studio/files/' + name)).text();
            const {{ warnings }} = await m.importXML(old);
            const {{ xml }} = await m.saveXML({{ format: true }});
            const body = new FormData(); body.append('revision', '0'); body.append('xml', new Blob([xml]), 'x');
            const headers = {{ 'X-CSRFToken': kit.token }};
            const answer = await fetch('/studio/diagrams/' + name, {{ method: 'POST', body, headers }});
            const now = await (await fetch('/studio/files/' + name)).text();
            return [answer.status, warnings.length, now === old]; }}""",
            name,
        )
        assert got in ([200, 0, True], [409, 0, True]), name
    analyst.evaluate(f"{STUDIO}.saving.dirty = false")


MENUS = f"""async () => {{
  const m = {STUDIO}.modeler, registry = m.get('elementRegistry');
  const popup = m.get('popupMenu'), pad = m.get('contextPad');
  const offered = new Set();
  for (const element of registry.filter((one) => one.parent && !one.labelTarget)) {{
    m.get('selection').select(element);
    await new Promise((done) => setTimeout(done, 5));
    pad.open(element, true);
    if (popup.isEmpty(element, 'bpmn-replace')) continue;
    popup.open(element, 'bpmn-replace', {{ x: 300, y: 300 }}, {{ search: true, title: 'x' }});
    for (const entry of document.querySelectorAll('.djs-popup .entry')) offered.add(entry.dataset.id);
    popup.close();
  }}
  m.get('searchPad').toggle();
  m.get('searchPad').toggle();
  return [[...offered], [...{STUDIO}.words.missing]];
}}"""


def test_menus_offer_only_what_runs_and_say_it_in_russian(analyst: Tab) -> None:
    for path in (ONE, "processes/agreement/sheet.bpmn", "processes/creation/submission.bpmn"):
        open_editor(analyst, path)
        offered, missing = analyst.evaluate(MENUS)
        assert not missing
        refused = [name for name in offered if any(part in name for part in REFUSED)]
        assert not refused
        assert len(offered) > 10
    palette = analyst.locator(".djs-palette .entry").evaluate_all("all => all.map((one) => one.dataset.action)")
    assert "create.user-task" in palette
    assert not [name for name in palette if "data" in name]


REFUSED = (
    "signal",
    "escalation",
    "compensation",
    "conditional",
    "link",
    "transaction",
    "ad-hoc",
    "complex",
    "event-subprocess",
    "loop",
)


@pytest.mark.parametrize(("locale", "theme", "width"), [("ru", "light", 1440), ("en", "dark", 360)])
def test_the_editor_is_open_to_programs_that_read_it_aloud(
    open_as: Open, locale: Locale, theme: str, width: int
) -> None:
    tab = open_as("analyst", locale, width=width, theme=theme)
    open_draft(tab)
    heard: list[str] = []
    tab.on("console", lambda message: heard.append(message.text))
    tab.on("pageerror", lambda error: heard.append(str(error)))
    open_editor(tab)
    tab.wait_for_selector("[data-part='findings'][data-loaded]")
    select(tab, "invite")
    expect(tab.locator(".bjs-powered-by")).to_be_visible()
    found: list[Any] = Axe().run(tab).response["violations"]
    tab.locator("[data-do='simulate']").click()
    tab.wait_for_selector("[data-part='trial'] .notice")
    found += Axe().run(tab).response["violations"]
    assert not [f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found]
    assert not heard
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    started = tab.evaluate("performance.getEntriesByName('editor-ready')[0].startTime")
    assert started < 5_000, "≤ 1 s with nothing else at work"


def test_s66_names_of_javascript_in_a_diagram_reach_no_prototype(analyst: Tab) -> None:
    open_editor(analyst)
    text = (ROOT / ONE).read_text("utf-8").replace('id="invite"', 'id="invite" __proto__="1" constructor="2"')
    text = text.replace('<coomet:parameter name="course">', '<coomet:parameter name="__proto__">')
    text = text.replace('"answer"', '"__proto__"').replace(">answer<", ">__proto__<")
    status = analyst.evaluate(
        f"""async (text) => {{ const m = {STUDIO}.modeler;
        await m.importXML(text).catch(() => null);
        m.get('elementRegistry').filter((one) => one.parent).forEach((one) => m.get('selection').select(one));
        await m.saveXML({{ format: true }}).catch(() => null);
        return [Object.keys(Object.prototype).length, ({{}}).name, ({{}}).form, ({{}}).polluted]; }}""",
        text,
    )
    assert status == [0, None, None, None]
    analyst.evaluate(f"{STUDIO}.saving.dirty = false")
