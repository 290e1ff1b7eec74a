"""Files of analysts: whatever could reach outside or eat the machine is a finding, never an exception."""

import time
from itertools import pairwise

import pytest

from app.engine.diagrams import read_release
from app.engine.xml import parse_xml, validate_bpmn
from tests.unit.engine_run.bpmn import chain, document, end, node, process, start, user

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">'
    + b"".join(f'<!ENTITY {name} "{f"&{other};" * 12}">'.encode() for other, name in pairwise("abcdefgh"))
    + b"]><l>&h;</l>"
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"\xff\xfe\x00",
        b"<a><b></a>",
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>',
        BOMB,
        b"<a>" * 250 + b"</a>" * 250,
        b"<a>" + b"<b/>" * 20_001 + b"</a>",
        b"<a>" + b"x" * (2 * 1024 * 1024) + b"</a>",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_a_bad_file_is_one_finding(content: bytes) -> None:
    begun = time.thread_time()
    root, findings = parse_xml(content, "a.bpmn")
    assert root is None
    assert [finding.rule for finding in findings] == ["xml"]
    assert findings[0].message.ru != findings[0].message.en
    assert time.thread_time() - begun < 1


def test_entities_are_never_expanded() -> None:
    root, findings = parse_xml(b"<a>&lt;&#65;</a>", "a.bpmn")
    assert findings == []
    assert root.text == "<A"


def test_the_schema_is_kept_and_foreign_extensions_are_let_through() -> None:
    extension = '<zeebe:formDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" formKey="k"/>'
    foreign = node("userTask", "u", f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>")
    good = document(process("p", start(), foreign, end(), chain("start", "u", "end")))
    root, _ = parse_xml(good, "a.bpmn")
    assert validate_bpmn(root, "a.bpmn") == []
    for wrong in ("<bpmn:fooBar/>", node("userTask", "x", foo="1"), user("u") + user("u")):
        root, _ = parse_xml(document(process("p", start(), wrong)), "a.bpmn")
        findings = validate_bpmn(root, "a.bpmn")
        assert findings
        assert {finding.rule for finding in findings} == {"schema"}
        assert all(finding.line == 1 for finding in findings)


def test_a_long_chain_of_tasks_is_no_matter_of_recursion() -> None:
    """The library's own parser recurses along the flow."""
    names = ["start", *(f"t{i}" for i in range(2_000)), "end"]
    content = document(process("p", start(), *(node("userTask", name) for name in names[1:-1]), end(), chain(*names)))
    specification, findings = read_release({"a/a/a.bpmn": content})
    assert findings == []
    assert specification is not None
