"""The order of events, and the books at the end."""

import re
from hashlib import sha256
from pathlib import Path

from tests.walk import books, creation, publication
from tests.walk.platform import Platform
from tests.walk.story import (
    APPOINTED,
    BODIES,
    CONSIDER,
    REMARKS,
    TITLE_EN,
    TITLE_RU,
    Walk,
    appoint,
    expect,
    materials,
    propose,
    refuse_without_comments,
    rework,
    uploads,
)


def play(walk: Walk, platform: Platform) -> None:
    """From the register to the announcement. Raises at the first step that does not hold."""
    with uploads() as folder:
        with walk.step("the administrator enters a course in the list (6.2)"):
            creation.enter(walk)
        make(walk, platform, folder)


def make(walk: Walk, platform: Platform, folder: Path) -> None:
    """A course that stands in the list: to its announcement, and the books of that."""
    begin(walk, folder)
    ask_bodies(walk)
    create(walk, platform)
    review(walk, folder)
    wait(walk)
    finish(walk)
    publish(walk, platform)
    balance(walk, folder)
    balance_publication(walk, platform)


def begin(walk: Walk, folder: Path) -> None:
    with walk.step("materials are asked for, all approved creators are polled at once (6.3)"):
        creation.ask(walk)
    with walk.step("the creators answer"):
        creation.answer(walk)
    with walk.step("the executor uploads materials; two sentences are refused, three taken (6.6)"):
        creation.provide(walk, folder)


def ask_bodies(walk: Walk) -> None:
    with walk.step("a stranger cannot open the executor's task"):
        page = walk.task("ns-by", "Propose the bodies to be asked")
        walk.person("guest").get(page.path, expect=404)
    with walk.step("the executor proposes three bodies, row by row, without JavaScript"):
        propose(walk)
    with walk.step("the administrator confirms the list (A23)"):
        walk.complete("admin-by", "Confirm the list of bodies", {"decision": "confirm"})
    with walk.step("the executor sends three sheets with deadlines (7.2, 7.3)"):
        for body, days in (("tc-1.4", 12), ("tc-1.5", 7), ("tc-1.6", 10)):
            sending = {"answer_by": walk.in_days(days)}
            walk.complete("ns-by", "Send the materials with the agreement sheet", sending, body)


def create(walk: Walk, platform: Platform) -> None:
    """Beside the agreement (A10)."""
    with walk.step("the administrator appoints a creator who agreed"):
        creation.appoint_creator(walk)
    with walk.step("organisational questions are agreed (A53)"):
        creation.organise(walk)
    with walk.step("another person as coordinator needs the administrator's agreement (A15)"):
        creation.coordinate(walk)
    with walk.step("the course stands hidden at Moodle (5.1)"):
        creation.placed(walk, platform)
    with walk.step("the creator prepares the course; NO without a comment is refused (6.5, 6.7)"):
        creation.prepare(walk)
    with walk.step("image and enrolment, set by hand on the platform, are read back there (4.6, 6.6)"):
        creation.set_up(walk, platform)
    with walk.step("with sheets open the course cannot be submitted (7.9)"):
        creation.wait_for_agreement(walk)


def review(walk: Walk, folder: Path) -> None:
    with walk.step("TC 1.4 agrees at once"):
        walk.complete("chair-14", CONSIDER, {"act": "consider", "conforms": "yes"}, "tc-1.4")
    for version in (2, 3):
        with walk.step(f"the acting chair of TC 1.6 appoints a member (round {version - 1})"):
            appoint(walk)
        if version == 2:
            with walk.step("NO without comments is refused, nothing typed is lost"):
                refuse_without_comments(walk)
        with walk.step(f"the member requires rework (round {version - 1})"):
            answer = {"act": "consider", "conforms": "no", "comments": REMARKS}
            again = {"reworked": "no"} if version == 3 else {}
            walk.complete("member-16b", APPOINTED, answer | again, "tc-1.6")
        with walk.step(f"the executor answers each remark and sends version {version}"):
            rework(walk, folder, version)
    with walk.step("the member agrees in the third round"):
        appoint(walk)
        answer = {"act": "consider", "reworked": "yes", "conforms": "yes"}
        walk.complete("member-16b", APPOINTED, answer, "tc-1.6")


