"""What people do with the pages, by keyboard, with and without scripts."""

import re

from playwright.sync_api import Route, expect

from tests.browser.conftest import Open


def test_the_inbox_is_walked_by_keyboard(open_as: Open) -> None:
    tab = open_as("chair-14")
    tab.goto("/?view=roles")
    tab.keyboard.press("j")
    first = tab.locator("a.what").first
    expect(first).to_be_focused()
    tab.keyboard.press("c")
    expect(tab.locator("input[name=task]").first).to_be_checked()
    tab.keyboard.press("k")
    expect(first).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("/tasks/"))


def test_letters_typed_in_the_search_stay_letters(open_as: Open) -> None:
    tab = open_as("chair-14")
    tab.goto("/?view=roles")
    tab.locator("#q").press_sequentially("jkc")
    expect(tab.locator("#q")).to_have_value("jkc")


def test_the_skip_link_leads_to_the_content(open_as: Open) -> None:
    tab = open_as("chair-14")
    tab.goto("/")
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile("#content$"))


def test_what_is_typed_is_kept_and_the_page_says_so(open_as: Open) -> None:
    tab = open_as("chair-14")
    tab.goto("/?view=roles")
    tab.locator("a.what").first.click()
    tab.get_by_label("Рассматриваю сам(а)").check()
    expect(tab.locator("[data-saved]")).to_have_text("Черновик сохранен")
    tab.reload()
    expect(tab.get_by_label("Рассматриваю сам(а)")).to_be_checked()


def test_a_lost_connection_is_told_while_typing(open_as: Open) -> None:
    tab = open_as("chair-16")
    tab.goto("/?view=roles")
    tab.locator("a.what").first.click()
    tab.route("**/draft", lambda route: route.abort())
    tab.get_by_label("Рассматриваю сам(а)").check()
    expect(tab.locator("[data-saved]")).to_have_attribute("data-state", "failed")


def test_without_scripts_a_task_is_claimed_filled_in_and_sent(open_as: Open) -> None:
    tab = open_as("chair-110", java_script_enabled=False)
    tab.goto("/?view=roles")
    tab.locator("input[name=task]").first.check()
    tab.get_by_role("button", name="Взять выбранные в работу").click()
    expect(tab.locator(".notice.done")).to_contain_text("1 задача теперь ваша")
    tab.locator("a.what").first.click()
    tab.get_by_role("button", name="Проверить и отправить").click()
    expect(tab.get_by_role("alert")).to_be_visible()
    for field in tab.locator("main input[type=checkbox]").all():
        field.check()
    for text in tab.locator("main .form textarea").all()[:1]:
        text.fill("Курс касается только термометрии.")
    tab.get_by_role("button", name="Проверить и отправить").click()
    expect(tab.locator(".notice.done")).to_contain_text("Отправлено")


def test_diagram_and_outline_mark_each_other(open_as: Open) -> None:
    tab = open_as("admin-by", "en")
    tab.goto("/courses?q=2026-002")
    tab.locator("main a[href*='/courses/']").first.click()
    tab.locator("a[href*='/instances/']").first.click()
    tab.wait_for_selector("[data-island='viewer'][data-state='ready']")
    expect(tab.locator(".bjs-powered-by").first).to_be_visible()
    line = tab.locator("#outline li[data-element='confirm']")
    line.locator("button").click()
    expect(tab.locator("g[data-element-id='confirm']").first).to_have_class(re.compile("selected"))
    tab.locator("g[data-element-id='propose'] .djs-hit").first.click()
    expect(tab.locator("#outline li[data-element='propose']")).to_have_attribute("data-chosen", "")
    expect(line).not_to_have_attribute("data-chosen", "")


def test_names_in_the_diagram_are_in_the_readers_language(open_as: Open) -> None:
    for locale, word in (("ru", "Согласование"), ("en", "Agreement")):
        tab = open_as("admin-by", locale)
        tab.goto("/courses?q=2026-002")
        tab.locator("main a[href*='/courses/']").first.click()
        tab.locator("a[href*='/instances/']").first.click()
        tab.wait_for_selector("[data-island='viewer'][data-state='ready']")
        assert word in tab.locator("[data-island='viewer']").first.inner_text()


def test_s25_an_inline_script_that_got_into_a_page_does_not_run(open_as: Open) -> None:
    tab = open_as("chair-14")

    def inject(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", "<script>hacked = 1</script></body>"))

    refused: list[str] = []
    tab.on("console", lambda message: refused.append(message.text))
    tab.route("**/courses", inject)
    tab.goto("/courses")
    assert "hacked" in tab.content()
    assert tab.evaluate("typeof hacked") == "undefined"
    assert any("Content Security Policy" in text for text in refused)


def test_the_sheet_prints_without_the_frame(open_as: Open) -> None:
    tab = open_as("admin-by")
    tab.goto("/courses?q=2026-002")
    tab.locator("main a[href*='/courses/']").first.click()
    tab.locator("a[href*='/sheets/']").first.click()
    tab.emulate_media(media="print")
    expect(tab.locator("header.bar")).to_be_hidden()
    expect(tab.locator(".demo-strip")).to_be_hidden()
    expect(tab.locator(".sheet")).to_be_visible()


def test_colours_follow_the_choice(open_as: Open) -> None:
    tab = open_as("chair-14")
    tab.goto("/")
    light = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.locator("summary").last.click()
    tab.get_by_role("button", name="Темные").click()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != light
