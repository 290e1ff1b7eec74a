"""Which of the strangers' files ought to be accepted: marked by what stands in them, never by what the check says.

A file is marked when it is valid by the schema of BPMN 2.0, every element in its processes is one that
docs/corpus.md lists as run, with what the standard says it needs to be run, and all expressions are absent or ours.
`reasons` names each thing that keeps a file out, so that the table can say how many were left out for what.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from app.engine.expressions import Position, compile_expression, compile_script
from app.engine.expressions_errors import ExpressionError
from app.engine.xml import validate_bpmn

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NODES: dict[str, frozenset[str]] = {
    "startEvent": frozenset({""}),
    "endEvent": frozenset({"", "message", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "timer"}),
    "intermediateThrowEvent": frozenset({"", "message"}),
    "boundaryEvent": frozenset({"message", "timer", "error"}),
    **dict.fromkeys(("task", "userTask", "manualTask", "serviceTask", "scriptTask"), frozenset({""})),
    **dict.fromkeys(("businessRuleTask", "sendTask", "receiveTask", "callActivity", "subProcess"), frozenset({""})),
    **dict.fromkeys(("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"), frozenset({""})),
}
"""Flow nodes with the kinds of event that may stand in them."""
SCENERY = frozenset((
    *("incoming", "outgoing", "documentation", "extensionElements", "laneSet", "textAnnotation", "association"),
    *("group", "dataObject", "dataObjectReference", "dataStoreReference"),
    *("dataInputAssociation", "dataOutputAssociation", "property", "ioSpecification", "sequenceFlow"),
    *("multiInstanceLoopCharacteristics", "script"),
))  # fmt: skip
AT_THE_TOP = frozenset((
    *("process", "collaboration", "message", "error", "signal", "escalation", "itemDefinition", "category"),
    *("dataStore", "extensionElements", "documentation", "relationship", "import"),
))  # fmt: skip
CHOICES = ("exclusiveGateway", "inclusiveGateway")
OURS = {"serviceTask": "call", "businessRuleTask": "decision"}
DRAWING = ("omg.org/", "w3.org/", "bpmn.io/", "camunda.org/schema/modeler", "urn:coomet:bpmn:1")
"""Name spaces of the standard, of pictures and our own; a setting of any other engine keeps a file out."""


def reasons(content: bytes) -> list[str]:
    """Why the file is not in the subset; empty: it is."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return ["not XML"]
    if root.tag != BPMN + "definitions" or root.getroottree().docinfo.internalDTD is not None:
        return ["not a BPMN file"]
    if validate_bpmn(root, ""):
        return ["not valid by the schema"]
    processes = list(root.iterchildren(BPMN + "process"))
    if not processes:
        return ["no process"]
    ran = [one for one in processes if one.get("isExecutable") not in ("false", "0")] or processes
    return list(dict.fromkeys([*_top(root), *(why for process in ran for why in _level(process, root))]))


def _top(root: Any) -> Iterator[str]:
    for child in root.iterchildren(BPMN + "*"):
        if local(child) not in AT_THE_TOP:
            yield f"element: {local(child)}"
    for element in root.iter("{*}*"):
        uri = etree.QName(element).namespace or ""
        foreign = [uri, *(name[1:].partition("}")[0] for name in element.attrib if name.startswith("{"))]
        if any(not any(known in one for known in DRAWING) for one in foreign if one):
            yield "settings of another engine"
            return


def _level(level: Any, root: Any) -> Iterator[str]:
    """One process or sub-process, with those inside."""
    nodes = [child for child in level.iterchildren(BPMN + "*") if local(child) in NODES]
    if [local(node) for node in nodes if _begins(node, level)] != ["startEvent"]:
        yield "an excerpt: not exactly one beginning in a level"
    if level.get("triggeredByEvent") in ("true", "1"):
        yield "element: event sub-process"
    for child in level.iterchildren(BPMN + "*"):
        kind = local(child)
        if kind not in NODES and kind not in SCENERY and not (kind.endswith("EventDefinition")):
            yield f"element: {kind}"
    for node in nodes:
        yield from _node(node, level, root)
        if local(node) == "subProcess":
            yield from _level(node, root)
    for flow in level.iterchildren(BPMN + "sequenceFlow"):
        yield from _ours(flow.find(BPMN + "conditionExpression"), "condition")