def wait(walk: Walk) -> None:
    with walk.step("the clock moves past the deadline of TC 1.5: overdue, reminded, told; silence is no consent"):
        before = len(walk.mailbox("admin-by"))
        walk.move(12)
        expect(walk.until(lambda: len(walk.mailbox("admin-by")) > before), "the administrator got no letter")
        reminders = [page for page in walk.letters("chair-15") if TITLE_RU in page.text or TITLE_EN in page.text]
        expect(len(reminders) >= 2, f"the chair of TC 1.5 got {len(reminders)} letters")
        page = walk.task("chair-15", CONSIDER, "tc-1.5")
        expect("ago" in page.text or "overdue" in page.text.lower(), "the task does not say that it is overdue")
    with walk.step("TC 1.5 agrees late"):
        walk.complete("chair-15", CONSIDER, {"act": "consider", "conforms": "yes"}, "tc-1.5")


def finish(walk: Walk) -> None:
    with walk.step("the administrator decides who must look at the last version again"):
        page = walk.task("admin-by", "Decide who is asked again")
        for _ in range(2):
            page = walk.person("admin-by").submit(page, page.path, {}, "_remove=again.0")
        reason = {"reason": "The changes concern TC 1.6 only."}
        walk.person("admin-by").submit(page, page.path, reason, "_send")
    with walk.step("the executor confirms the final files (7.3)"):
        walk.complete("ns-by", "Confirm the final materials", {"confirmed": "true"})
    with walk.step("the administrator receives the package and passes it on (7.8)"):
        walk.complete("admin-by", "Receive and pass on the package", {"received": "true"})


def publish(walk: Walk, platform: Platform) -> None:
    with walk.step("the creator submits; the administrator is told (6.10)"):
        creation.submit(walk)
    with walk.step("the expert review contradicts itself: refused; then it sends the course back (8.2, A8)"):
        publication.send_back(walk)
    with walk.step("the creator reworks and submits again"):
        creation.rework(walk)
        creation.submit(walk)
    with walk.step("the second expert review approves (8.2)"):
        publication.approve(walk)
    with walk.step("Moodle shows the course; Secretariat and TC 4 know (8.4)"):
        publication.published(walk, platform)
    with walk.step("invitations to every institute, the portal's list (12)"):
        publication.announce(walk)


def balance_publication(walk: Walk, platform: Platform) -> None:
    with walk.step("the books: one invitation an institute, with the link, without a key"):
        publication.invitations(walk)
    with walk.step("the books: one course at the platform, made once"):
        books.platform(walk, platform)
    with walk.step("the books: Appendix 1 and 2 in the archive as PDF, both languages, their words searchable"):
        books.documents(walk)
    with walk.step("the books: every letter once, none beside what the pages say"):
        books.letters(walk)


def balance(walk: Walk, folder: Path) -> None:
    with walk.step("the books: three sheets, three rounds at TC 1.6, one at the others"):
        page = walk.course_page()
        sheets = [walk.person("admin-by").get(link) for link in page.links("/sheets/")]
        rounds = dict.fromkeys(BODIES.values(), 0)
        for sheet in sheets:
            code = next(code for code in rounds if code in sheet.text)
            rounds[code] = len(re.findall(r"(?:PRIMARY|REPEAT) AGREEMENT", sheet.text, re.IGNORECASE))
        expect(rounds == {"TC 1.4": 1, "TC 1.5": 1, "TC 1.6": 3}, f"rounds are {rounds}")
    with walk.step("the books: the archive holds sheets and package, and the files that were agreed are in it"):
        secretariat = walk.person("secretariat")
        entries = [secretariat.get(link) for link in secretariat.get("/archive").links("/archive/")]
        texts = []
        for entry in entries:
            text = secretariat.download(f"{entry.path}/text")
            expect(sha256(text).hexdigest() in entry.text, f"{entry.path}: another checksum than that of its text")
            texts.append(text.decode())
        agreed = [sha256(path.read_bytes()).hexdigest() for path in materials(folder, 3)]
        expect(any(all(one in text for one in agreed) for text in texts), "no entry names the files of version 3")
        packages = [text for text in texts if "coomet-agreement-package" in text]
        whole = len(packages) == 1 and packages[0].count('"body"') >= 3
        expect(whole, "the archive does not hold one package of 3 sheets")
    with walk.step("the books: the creator holds the agreed version, the letters went out"):
        expect(walk.until(lambda: bool(walk.mailbox("creator-by"))), "the creator got no letter")
        expect(walk.until(lambda: bool(walk.mailbox("secretariat"))), "the Secretariat got no letter")
        expect(not walk.tasks("ns-by"), "the executor still has tasks")
