"""Learners (4.6, section 10): certificates asked for in public, issued, verified; the whole course in one action."""

import io
import re

from pypdf import PdfReader

from tests.walk.platform import Platform
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect
from tests.walk.visitor import Page, Visitor

DECIDE = "Check and issue the certificate"
PASSED, FAILED, VIEWED = "Sofia Prokhorova", "Pavel Girin", "Vera Sokolova"
CLASS = ("Ivan Petrov", "Olga Ivanova")


def play(walk: Walk, platform: Platform) -> None:
    """From the first request to a list issued in one action. The course is published and announced."""
    with walk.step("learners take the course on the platform"):
        take_part(walk, platform)
    with walk.step("a learner asks on the public page; everybody reads the same answer (10.1)"):
        ask(walk)
    with walk.step("views and a failed test are refused with the list (10.1)"):
        refused(walk)
    with walk.step("the administrator issues; it goes to the platform's address, in both languages (10.2, 10.3)"):
        issue(walk)
    with walk.step("anybody verifies it by its code; a wrong code opens nothing"):
        verify(walk)
    with walk.step("asked for again it is the same certificate"):
        again(walk)
    with walk.step("a whole class is issued in one action, with its progress"):
        issue_all(walk)
    with walk.step("the register holds consecutive numbers"):
        numbers(walk)


def stranger(walk: Walk) -> Visitor:
    """Somebody without an account here, reading English."""
    if "stranger" not in walk.people:
        visitor = Visitor(walk.base, "stranger", walk.counter)
        page = visitor.get("/certificates")
        visitor.submit(page, "/language", {}, "language=en")
        walk.people["stranger"] = visitor
    return walk.people["stranger"]


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@learners.example"


def take_part(walk: Walk, platform: Platform) -> None:
    """As they would past the program: each with what they did."""
    course, operator = platform.demand(TITLE_EN, TITLE_RU)["id"], walk.person("operator")
    where = f"/demo/platform/{course}/learners"
    did = {PASSED: "all", FAILED: "failed", VIEWED: "viewed", **dict.fromkeys(CLASS, "all")}
    for name, what in did.items():
        operator.submit(operator.get(where), where, {"name": name, "did": what})


def request(walk: Walk, account: str) -> Page:
    visitor, where = stranger(walk), f"/certificates/ask/{walk.course}"
    return visitor.submit(visitor.get(where), where, {"account": account})


def ask(walk: Walk) -> None:
    known = request(walk, address(PASSED))
    unknown = request(walk, "nobody.at.all@learners.example")
    expect(known.path == unknown.path, "the answer tells who has an account")
    expect(main_of(known) == main_of(unknown), "the answer tells who has an account")


def main_of(page: Page) -> str:
    return " ".join(" ".join(one.text_content().split()) for one in page.document.xpath("//main"))


def refused(walk: Walk) -> None:
    for name, missing in ((FAILED, "Test 2"), (VIEWED, "Test 1")):
        request(walk, address(name))
        came = lambda name=name: bool(letters(walk, name))  # noqa: E731 - asked again and again
        expect(walk.until(came), f"{name} was not told why")
        expect(missing in letters(walk, name)[0].text, f"the letter to {name} does not say what is missing")


def letters(walk: Walk, name: str) -> list[Page]:
    """The newest first."""
    operator, to = walk.person("operator"), address(name).replace("@", "%40")
    return [operator.get(link) for link in operator.get(f"/demo/mailbox?to={to}").links("/demo/mailbox/")]


def issue(walk: Walk) -> None:
    page = walk.task("admin-by", DECIDE)
    text = str(page.form(page.path).text_content())
    expect(PASSED in text and "Test 2" in text, "the task does not show who and which tests")
    walk.person("admin-by").submit(page, page.path, {"decision": "issue"}, "_send")
    expect(walk.until(lambda: bool(letters(walk, PASSED))), "the certificate did not arrive")
    letter = letters(walk, PASSED)[0]
    links = [link for link in letter.links("/demo/mailbox/") if re.search(r"/[0-9]$", link)]
    words = [words_of(walk.person("operator").download(link)) for link in links]
    expect(len(words) == 2, f"{len(words)} files came with the letter")
    expect(any(TITLE_RU in one for one in words) and any(TITLE_EN in one for one in words), "not in both languages")
    expect(all(PASSED in one for one in words), "the name is not on the certificate")


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def code_of(walk: Walk) -> str:
    found = re.search(r"/certificates/([0-9A-Z]{20})", str(letters(walk, PASSED)[-1].text))
    expect(found, "the letter has no link by which the certificate is verified")
    assert found is not None
    return found[1]


def verify(walk: Walk) -> None:
    visitor, code = stranger(walk), code_of(walk)
    shown = visitor.get(f"/certificates/{code}")
    expect(PASSED in shown.text and TITLE_EN in shown.text, "the page does not show what was issued")
    expect(address(PASSED) not in shown.text, "the page tells the address")
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    visitor.get(f"/certificates/{other}", expect=404)


def again(walk: Walk) -> None:
    request(walk, address(PASSED))
    expect(walk.until(lambda: len(letters(walk, PASSED)) == 2), "the certificate was not sent again")
    expect(len(registered(walk)) == 1, "asked twice there are two certificates")


def registered(walk: Walk) -> list[str]:
    found = walk.person("admin-by").get("/register/certificates").document.xpath("//tbody//th")
    return [" ".join(one.text_content().split()) for one in found]


def issue_all(walk: Walk) -> None:
    admin, where = walk.person("admin-by"), f"/courses/{walk.course}/certificates"
    for name in CLASS:
        request(walk, address(name))
    ready = lambda: "Issue 2 certificates" in admin.get(where).text  # noqa: E731 - asked again and again
    expect(walk.until(ready), "the requests of the class are not ready to be issued")
    page = admin.get(where)
    form = next(one for one in page.forms(where) if one.get("action", "").endswith("/certificates"))
    progress = admin.submit_form(page, form, {})
    expect(walk.until(lambda: "2 of 2" in admin.get(progress.path).text), "the list was not finished")
    for name in CLASS:
        came = lambda name=name: bool(letters(walk, name))  # noqa: E731 - asked again and again
        expect(walk.until(came), f"{name} got no certificate")


def numbers(walk: Walk) -> None:
    serials = sorted(int(one.rpartition("-")[2]) for one in registered(walk))
    expect(serials == list(range(1, len(serials) + 1)), f"the numbers are {serials}")