def _begins(node: Any, level: Any) -> bool:
    """A start event, or a node that no arrow leads to: by the standard (13.1) it begins with the process."""
    if local(node) == "boundaryEvent" or node.get("triggeredByEvent") in ("true", "1"):
        return False
    return local(node) == "startEvent" or _count(level, node, "targetRef") == 0


def _node(node: Any, level: Any, root: Any) -> Iterator[str]:
    kind = local(node)
    events = [name.removesuffix("EventDefinition") for name in map(local, node) if name.endswith("EventDefinition")]
    if len(events) > 1 or (events or [""])[0] not in NODES[kind]:
        yield f"element: {kind} {' '.join(events) or 'without an event'}"
    if kind != "subProcess":
        for child in node.iterchildren(BPMN + "*"):
            if local(child) not in SCENERY and not local(child).endswith("EventDefinition"):
                yield f"element: {local(child)}"
    if any(node.get(word) in ("true", "1") for word in ("isForCompensation", "instantiate", "parallelMultiple")):
        yield f"element: {kind} with marks"
    if kind not in (*CHOICES, "parallelGateway", "eventBasedGateway") and _count(level, node, "sourceRef") > 1:
        yield "element: split without a gateway"
    host = local(_by_id(level, node.get("attachedToRef")))
    if kind == "boundaryEvent" and events == ["error"] and host != "serviceTask":
        yield "element: error on another step than a service task"
    yield from _complete(node, level, root)


def _complete(node: Any, level: Any, root: Any) -> Iterator[str]:
    """What the standard says the element needs before anybody can run it."""
    kind = local(node)
    for timer in node.iterchildren(BPMN + "timerEventDefinition"):
        if not [one for one in timer if local(one).startswith("time")]:
            yield "incomplete: timer without a time"
        for one in timer:
            yield from _ours(one, "timer")
    defined = list(node.iterchildren(BPMN + "messageEventDefinition"))
    messages = [node] if kind in ("sendTask", "receiveTask") else defined
    known = {one.get("id") for one in root.iterchildren(BPMN + "message") if one.get("name")}
    if any(one.get("messageRef") not in known for one in messages):
        yield "incomplete: message without a name"
    if kind in OURS and node.find(f"{BPMN}extensionElements/{{urn:coomet:bpmn:1}}{OURS[kind]}") is None:
        yield f"incomplete: {kind} that does not say in our words what it does"
    processes = {one.get("id") for one in root.iter(BPMN + "process")}
    if kind == "callActivity" and node.get("calledElement") not in processes:
        yield "incomplete: called process is not in the file"
    if kind == "scriptTask":
        yield from _script(node)
    loop = node.find(BPMN + "multiInstanceLoopCharacteristics")
    if loop is not None:
        yield from _repeats(loop)
    if kind in CHOICES and _count(level, node, "sourceRef") > 1:
        yield from _chooses(node, level)


def _repeats(loop: Any) -> Iterator[str]:
    sources = [loop.find(BPMN + tag) for tag in ("loopCardinality", "loopDataInputRef")]
    if all(source is None for source in sources):
        yield "incomplete: repetition without a number or a list"
    yield from _ours(sources[0], "parameter")
    yield from _ours(loop.find(BPMN + "completionCondition"), "condition")


def _chooses(node: Any, level: Any) -> Iterator[str]:
    flows = [one for one in level.iterchildren(BPMN + "sequenceFlow") if one.get("sourceRef") == node.get("id")]
    bare = [one for one in flows if one.find(BPMN + "conditionExpression") is None]
    default = node.get("default")
    if default is None or any(one.get("id") != default for one in bare):
        yield "incomplete: choice without conditions or a default"


def _script(node: Any) -> Iterator[str]:
    script = (node.findtext(BPMN + "script") or "").strip()
    if not script:
        yield "incomplete: script without a text"
        return
    try:
        compile_script(script)
    except ExpressionError:
        yield "an expression of another language"


def _ours(element: Any, position: Position) -> Iterator[str]:
    text = "" if element is None else (element.text or "").strip()
    if element is None or not isinstance(element.tag, str):
        return
    try:
        compile_expression(text, position=position)
    except ExpressionError:
        yield "an expression of another language" if text else "incomplete: expression without a text"


def _count(level: Any, node: Any, end: str) -> int:
    return sum(one.get(end) == node.get("id") for one in level.iterchildren(BPMN + "sequenceFlow"))


def _by_id(level: Any, name: str | None) -> Any:
    return next((one for one in level if isinstance(one.tag, str) and one.get("id") == name), level)


def local(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""
