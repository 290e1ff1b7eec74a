"""The whole life of one course: planned, made, announced, used, watched over, brought up to date, annulled (R1-a).

A quarter at a time for a year; then years go by at once, as when nobody has looked: what a calendar rule missed comes
once, and the one analysis of satisfaction tells each of the quarters.
"""

import re
from datetime import timedelta
from pathlib import Path

from tests.walk import acts, actualisation, books, certificates, monitoring, planning, satisfaction
from tests.walk.platform import Platform
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect, uploads

QUARTERS = 4
"""Analysed one after another before the yearly report."""
ANALYSES = QUARTERS + 2
"""And one before each check."""
PAPERS = {books.SHEET: 6, books.FORM: 3, books.ANALYSIS: ANALYSES, books.REPORT: 1, books.DECISION: 1}
"""What the archive holds in the end, each in both languages; two editions were agreed and reviewed (A44)."""
MONTH, TO_MEETING, UNTIL_PREPARED = 30, 60, 35
ROMAN, NAMED = ("I", "II", "III", "IV"), re.compile(r"quarter ([IV]+) of (\d{4})")
STRANGERS = ("guest", "stranger")
"""People without tasks of their own."""
MORNING = 10
"""Hour of the day, UTC: the calendar's events come at nine in Minsk, whatever the hour at which somebody walks."""


def play(walk: Walk, platform: Platform) -> None:
    """From the survey to the annulment. Raises at the first step that does not hold."""
    with uploads() as folder:
        with walk.step("the clock of the demo goes to a morning; nothing that is due is left undone (X-8)"):
            wait_for_morning(walk)
        planning.play(walk)
        acts.make(walk, platform, folder)
        certificates.play(walk, platform)
        satisfaction.answer(walk)
        watch(walk, platform, folder)
        year(walk)
        report(walk)
        actualisation.update(walk, platform, folder, meanwhile=lambda: catch_up(walk))
        actualisation.annul(walk, platform, meanwhile=lambda: catch_up(walk))
        balance(walk, platform)


def wait_for_morning(walk: Walk) -> None:
    walk.move((MORNING - walk.now().hour) % 24 or 24, "hours")
    walk.settle()


def watch(walk: Walk, platform: Platform, folder: Path) -> None:
    with walk.step("completion, attempts and answers are read from the platform (9.1)"):
        monitoring.read_figures(walk)
    with walk.step("the coordinator brings the log: cut off it is refused, whole it is counted once (9.2)"):
        monitoring.bring_log(walk, platform, folder)
    with walk.step("nobody but administrator and coordinator reads these figures (X-7)"):
        monitoring.refuse_others(walk)
    with walk.step("the course's own page shows what monitoring and the questionnaire have found (R1-b)"):
        glance(walk)


def glance(walk: Walk) -> None:
    page = walk.course_page()
    seen = " ".join(str(page.document.xpath("string(//*[@aria-labelledby='monitoring'])")).split())
    expect("Views of modules12" in seen, f"monitoring is not on the course's page: {seen!r}")
    for part in ("monitoring", "satisfaction"):
        expect(page.links(f"/courses/{walk.course}/{part}"), f"the course's page does not lead to {part}")
    expect(f"{satisfaction.LEARNERS + 1} answers" in page.text, "the answers are not on the course's page")


def year(walk: Walk) -> None:
    """Four quarters, each with its analysis (11.2); the log is asked for every thirty days (9.2)."""
    satisfaction.analyse(walk)
    with walk.step("a month on the coordinator is asked for the log (9.2)"):
        walk.settle()
        if monitoring.is_asked(walk):  # thirty days after the publication may have lain within the first quarter
            monitoring.answer_task(walk)
        walk.move(MONTH)
        monitoring.answer_task(walk)
    for number in range(2, QUARTERS + 1):
        with walk.step(f"quarter {number}: nobody has answered, the analysis is made and confirmed all the same"):
            walk.move(to_next_quarter(walk))
            expect(analysed(walk) == 1, "the analysis covers more than the quarter that has ended")


def report(walk: Walk) -> None:
    with walk.step("TC 4's secretariat sets the day of the annual meeting (9.3)"):
        monitoring.set_meeting(walk, TO_MEETING)
    with walk.step("in time before it the administrator sends TC 4 the yearly report with its quarters (9.3, 11.3)"):
        walk.move(UNTIL_PREPARED)
        where = monitoring.report(walk)
        rated = walk.person("tc4").get(where).document.xpath("string(//*[@aria-labelledby='satisfaction'])")
        expect(NAMED.search(str(rated)), "the report does not tell the satisfaction by quarter (11.3)")


def catch_up(walk: Walk) -> None:
    """After years without a look: what waits is worked off as people would, nothing waits twice."""
    with walk.step("quarters that nobody analysed are in one analysis, from the first to the last (11.2)"):
        expect(analysed(walk) > 2, "quarters that went by are not in the analysis")
    with walk.step("the log is asked for once, not once for each month that went by (9.2)"):
        monitoring.answer_task(walk)


def to_next_quarter(walk: Walk) -> int:
    return (satisfaction.quarter_end(walk.today()) - walk.today() + timedelta(days=1)).days


def analysed(walk: Walk) -> int:
    """Analyse and confirm; how many quarters the form shows."""
    page = walk.task(satisfaction.COORDINATOR, satisfaction.ANALYSE)
    found = [int(year) * 4 + ROMAN.index(one) for one, year in NAMED.findall(str(page.form(page.path).text_content()))]
    said = {"conclusions": "Nobody has answered.", "measures": "The last slide shows the questionnaire."}
    walk.complete(satisfaction.COORDINATOR, satisfaction.ANALYSE, said)
    walk.complete(satisfaction.ADMINISTRATOR, satisfaction.CONFIRM, {"decision": "confirm"})
    walk.settle()
    return max(found) - min(found) + 1


def balance(walk: Walk, platform: Platform) -> None:
    with walk.step("a certificate of the annulled course stays valid (13.5)"):
        certificates.verify(walk)
    with walk.step("the books: all that is due is done, nobody has a task left, nothing stands still"):
        walk.settle()
        members = [key for key in walk.people if key not in STRANGERS]
        left = {key: headings for key in members if (headings := [page.heading for page in walk.tasks(key)])}
        expect(not left, f"tasks are left: {left}")
        expect("Nothing stands still" in walk.person("operator").get("/incidents").text, "there are incidents")
    with walk.step("the books: one course at the platform, made once, hidden"):
        books.platform(walk, platform)
        expect(platform.demand(TITLE_EN, TITLE_RU)["visible"] == 0, "the annulled course is visible")
    with walk.step("the books: each document of the life once in the archive as PDF, in both languages"):
        books.documents(walk, PAPERS)
    with walk.step("the books: every letter once by its Message-ID"):
        books.letters(walk)
