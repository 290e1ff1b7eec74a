"""A diagram written anew by an editor goes back into its old bytes: only what was changed is other than before."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.engine.markup import read_parts, read_source
from app.engine.splicing import Unreadable, splice
from app.engine.splicing_meaning import meaning as meant

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "processes").rglob("*.bpmn"))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SMALL = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- kept -->
<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' id="d"  targetNamespace="urn:x">
\t<process id = "p" isExecutable="true"><!-- why -->
\t\t<startEvent   name="A &lt; B" id="s" />
\t\t<task id="t"/>
\t</process>
</definitions>
"""


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(remove_comments=True, remove_blank_text=True))


def rewritten(root: Any) -> bytes:
    """As an editor writes it: attributes in another order, other white space, no comments."""
    for element in root.iter():
        said = sorted(element.attrib.items(), reverse=True)
        element.attrib.clear()
        for name, value in said:
            element.set(name, value)
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def meaning(content: bytes) -> Any:
    return meant(read_parts(read_source(content).text))


def differing(old: bytes, new: bytes) -> tuple[bytes, bytes]:
    """What lies between the longest common start and end."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    return old[start : len(old) - end], new[start : len(new) - end]


@pytest.mark.parametrize("path", FILES, ids=names)
def test_a_file_that_nobody_changed_keeps_every_byte(path: Path) -> None:
    old = path.read_bytes()
    assert splice(old, rewritten(parsed(old))) == old


@pytest.mark.parametrize("path", FILES, ids=names)
def test_a_new_name_changes_nothing_but_the_name(path: Path) -> None:
    old = path.read_bytes()
    root = parsed(old)
    task = next(one for one in root.iter(BPMN + "userTask", BPMN + "serviceTask") if one.get("name"))
    task.set("name", "Новое <имя> & «знак»")
    result = splice(old, rewritten(root))
    gone, come = differing(old, result)
    assert len(gone) < 120
    assert len(come) < 120
    assert 'name="Новое &lt;имя&gt; &amp; «знак»"'.encode() in result


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_whatever_is_changed_means_what_was_sent_and_touches_no_other_element(path: Path, data: Any) -> None:
    old = path.read_bytes()
    root = parsed(old)
    touched = {change(root, data) for _ in range(data.draw(st.integers(1, 3)))}
    sent = rewritten(root)
    result = splice(old, sent)
    assert meaning(result) == meaning(sent)
    before, after = lines_of(old), lines_of(result)
    assert not {name for name in before if name in after and before[name] != after[name]} - touched


def change(root: Any, data: Any) -> str:
    """One thing that an editor may do; the id of what it does it to."""
    process = root.find(BPMN + "process")
    nodes = [one for one in process if one.tag.endswith(("Task", "Event")) and one.get("id")]
    node = data.draw(st.sampled_from(nodes))
    how = data.draw(st.sampled_from(("name", "remove", "add", "move", "attribute", "inside", "shape")))
    if how == "name":
        node.set("name", data.draw(st.text(alphabet="aя<>&\"'\n ", max_size=12)))
    if how == "remove":
        process.remove(node)
    if how == "add":
        added = copy.deepcopy(node)
        for one in [each for each in added.iter() if each.get("id")]:
            one.set("id", f"new_{one.get('id')}_{len(list(process))}")
        process.insert(data.draw(st.integers(0, len(process) - 1)), added)
    if how == "move":
        process.append(node)
    if how == "attribute":
        node.set("{urn:other}mark", "1")
    if how == "inside":
        etree.SubElement(node, BPMN + "outgoing").text = "somewhere"
    if how == "shape":
        bounds = next(root.iter("{http://www.omg.org/spec/DD/20100524/DC}Bounds"))
        bounds.set("x", "17.5")
        return str(bounds.getparent().get("id"))
    return str(node.get("id"))


def lines_of(content: bytes) -> dict[str, str]:
    """The text of every element with an id that holds no other element with an id."""
    text = read_source(content).text
    parts = [part for part in read_parts(text).walk() if part.get("id")]
    return {
        str(part.get("id")): text[part.start : part.end]
        for part in parts
        if not any(inner is not part and inner.get("id") for inner in part.walk())
    }


def test_an_element_put_in_is_written_as_its_neighbours_are() -> None:
    sent = b"""<x:definitions xmlns:x="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:coomet:bpmn:1" id="d"
      targetNamespace="urn:x"><x:process isExecutable="true" id="p"><x:startEvent id="s" name="A &lt; B"/>
      <x:userTask id="u"><x:extensionElements><c:task form="f"/></x:extensionElements></x:userTask>
      <x:task id="t"/></x:process></x:definitions>"""
    assert splice(SMALL, sent) == SMALL.replace(
        b'xmlns=\'http://www.omg.org/spec/BPMN/20100524/MODEL\' id="d"  targetNamespace="urn:x"',
        b'xmlns=\'http://www.omg.org/spec/BPMN/20100524/MODEL\' id="d"  targetNamespace="urn:x"'
        b' xmlns:coomet="urn:coomet:bpmn:1"',
    ).replace(
        b'id="s" />\n',
        b'id="s" />\n\t\t<userTask id="u">\n\t\t  <extensionElements>\n\t\t    <coomet:task form="f" />'
        b"\n\t\t  </extensionElements>\n\t\t</userTask>\n",
    )


def test_an_element_taken_out_leaves_the_comment_beside_it() -> None:
    sent = SMALL.replace(b"<!-- why -->", b"").replace(b'<startEvent   name="A &lt; B" id="s" />', b"")
    assert splice(SMALL, sent) == SMALL.replace(b'\n\t\t<startEvent   name="A &lt; B" id="s" />', b"")


def test_what_the_editor_cannot_hold_stays() -> None:
    """With what it was given beside it, only its own changes are carried over."""
    old = SMALL.replace(b'<task id="t"/>', b'<task id="t"/><vendor xmlns="urn:v" a="1">z</vendor>')
    seen = SMALL
    sent = SMALL.replace(b'id="t"', b'id="t" name="Now"')
    assert splice(old, sent, seen) == old.replace(b'id="t"', b'id="t" name="Now"')


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_a_file_keeps_its_encoding(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8"}.get(encoding, encoding)
    old = SMALL.decode().replace("UTF-8", declared).replace("kept", "тут").encode(encoding)
    sent = SMALL.replace(b'id="t"/>', 'id="t" name="Имя ⚖"/>'.encode())
    result = splice(old, sent)
    assert "Имя" in result.decode(encoding)
    assert meaning(result) == meaning(sent)
    assert splice(old, SMALL) == old


@pytest.mark.parametrize("sent", [b"", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\xff\xfe\x00"])
def test_what_is_no_xml_is_refused(sent: bytes) -> None:
    with pytest.raises(Unreadable):
        splice(SMALL, sent)
