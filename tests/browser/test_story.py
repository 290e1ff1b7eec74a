"""The whole story of a course in a browser, in Russian: from the list of courses to its announcement."""

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.story import Story, fill, press, refuse, send, until
from tests.browser.test_every_page import LOOKS, judge

SAMPLES = Path(__file__).parents[1] / "samples"
TITLE = "Барометры: от ртутного столба до датчика"
WITHOUT_SCRIPTS = "Манометры: основы для новичков"
TITLE_EN = "Barometers: from the mercury column to the sensor"
THREE_RU = "Курс показывает, как калибруют барометры. В нем три модуля. После каждого модуля есть тест."
THREE_EN = "The course shows how barometers are calibrated. It has three modules. Each module ends with a test."
CHECKS = ("topical", "clear", "quality", "one_style", "three_colours", "sans_serif", "three_fonts", "no_underlining")
YES = ("guidance", "description", "structure", "design", "style", "topicality", "content", "respected", "copyright")
PREPARED = dict.fromkeys([*CHECKS, "pictures_left", "little_animation", "copyrighted", "survey_link"], "yes")


def in_days(tab: Tab, days: int) -> str:
    """After today of the demo, whose clock other tests may have moved."""
    tab.goto("/demo/clock")
    stamp = str(tab.locator("time").first.get_attribute("datetime"))
    return (date.fromisoformat(stamp[:10]) + timedelta(days=days)).isoformat()


def test_a_course_from_the_list_to_its_announcement(open_as: Open, artifacts: Path) -> None:
    story = Story(lambda key: open_as(key, "ru", 1280), artifacts, TITLE)
    enter(story)
    ask_and_answer(story)
    provide(story, "admin-by")
    agree(story)
    prepare(story)
    finish_agreement(story)
    story.complete("creator-by", "Представить курс к утверждению", {"decision": "submit"}, "submission")
    send_back(story)
    approve(story)
    announce(story)
    look(story, open_as)
    judge_course(story, open_as)


def enter(story: Story) -> None:
    tab = story.at("admin-by")
    tab.goto("/procedures")
    story.picture(tab, "procedures")
    tab.goto("/procedures/creation")
    fill(tab, {"language": "ru_en", "title_ru": story.title, "title_en": TITLE_EN, "initiator_kind": "nmi"})
    fill(tab, {"nmi": "Белорусский государственный", "executor": "Козлович", "field": "Давление"})
    story.picture(tab, "entry")
    tab.locator("button[name=_send]").click()
    expect(tab.locator(".notice.done").first).to_be_visible()
    story.picture(story.course(), "course-listed")


def ask_and_answer(story: Story) -> None:
    by = {"materials_by": in_days(story.at("admin-by"), 14), "poll_by": in_days(story.at("admin-by"), 7)}
    story.complete("admin-by", "Запросить материалы и объявить опрос", by, "request")
    for key, answer in (("creator-by", "yes"), ("creator-kz", "no"), ("creator-ru", "yes")):
        story.complete(key, "Ответить, можете ли взяться за курс", {"answer": answer}, f"poll-{answer}")
    choice = {"decision": "agreed", "volunteer": "Лукашевич"}
    story.complete("admin-by", "Назначить создателя курса", choice, "choice")


def provide(story: Story, admin: str) -> None:
    """Two sentences are refused, with everything else kept; three are taken."""
    tab = story.task("ns-by", "Предоставить материалы курса")
    files = [SAMPLES / "cyrillic-times.pptx", SAMPLES / "manual-russian-xetex.pdf"]
    fill(tab, {"materials": files, "splash": SAMPLES / "splash-coffee.png", "representative": "Мороз"})
    fill(tab, {"description_ru": "Одно предложение. И второе.", "description_en": THREE_EN, "access": "open"})
    fill(tab, {"theory": ["text", "illustrations"], "practice": ["tests"]})
    refuse(tab)
    story.picture(tab, "two-sentences-refused")
    expect(tab.locator("[name=description_ru]")).to_have_value("Одно предложение. И второе.")
    fill(tab, {"description_ru": THREE_RU})
    send(tab)
    story.picture(story.course(admin), "course-materials")


