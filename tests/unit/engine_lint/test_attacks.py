"""Attacks by whoever can give us a diagram: each is refused before anything of it runs."""

import time
from collections.abc import Callable

import pytest

from app.engine import DefinitionErrors, check, compile_release
from tests.unit.engine_lint.cases_references import TABLE, asking, laned
from tests.unit.engine_lint.cases_structure import PAIRED
from tests.unit.engine_lint.drawing import CATALOGUE, attached, changed, drawn, row, simple, ways
from tests.unit.engine_run.bpmn import (
    boundary,
    document,
    each,
    end,
    message,
    node,
    ours,
    parallel,
    script,
    start,
    timer,
    user,
    xor,
)

EVIL = "__import__('os').system('id')"
MESSAGE = '<bpmn:message id="m" name="m"/>'
SPIFF = 'xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"'
Files = dict[str, bytes]


def extended(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def chosen() -> Files:
    return drawn(row(start(), xor("g", "f_g_e")), end(), end("e"), ways(f"g>end ? {EVIL}", "g>e"))


def timed(kind: str) -> Files:
    return attached(boundary("b", "x", timer(kind, EVIL), interrupting=kind != "cycle"))


def table(old: str) -> Files:
    inner = EVIL.replace("'", "&quot;")
    asks = simple(ours("decision", table="routing", result="groups"), kind="businessRuleTask")
    return asks | {"processes/test/t.dmn": TABLE.replace(old.encode(), inner.encode())}


def letter(text: str) -> Files:
    return simple() | {
        "processes/test/letters/sent.en.txt": text.encode(),
        "processes/test/letters/sent.ru.txt": b"{{ how_to_apply }}",
    }


def repeated(tag: str) -> Files:
    loop = each("xs", "x1").replace("</bpmn:multi", f"<bpmn:{tag}>{EVIL}</bpmn:{tag}></bpmn:multi")
    if tag != "completionCondition":
        loop = loop.replace("<bpmn:loopDataInputRef>xs</bpmn:loopDataInputRef>", "")
    return simple(loop)


def calling(*inner: str, target: str = "q") -> Files:
    return drawn(row(start(), node("callActivity", "x", *inner, calledElement=target), end())) | drawn(
        row(start("s2"), user("u2"), end("e2")), name="q"
    )


def waiting(*inner: str, before: str = MESSAGE) -> Files:
    return drawn(row(start(), node("intermediateCatchEvent", "c", message("m"), *inner), end()), before=before)


SITES: dict[str, Callable[[], Files]] = {
    "script": lambda: drawn(row(start(), script("x", f"a = {EVIL}"), end())),
    "import statement": lambda: drawn(row(start(), script("x", "import os"), end())),
    "exclusive condition": lambda: chosen(),
    "inclusive condition": lambda: changed(PAIRED, ">v<", f">{EVIL}<"),
    "condition on a task's arrow": lambda: drawn(start(), user("x"), end(), ways("start>x", f"x>end ? {EVIL}")),
    "duration": lambda: timed("duration"),
    "date": lambda: timed("date"),
    "cycle": lambda: timed("cycle"),
    "cardinality": lambda: repeated("loopCardinality"),
    "collection": lambda: repeated("loopDataInputRef"),
    "completion condition": lambda: repeated("completionCondition"),
    "standard loop": lambda: simple(
        "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>"
        f"{EVIL}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    ),
    "correlation": lambda: waiting(
        before=f'{MESSAGE}<bpmn:correlationProperty id="cp">'
        f'<bpmn:correlationPropertyRetrievalExpression messageRef="m"><bpmn:messagePath>{EVIL}</bpmn:messagePath>'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    ),
    "message payload of another engine": lambda: waiting(
        before=f'<bpmn:message id="m" name="m">{extended(f"<s:messagePayload {SPIFF}>{EVIL}</s:messagePayload>")}'
        "</bpmn:message>"
    ),
    "message key": lambda: waiting(ours("message", key=EVIL)),
    "message payload": lambda: drawn(
        row(start(), node("intermediateThrowEvent", "c", "<coomet:message>"
            + ours("parameter", EVIL, name="a") + "</coomet:message>", message("m")), end()), before=MESSAGE
    ),
    "pre-script": lambda: simple(extended(f"<s:preScript {SPIFF}>{EVIL}</s:preScript>")),
    "post-script": lambda: simple(extended(f"<s:postScript {SPIFF}>{EVIL}</s:postScript>")),
    "operator of another engine": lambda: simple(
        extended(f'<s:serviceTaskOperator {SPIFF} id="o"><s:parameters><s:parameter id="a" type="str" value="{EVIL}"/>'
                 "</s:parameters></s:serviceTaskOperator>"), kind="serviceTask"
    ),
    "decision input": lambda: table("field"),
    "decision condition": lambda: table('"a"'),
    "decision output": lambda: table('"b"'),
    "called process": lambda: calling(target=EVIL),
    "input": lambda: calling(ours("input", EVIL, name="a")),
    "output": lambda: calling(ours("output", EVIL, name="a")),
    "data transformation": lambda: simple(
        '<bpmn:dataOutputAssociation id="do"><bpmn:targetRef>x</bpmn:targetRef><bpmn:transformation>'
        f"{EVIL}</bpmn:transformation></bpmn:dataOutputAssociation>"
    ),
    "data association": lambda: simple(
        '<bpmn:dataInputAssociation id="da"><bpmn:targetRef>x</bpmn:targetRef><bpmn:assignment>'
        f"<bpmn:from>{EVIL}</bpmn:from><bpmn:to>a</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>"
    ),
    "conditional event": lambda: attached(
        boundary("b", "x", "<bpmn:conditionalEventDefinition><bpmn:condition>"
                 f"{EVIL}</bpmn:condition></bpmn:conditionalEventDefinition>")
    ),
    "parameter": lambda: asking("letters.send", ours("parameter", EVIL, name="to")),
    "organisation": lambda: simple(ours("task", organisation=EVIL)),
    "person": lambda: simple(ours("task", person=EVIL)),
    "subject": lambda: simple(ours("task", subject=EVIL)),
    "title": lambda: simple(ours("task", title=EVIL)),
    "exclude": lambda: simple(ours("task", exclude=EVIL)),
    "due": lambda: simple(ours("task", due=EVIL)),
    "deadline": lambda: simple(ours("deadline", name="a", due=EVIL)),
    "output variable": lambda: simple(ours("task", outputs=EVIL)),
    "result variable": lambda: simple(ours("task", result=EVIL)),
    "letter": lambda: letter("{{ " + EVIL + " }}"),
    "condition in a letter": lambda: letter("{% if " + EVIL + " %}a{% endif %}"),
}  # fmt: skip


@pytest.mark.parametrize("site", SITES)
def test_s01_s02_s03_an_import_is_refused_at_every_site(site: str) -> None:
    with pytest.raises(DefinitionErrors):
        compile_release(SITES[site]())


def test_s01_s02_s03_the_same_sites_take_an_innocent_expression() -> None:
    """So that it is the import that is refused and not the place."""
    innocent = {"exclusive condition", "inclusive condition", "message key", "message payload", "input", "output",
                "parameter", "organisation", "person", "subject", "title", "exclude", "letter", "script",
                "condition in a letter", "completion condition", "decision input"}  # fmt: skip
    for site in innocent:
        for old in (EVIL, EVIL.replace("'", "&quot;"), EVIL.replace("'", "&#x27;"), EVIL.replace("'", "&apos;")):
            files = changed(SITES[site](), old, "course" if "letter" in site else "v")
            if files != SITES[site]():
                assert not [one for one in check(files) if one.severity == "error"], site


@pytest.mark.parametrize("operation", ["http://127.0.0.1/", "os.system", "letters.send ", "LETTERS.SEND", "moodle"])
def test_s14_a_service_task_calls_nothing_but_the_catalogue(operation: str) -> None:
    found = check(asking(operation, ours("parameter", "1", name="to")), CATALOGUE)
    assert "operation-unknown" in {one.rule for one in found if one.severity == "error"}


def test_s15_a_lane_names_a_known_role_only() -> None:
    found = check(laned("x", role="root"), CATALOGUE)
    assert "role-unknown" in {one.rule for one in found if one.severity == "error"}


DOCTYPES = {
    "file": '<!DOCTYPE l [<!ENTITY h SYSTEM "file:///etc/hostname">]>',
    "parameter": '<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]>',
    "external": '<!DOCTYPE l SYSTEM "http://127.0.0.1/x.dtd">',
    "empty": "<!DOCTYPE l>",
    "laughs": "<!DOCTYPE l [<!ENTITY a '" + "a" * 50 + "'>"
    + "".join(f"<!ENTITY {name} '{f'&{before};' * 12}'>" for before, name in zip("abcdefg", "bcdefgh", strict=True))
    + "]>",
    "quadratic": f"<!DOCTYPE l [<!ENTITY a '{'a' * 50_000}'>]>",
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCTYPES)
@pytest.mark.parametrize("suffix", ["bpmn", "dmn"])
def test_s16_s17_no_doctype_is_taken(kind: str, suffix: str) -> None:
    text = next(iter(simple(f"<bpmn:documentation>{'&h;&a;' * 500}</bpmn:documentation>").values())).decode()
    began = time.process_time()
    found = check({f"processes/test/p.{suffix}": (DOCTYPES[kind] + text).encode()})
    assert time.process_time() - began < 1
    assert [one.severity for one in found] == ["error"]


LARGE: dict[str, Callable[[], Files]] = {
    "30 MB of text": lambda: simple(f"<bpmn:documentation>{'x' * 30_000_000}</bpmn:documentation>"),
    "20,000 elements": lambda: drawn(row(start(), *(user(f"u{n}") for n in range(6_700)), end())),
    "depth 3,000": lambda: drawn("<bpmn:subProcess id='a'>" * 3_000 + "</bpmn:subProcess>" * 3_000),
    "150 levels": lambda: drawn("<bpmn:subProcess id='a'>" * 150 + "</bpmn:subProcess>" * 150),
    "10,000 instances": lambda: simple(
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>10000</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    ),
    "150 ways that may each stop all": lambda: drawn(
        start(), parallel("s"), parallel("j"), end(), ways("start>s", "j>end"),
        *(user(f"u{n}") + xor(f"x{n}", f"f_x{n}_j") + end(f"e{n}", "<bpmn:terminateEventDefinition/>")
          + ways(f"s>u{n}>x{n}>j", f"x{n}>e{n} ? v") for n in range(150)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", LARGE)
def test_s18_what_is_too_large_is_refused_in_time(kind: str) -> None:
    files = LARGE[kind]()
    began = time.process_time()
    found = check(files)
    assert time.process_time() - began < 5
    assert [one for one in found if one.severity == "error"]


ALLOWED: dict[str, Callable[[], Files]] = {
    "900 steps in a row": lambda: drawn(row(start(), *(user(f"u{n}") for n in range(900)), end())),
    "240 parallel blocks": lambda: drawn(
        start(), end(), ways("start>s0", "j239>end"),
        *(parallel(f"s{n}") + user(f"a{n}") + user(f"b{n}") + parallel(f"j{n}") for n in range(240)),
        *(ways(f"s{n}>a{n}>j{n}", f"s{n}>b{n}>j{n}", *([f"j{n}>s{n + 1}"] if n < 239 else [])) for n in range(240)),
    ),
    "processes that call each other twice": lambda: {
        f"processes/test/p{n}.bpmn": document(
            f'<bpmn:process id="p{n}" isExecutable="true">'
            + row(start(), *(node("callActivity", c, calledElement=f"p{n + 1}") for c in ("c", "d")), end())
            + "</bpmn:process>"
        )
        for n in range(18)
    }
    | drawn(row(start(), user("x"), end()), name="p18"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ALLOWED)
def test_what_is_large_but_sound_is_taken_in_time(kind: str) -> None:
    files = changed(ALLOWED[kind](), '"p"', '"p18"') if "call" in kind else ALLOWED[kind]()
    began = time.process_time()
    found = check(files)
    assert time.process_time() - began < 5
    assert not [one for one in found if one.severity == "error"]


def test_s19_malformed_xml_is_said_to_be_so_and_nothing_of_it_is_repeated() -> None:
    found = check({"processes/test/p.bpmn": b"<bpmn:definitions><script>alert(1)</script>"})
    assert [one.severity for one in found] == ["error"]
    assert "alert(1)" not in found[0].message.ru + found[0].message.en


@pytest.mark.parametrize("name", ['a" onmouseover="x', "a b", "<x>", "1a", "a;b", "-", "é'", "a/b", "x" * 101])
def test_s22_an_id_is_a_name_and_nothing_else(name: str) -> None:
    quoted = name.replace('"', "&quot;").replace("<", "&lt;")
    found = check(changed(simple(), '"x"', f'"{quoted}"'))
    assert "id-unsafe" in {one.rule for one in found if one.severity == "error"}


@pytest.mark.parametrize("field", ["__builtins__", "__class__", "_x", "a b", "lambda", "a.b", "a-b", "1a", ""])
def test_n3_a_field_that_cannot_be_a_variable_does_not_enter_the_data(field: str) -> None:
    found = check(simple(ours("task", outputs=f"ok,{field}")))
    assert bool(field) == bool([one for one in found if one.rule == "variable-name"])


@pytest.mark.parametrize("literal", ["2026-07-01T09:00", "R/PT0S", "R3/PT0S", "P99999999D", "-P1D", "P0.5M", "1 day",
                                     "0 0 * * *", "R0/P1D", "2026-13-01", "24:00"])  # fmt: skip
def test_n11_a_timer_says_when_and_no_more_than_it_may(literal: str) -> None:
    kind = "cycle" if literal.startswith("R") else "date" if literal.startswith("20") else "duration"
    found = check(attached(boundary("b", "x", timer(kind, literal), interrupting=kind != "cycle")))
    assert {one.rule for one in found if one.severity == "error"} == {"expression"}
