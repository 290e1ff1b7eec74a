"""A diagram with its decisions laid open: the same flow, each choice, list and event ready to be drawn by a schedule.

An accepted diagram of anybody becomes one that our engine and the token game (`tests/oracle.py`) can both play: every
condition asks a variable of its own, repeated activities go over a list of numbers, timers and calls say in which
instance they stand, each message has a name of its own. Nodes, flows, their order, boundary events, sub-processes and
calls stay as drawn. Ids are numbered anew; a called process is copied for each place where it is repeated otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:coomet="urn:coomet:bpmn:1" '
    'id="definitions" targetNamespace="urn:simplified">{messages}{processes}</bpmn:definitions>'
)
CHOICES = ("exclusiveGateway", "inclusiveGateway")
SILENT = ("task", "scriptTask", "businessRuleTask")
NODES = frozenset((
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
    *("userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "callActivity", "subProcess"),
    *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", *SILENT),
))  # fmt: skip
MOST_COPIES = 60
PATH = "processes/simplified/simplified.bpmn"


class NotPlayable(Exception):
    """Something of the diagram has no counterpart in the token game; the text says what."""


@dataclass
class Simplified:
    """`choices` and `lists` are the variables that a schedule draws; `names` leads back to the ids as drawn."""

    text: str
    process: str
    choices: list[str]
    lists: list[str]
    names: Mapping[str, str]

    @property
    def files(self) -> dict[str, bytes]:
        return {PATH: self.text.encode()}


@dataclass
class _Writer:
    processes: Mapping[str, Any]
    written: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    copies: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    count: int = 0

    def name(self, prefix: str, drawn: str) -> str:
        self.count += 1
        name = f"{prefix}{self.count}"
        self.names[name] = drawn
        return name

    def process(self, drawn: str, items: tuple[str, ...]) -> str:
        """The id of the copy of that process for these repeated instances around it."""
        if (drawn, items) not in self.copies:
            if len(self.copies) >= MOST_COPIES:
                raise NotPlayable("more than sixty calls in repeated calls")
            name = self.copies[drawn, items] = self.name("p", drawn)
            inside = _Level(self, self.processes[drawn], items).xml()
            self.written.append(f'<bpmn:process id="{name}" isExecutable="true">{inside}</bpmn:process>')
        return self.copies[drawn, items]

    def message(self) -> str:
        name = self.name("m", "")
        self.messages.append(f'<bpmn:message id="{name}" name="{name}"/>')
        return name


class _Level:
    """One level of flow; `items` are the variables of the repeated activities around it."""

    def __init__(self, writer: _Writer, element: Any, items: tuple[str, ...]) -> None:
        self.writer = writer
        self.items = items
        drawn = [one for one in element if isinstance(one.tag, str)]
        self.nodes = {one.get("id"): one for one in drawn if local(one) in NODES}
        self.flows = [one for one in drawn if one.tag == BPMN + "sequenceFlow"]
        self.named = {name: writer.name("n", name) for name in self.nodes}
        self.sent = {flow.get("id"): writer.name("f", flow.get("id")) for flow in self.flows}

    def xml(self) -> str:
        nodes = "".join(self.node(name, element) for name, element in self.nodes.items())
        return nodes + "".join(map(self.flow, self.flows))

    def outgoing(self, name: str) -> list[Any]:
        return [flow for flow in self.flows if flow.get("sourceRef") == name]

    def default(self, name: str) -> str | None:
        """The default arrow; where a choice has none, its last one, so that a drawn decision always leads somewhere."""
        element, flows = self.nodes[name], self.outgoing(name)
        if local(element) not in CHOICES or len(flows) < 2:
            return None
        return str(element.get("default") or flows[-1].get("id"))

    def flow(self, flow: Any) -> str:
        source, target = flow.get("sourceRef"), flow.get("targetRef")
        default, condition = self.default(source), ""
        if default is not None and flow.get("id") != default:
            variable = f"c{len(self.writer.choices)}"
            self.writer.choices.append(variable)
            condition = f"<bpmn:conditionExpression>{variable} == 1</bpmn:conditionExpression>"
        ends = f'sourceRef="{self.named[source]}" targetRef="{self.named[target]}"'
        return f'<bpmn:sequenceFlow id="{self.sent[flow.get("id")]}" {ends}>{condition}</bpmn:sequenceFlow>'

    def node(self, name: str, element: Any) -> str:
        kind, own, repeat = local(element), self.named[name], ""
        items = self.items
        if element.find(BPMN + "multiInstanceLoopCharacteristics") is not None:
            repeat, items = self.repeat(element, own), (*items, f"item_{own}")
        kind, attributes, inner = self.shape(kind, element, items)
        default = self.default(name)
        attributes += f' default="{self.sent[default]}"' if default else ""
        first = kind in ("subProcess", "scriptTask")  # the schema has an order
        inside = f"{repeat}{inner}" if first else f"{inner}{repeat}"
        return f'<bpmn:{kind} id="{own}"{attributes}>{inside}</bpmn:{kind}>'

    def repeat(self, element: Any, own: str) -> str:
        loop = element.find(BPMN + "multiInstanceLoopCharacteristics")
        self.writer.lists.append(f"list_{own}")
        sequential = "true" if loop.get("isSequential") in ("true", "1") else "false"
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:loopDataInputRef>list_{own}'
            f'</bpmn:loopDataInputRef><bpmn:inputDataItem id="item_{own}"/></bpmn:multiInstanceLoopCharacteristics>'
        )

    def shape(self, kind: str, element: Any, items: tuple[str, ...]) -> tuple[str, str, str]:
        """Tag, attributes and inside of a node."""
        if kind in SILENT:
            return "scriptTask", "", "<bpmn:script>nothing = 0</bpmn:script>"
        if kind == "subProcess":
            return kind, "", _Level(self.writer, element, items).xml()
        if kind == "callActivity":
            called = element.get("calledElement") or ""
            return kind, f' calledElement="{self.writer.process(called, items)}"', ""
        if kind == "serviceTask":
            parameter = f'<coomet:parameter name="items">[{", ".join(items)}]</coomet:parameter>'
            call = f'<coomet:call operation="do">{parameter}</coomet:call>'
            return kind, "", f"<bpmn:extensionElements>{call}</bpmn:extensionElements>"
        if kind == "receiveTask" and items:
            return ("userTask", "", "") if self.guards(element) else ("intermediateCatchEvent", "", self.timer())
        if kind in ("sendTask", "receiveTask"):
            return kind, f' messageRef="{self.writer.message()}"', ""
        return self.event(kind, element)

    def guards(self, host: Any) -> list[Any]:
        return [one for one in self.nodes.values() if one.get("attachedToRef") == host.get("id")]

    def event(self, kind: str, element: Any) -> tuple[str, str, str]:
        definition = next((one for one in element if str(one.tag).endswith("EventDefinition")), None)
        event = "" if definition is None else local(definition).removesuffix("EventDefinition")
        attributes = ""
        if kind == "boundaryEvent":
            host = self.nodes[element.get("attachedToRef")]
            errors = [one for one in self.guards(host) if one.find(BPMN + "errorEventDefinition") is not None]
            if len(errors) > 1:
                raise NotPlayable("several errors on one step")
            attributes = f' attachedToRef="{self.named[host.get("id")]}"'
            attributes += ' cancelActivity="false"' if element.get("cancelActivity") in ("false", "0") else ""
        catches = kind in ("boundaryEvent", "intermediateCatchEvent")
        if event == "timer" or (event == "message" and self.items and catches):
            cycles = definition is not None and definition.find(BPMN + "timeCycle") is not None
            return kind, attributes, self.timer(cycles)
        reference = f" messageRef={quoteattr(self.writer.message())}" if event == "message" else ""
        return kind, attributes, f"<bpmn:{event}EventDefinition{reference}/>" if event else ""

    def timer(self, cycles: bool = False) -> str:
        """A timer that says in which of the repeated instances it stands, one digit each."""
        sum_ = " + ".join(f"{item} * {10**place}" for place, item in enumerate(reversed(self.items)))
        tag, text = ("Cycle", "R2/P1D") if cycles and not self.items else ("Duration", f"workdays({sum_ or 1})")
        return f"<bpmn:timerEventDefinition><bpmn:time{tag}>{escape(text)}</bpmn:time{tag}></bpmn:timerEventDefinition>"


def simplify(files: Mapping[str, bytes], process: str) -> Simplified:
    """The process and all that it calls, in one file. Raises NotPlayable."""
    roots: list[Any] = [etree.fromstring(content) for path, content in sorted(files.items()) if path.endswith(".bpmn")]
    found = {one.get("id"): one for root in roots for one in root.iterchildren(BPMN + "process")}
    writer = _Writer(found)
    top = writer.process(process, ())
    text = HEAD.format(messages="".join(writer.messages), processes="".join(writer.written))
    return Simplified(text, top, writer.choices, writer.lists, writer.names)


def local(element: Any) -> str:
    return str(etree.QName(element).localname)
