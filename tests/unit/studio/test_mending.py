"""Fixes: what the check complained of is gone, and every byte that the fix did not touch is as before."""

from pathlib import Path

import pytest

from app.engine import Catalogue, FormShape, Happening, Operation, check
from app.engine.mending import FIXES, Mended, mend
from app.i18n import Text

ROOT = Path(__file__).parents[3]
PATH = "processes/announcement/announcement.bpmn"
GOOD = (ROOT / PATH).read_text("utf-8")
KNOWN = Catalogue(
    operations={
        name: Operation({"course": True}, result, True)
        for name, result in (
            ("announcement.open", True),
            ("announcement.invite", False),
            ("announcement.check", True),
            ("announcement.answer", False),
            ("portal.placed", False),
        )
    },
    forms={
        "announcement_invitations": FormShape(frozenset({"words"})),
        "announcement_undelivered": FormShape(frozenset()),
        "portal_placed": FormShape(frozenset()),
    },
    roles={"secretariat": Text("Секретариат", "Secretariat"), "chair": Text("Председатель", "Chair")},
    happenings={"course.published": Happening(Text("Опубликован", "Published"), {"course": Text("Курс", "Course")})},
)
DEFAULT = ' default="is_delivered__sent"'
CASES: dict[str, tuple[tuple[str, str], str, str]] = {
    "english-missing": ((' lang="en" name="Yes"', ' lang="en"'), "is_delivered__done", ""),
    "lane-role": (('<coomet:lane role="secretariat" />', ""), "lane_secretariat", "secretariat"),
    "gateway-no-default": ((DEFAULT, ""), "is_delivered", "is_delivered__sent"),
    "gateway-default-unknown": ((DEFAULT, ' default="done__announced"'), "is_delivered", "is_delivered__sent"),
    "default-condition": ((DEFAULT, ' default="is_delivered__done"'), "is_delivered__done", ""),
    "default-ignored": (
        ('<bpmn:userTask id="invite"', '<bpmn:userTask default="invite__send" id="invite"'),
        "invite",
        "",
    ),
    "arrow-twice": (
        (
            '<bpmn:sequenceFlow id="done__announced"',
            (
                '<bpmn:sequenceFlow id="again" sourceRef="done" targetRef="announced" />\n    '
                '<bpmn:sequenceFlow id="done__announced"'
            ),
        ),
        "done__announced",
        "",
    ),
    "unreachable": (
        (
            '<bpmn:endEvent id="announced"',
            '<bpmn:userTask id="lost" name="Лишнее" />\n    <bpmn:endEvent id="announced"',
        ),
        "lost",
        "",
    ),
    "not-executable": ((' isExecutable="true"', ' isExecutable="false"'), "announcement", ""),
    "id-twice": (('<bpmn:endEvent id="announced"', '<bpmn:endEvent id="done"'), "done", ""),
    "id-missing": (('<bpmn:sequenceFlow id="done__announced"', "<bpmn:sequenceFlow"), "announcement", ""),
    "id-unsafe": (("place__record_placed", "9 x"), "announcement", ""),
    "id-reserved": (('"place"', '"Start"'), "Start", ""),
    "lane-unknown": (("<bpmn:flowNodeRef>done<", "<bpmn:flowNodeRef>nothing<"), "lane_secretariat", ""),
    "name-unknown": (("delivery['open'] &gt; 0", "words == 'a'"), "is_delivered__answer", ""),
    "output-unknown": (('form="portal_placed"', 'form="portal_placed" outputs="words"'), "place", ""),
    "output-formless": ((' form="portal_placed"', ' outputs="words"'), "place", ""),
    "immediate-wrong": (
        (
            ' operation="announcement.check" result="delivery" immediate="true"',
            ' operation="announcement.check" result="delivery"',
        ),
        "check",
        "",
    ),
    "parameter-unknown": (
        (
            '<coomet:call operation="portal.placed" immediate="true">',
            (
                '<coomet:call operation="portal.placed" immediate="true">'
                '<coomet:parameter name="other">1</coomet:parameter>'
            ),
        ),
        "record_placed",
        "",
    ),
    "result-missing": (('operation="announcement.invite"', 'operation="announcement.invite" result="x"'), "send", ""),
    "language-twice": (
        (
            '<coomet:text lang="en" name="Yes" />',
            '<coomet:text lang="en" name="Yes" /><coomet:text lang="en" name="Ja" />',
        ),
        "is_delivered__done",
        "",
    ),
}


def found(text: str, rule: str) -> list[str | None]:
    return [one.element for one in check({PATH: text.encode()}, KNOWN) if one.rule == rule and one.file == PATH]


def fix(text: str, rule: str, element: str | None, choice: str = "") -> Mended:
    other = '<coomet:text lang="en" name="Yes" />'
    files = {PATH: text.encode(), "processes/other/other.bpmn": GOOD.replace("announcement", "other").encode()}
    assert other in GOOD
    return mend(files, PATH, rule, element, choice, KNOWN)


@pytest.mark.parametrize("rule", sorted(CASES))
def test_the_finding_is_gone_and_other_bytes_are_as_before(rule: str) -> None:
    (old, new), element, choice = CASES[rule]
    broken = GOOD.replace(old, new)
    assert broken != GOOD
    before = found(broken, rule)
    assert before, "the case shows the finding"
    made = fix(broken, rule, element if element in before or rule in ("id-unsafe", "id-missing") else before[0], choice)
    assert made.content is not None, made.said.en
    mended = made.content.decode()
    assert len(found(mended, rule)) < len(before)
    assert made.said.ru
    assert made.said.en
    lines = set(broken.splitlines())
    assert len([line for line in mended.splitlines() if line not in lines]) <= 8


def test_a_fix_that_needs_a_choice_asks_first() -> None:
    broken = GOOD.replace(DEFAULT, "")
    asked = fix(broken, "gateway-no-default", "is_delivered")
    assert asked.content is None
    assert [name for name, _ in asked.choices] == ["is_delivered__done", "is_delivered__answer", "is_delivered__sent"]
    assert fix(broken, "gateway-no-default", "is_delivered", "nonsense").content is None


@pytest.mark.parametrize("rule", sorted(FIXES))
@pytest.mark.parametrize(
    "element", [None, "", "nothing", "announcement", "is_delivered", "lane_secretariat", "__proto__"]
)
def test_a_fix_asked_for_where_nothing_is_wrong_raises_nothing(rule: str, element: str | None) -> None:
    made = fix(GOOD, rule, element, "x")
    assert made.said.ru
    assert mend({PATH: b"<broken"}, PATH, rule, element).content is None


def test_what_has_no_fix_says_so() -> None:
    assert fix(GOOD, "call-circle", "announcement").content is None