def agree(story: Story) -> None:
    tab = story.task("ns-by", "Предложить СОК для согласования")
    tab.locator("button[name=_add][value=bodies]").click()
    fill(tab, {"bodies.0.body": "ТК 1.6"})
    story.picture(tab, "bodies")
    send(tab)
    story.complete("admin-by", "Подтвердить перечень СОК", {"decision": "confirm"}, "bodies-confirmed")
    until = {"answer_by": in_days(story.at("ns-by"), 10)}
    story.complete("ns-by", "Направить материалы и лист согласования", until, "sheet-sent")
    verdict = {"act": "consider", "conforms": "yes"}
    story.complete("chair-16", "Рассмотреть материалы курса", verdict, "verdict")


def prepare(story: Story) -> None:
    tab = story.at("admin-by")
    days = {"ready_by": in_days(tab, 40), "agreed_on": in_days(tab, 0)}
    agreed = {"format": "h5p", "access": "open", "counterpart": "Мороз", "participants": "Лукашевич, Мороз"}
    story.complete("admin-by", "Согласовать организационные вопросы", {**agreed, **days, "note": "H5P."}, "organised")
    story.complete("creator-by", "Назвать координаторов курса", {"coordinators.0.person": "Лукашевич"}, "coordinators")
    tab = story.task("creator-by", "Подготовить курс")
    fill(tab, {**PREPARED, "guidance": "true"})
    story.picture(tab, "preparation")
    send(tab)
    set_up(story)


def set_up(story: Story) -> None:
    """What no web service sets the creator sets on the platform itself; the program sees it there (6.6, 4.6)."""
    tab = story.task("creator-by", "Поставить изображение и настроить запись")
    expect(tab.locator("main")).to_contain_text("У курса нет изображения.")
    story.picture(tab, "set-up-by-hand")
    where = tab.url
    tab.goto("/demo/platform")
    tab.get_by_role("link", name=story.title).first.click()
    tab.get_by_label("Самостоятельная запись включена").check()
    tab.get_by_label("Изображение курса").set_input_files(SAMPLES / "splash-coffee.png")
    story.picture(tab, "platform-set-up")
    press(tab, "Сохранить на платформе")
    tab.goto(where)
    fill(tab, {"image_done": "true", "enrolment_done": "true", "note": "Изображение стоит, запись без ключа."})
    send(tab)


def finish_agreement(story: Story) -> None:
    story.complete("ns-by", "Подтвердить итоговые материалы", {"confirmed": "true"}, "final")
    story.complete("admin-by", "Принять и передать пакет", {"received": "true"}, "package")


def examination(story: Story) -> Tab:
    return story.task("admin-kz", "Провести экспертизу курса")


def send_back(story: Story) -> None:
    """A contradiction is refused first: a course with a "no" may not be placed."""
    tab = examination(story)
    fill(tab, dict.fromkeys(YES, "yes") | {"structure": "no", "content": "no"})
    fill(tab, {"may_place": "yes", "needs_rework": "no"})
    refuse(tab)
    story.picture(tab, "review-contradiction")
    fill(tab, {"may_place": "no", "needs_rework": "yes"})
    fill(tab, {"remarks": "Назовите цель на первом слайде.", "repeat_agreement": "no"})
    send(tab)
    story.picture(story.course(), "course-rework")
    done = {"done": "Цель названа на первом слайде."}
    story.complete("creator-by", "Доработать курс", done, "rework")
    story.complete("creator-by", "Представить курс к утверждению", {"decision": "submit"})


def approve(story: Story) -> None:
    tab = examination(story)
    fill(tab, dict.fromkeys(YES, "yes") | {"may_place": "yes", "needs_rework": "no"})
    story.picture(tab, "review")
    send(tab)


def announce(story: Story) -> None:
    invited = {"confirmed": "true"}
    story.complete("secretariat", "Разослать приглашения на обучение", invited, "invitations")
    story.complete("secretariat", "Разместить список курсов на портале", {"placed": "true"}, "portal-placed")
    tab = story.course("secretariat")
    story.picture(tab, "course-published")
    tab.goto("/portal")
    expect(tab.locator("main")).to_contain_text(story.title)
    story.picture(tab, "portal")
    tab.goto("/demo/platform")
    expect(tab.locator("main")).to_contain_text("Барометры")


def look(story: Story, open_as: Open) -> None:
    """The pages that only a published course has, in every look."""
    course = story.course("secretariat")
    pages = {"portal-with-courses": "/portal", "fragment-with-courses": "/portal/fragment"}
    pages |= {"course-published": course.url, "approval": link_to(course, "/approvals/")}
    pages |= {"invitations-sent": link_to(course, "/invitations")}
    course.goto("/demo/platform")
    pages |= {"platform-course": link_to(course, "/demo/platform/")}
    problems: list[str] = []
    for locale, theme, width in LOOKS:
        tab = open_as("secretariat", locale, width, theme, reduced_motion="reduce")
        for name, where in pages.items():
            tab.goto(where)
            tab.screenshot(path=story.artifacts / f"{name}-{locale}-{theme}-{width}.png", full_page=True)
            problems += judge(tab, f"{name} {locale}", width)
    assert not problems, "\n".join(problems)


def judge_course(story: Story, open_as: Open) -> None:
    """A learner answers at a telephone; then every page of the survey in every look."""
    course = story.course("admin-by")
    course.goto(link_to(course, "/questionnaire"))
    sheet = course.url
    address = course.locator(".poster .address").inner_text()
    phone = open_as("", "ru", 360)
    phone.goto(address)
    phone.screenshot(path=story.artifacts / "story-questionnaire.png", full_page=True)
    fill(phone, {"practical": "excellent", "theoretical": "good", "quality": "good", "design": "satisfactory"})
    fill(phone, {"comments": "Больше примеров"})
    expect(phone.get_by_role("radio", checked=True)).to_have_count(4)
    wait_and_send(phone)
    thanks = phone.url
    figures = sheet.replace("/questionnaire", "/satisfaction")
    looks: dict[str, list[str]] = {"": [address, thanks], "admin-by": [sheet, figures, "/satisfaction"]}
    problems: list[str] = []
    for locale, theme, width in LOOKS:
        for key, addresses in looks.items():
            tab = open_as(key, locale, width, theme, reduced_motion="reduce")
            for number, where in enumerate(addresses):
                tab.goto(where.replace("lang=ru", f"lang={locale}"))
                name = f"survey-{key or 'learner'}-{number}-{locale}-{theme}-{width}"
                tab.screenshot(path=story.artifacts / f"{name}.png", full_page=True)
                problems += judge(tab, name, width)
    assert not problems, "\n".join(problems)


def wait_and_send(phone: Tab) -> None:
    """Nobody reads four questions in a moment; whoever sends so fast is asked to send once more."""

    def taken() -> bool:
        phone.get_by_role("button", name="Отправить анкету").click()
        return "/thanks" in phone.url

    assert until(phone, taken), phone.locator("main").inner_text()
    expect(phone.get_by_role("status")).to_contain_text("Спасибо")


def link_to(tab: Tab, part: str) -> str:
    return str(tab.locator(f"main a[href*='{part}']").first.get_attribute("href"))


def test_without_scripts_a_course_comes_to_its_materials(open_as: Open, artifacts: Path) -> None:
    story = Story(lambda key: open_as(key, "ru", 1280, java_script_enabled=False), artifacts, WITHOUT_SCRIPTS)
    enter(story)
    by = {"materials_by": in_days(story.at("admin-by"), 14), "poll_by": in_days(story.at("admin-by"), 7)}
    story.complete("admin-by", "Запросить материалы и объявить опрос", by)
    provide(story, "admin-by")
    tab = story.course()
    tab.locator("main a[href*='/instances/']").first.click()
    story.picture(tab, "diagram-without-scripts")
    expect(tab.locator("main")).to_contain_text("Предоставить материалы курса")
