"""Small process diagrams for tests: nodes and flows in a few words become BPMN of our vocabulary.

diagram("p", user("a", form="f"), flows="start a; a end") -> bytes. `start` and `end` are always there.
"""

from dataclasses import dataclass
from html import escape

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:coomet="urn:coomet:bpmn:1" '
    'id="definitions" targetNamespace="urn:test">'
)
MESSAGE = '<bpmn:message id="message_{0}" name="{0}"/>'
ERROR = '<bpmn:error id="error_{0}" errorCode="{0}"/>'


@dataclass(frozen=True)
class Node:
    """An element and the role of its lane; `top` goes beside the process (messages, errors)."""

    id: str
    tag: str
    inner: str = ""
    attributes: str = ""
    role: str = "administrator"
    extension: str = ""
    top: str = ""


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value, quote=True)}"' for name, value in values.items())


def user(ident: str, *, role: str = "administrator", deadline: tuple[str, str] | None = None, **task: str) -> Node:
    """Attributes of coomet:task as keywords; deadline=(name, due)."""
    extension = f"<coomet:task{_attributes({'form': 'note', **task})}/>"
    if deadline:
        extension += f"<coomet:deadline{_attributes({'name': deadline[0], 'due': deadline[1]})}/>"
    return Node(ident, "userTask", role=role, extension=extension)


def service(ident: str, operation: str, *, immediate: bool = False, result: str = "", **parameters: str) -> Node:
    """Parameters are expressions."""
    inner = "".join(
        f'<coomet:parameter name="{name}">{escape(text)}</coomet:parameter>' for name, text in parameters.items()
    )
    call = {
        "operation": operation,
        **({"immediate": "true"} if immediate else {}),
        **({"result": result} if result else {}),
    }
    return Node(ident, "serviceTask", extension=f"<coomet:call{_attributes(call)}>{inner}</coomet:call>")


def script(ident: str, text: str) -> Node:
    return Node(ident, "scriptTask", f"<bpmn:script>{escape(text)}</bpmn:script>")


def gateway(ident: str, kind: str = "exclusive", default: str = "") -> Node:
    return Node(ident, f"{kind}Gateway", attributes=f' default="{default}"' if default else "")


def _timer(kind: str, expression: str) -> str:
    tag = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}[kind]
    return (
        f'<bpmn:timerEventDefinition><bpmn:{tag} xsi:type="bpmn:tFormalExpression">{escape(expression)}</bpmn:{tag}>'
        "</bpmn:timerEventDefinition>"
    )


def timer(ident: str, kind: str, expression: str) -> Node:
    """An intermediate event that waits."""
    return Node(ident, "intermediateCatchEvent", _timer(kind, expression))


def on_timer(ident: str, host: str, kind: str, expression: str, *, interrupting: bool = True) -> Node:
    """A boundary event."""
    stops = "" if interrupting else ' cancelActivity="false"'
    return Node(ident, "boundaryEvent", _timer(kind, expression), f' attachedToRef="{host}"{stops}')


def on_error(ident: str, host: str, code: str) -> Node:
    inner = f'<bpmn:errorEventDefinition errorRef="error_{code}"/>'
    return Node(ident, "boundaryEvent", inner, f' attachedToRef="{host}"', top=ERROR.format(code))


def receive(ident: str, name: str, key: str) -> Node:
    inner = f'<bpmn:messageEventDefinition messageRef="message_{name}"/>'
    extension = f"<coomet:message{_attributes({'key': key})}/>"
    return Node(ident, "intermediateCatchEvent", inner, extension=extension, top=MESSAGE.format(name))


def call(ident: str, process: str) -> Node:
    return Node(ident, "callActivity", attributes=f' calledElement="{process}"')


def start_form(**attributes: str) -> str:
    return f"<coomet:start{_attributes(attributes)}/>"


def diagram(process: str, *nodes: Node, flows: str, start: str = "", conditions: dict[str, str] | None = None) -> bytes:
    """Flows as "start a; a b"; a flow's id is `a_b`, conditions are by that id. `start`: the start's extension."""
    begin = Node("start", "startEvent", extension=start or start_form(roles="administrator"))
    every = [begin, *nodes, Node("end", "endEvent")]
    pairs = [tuple(pair.split()) for pair in flows.split(";")]
    roles = dict.fromkeys(node.role for node in every if node.tag == "userTask") or {"administrator": None}
    lanes = "".join(_lane(role, every, next(iter(roles))) for role in roles)
    body = "".join(_node(node, pairs) for node in every)
    drawn = "".join(_flow(source, target, conditions or {}) for source, target in pairs)
    top = "".join(dict.fromkeys(node.top for node in every))
    named = f'<bpmn:extensionElements><coomet:text lang="en" name="{process}"/></bpmn:extensionElements>'
    inside = f'{named}<bpmn:laneSet id="lanes">{lanes}</bpmn:laneSet>{body}{drawn}'
    xml = f'{HEAD}{top}<bpmn:process id="{process}" name="{process} ru" isExecutable="true">{inside}</bpmn:process>'
    return f"{xml}</bpmn:definitions>".encode()


def _lane(role: str, nodes: list[Node], first: str) -> str:
    inside = [node.id for node in nodes if (node.role if node.tag == "userTask" else first) == role]
    refs = "".join(f"<bpmn:flowNodeRef>{ident}</bpmn:flowNodeRef>" for ident in inside)
    extension = f'<coomet:lane role="{role}"/><coomet:text lang="en" name="{role}"/>'
    inner = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>{refs}"
    return f'<bpmn:lane id="lane_{role}" name="{role} ru">{inner}</bpmn:lane>'


def _node(node: Node, pairs: list[tuple[str, ...]]) -> str:
    extension = f'{node.extension}<coomet:text lang="en" name="{node.id} in English"/>'
    flows = "".join(f"<bpmn:incoming>{a}_{b}</bpmn:incoming>" for a, b in pairs if b == node.id)
    flows += "".join(f"<bpmn:outgoing>{a}_{b}</bpmn:outgoing>" for a, b in pairs if a == node.id)
    inner = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>{flows}{node.inner}"
    return f'<bpmn:{node.tag} id="{node.id}" name="{node.id} по-русски"{node.attributes}>{inner}</bpmn:{node.tag}>'


def _flow(source: str, target: str, conditions: dict[str, str]) -> str:
    ident = f"{source}_{target}"
    inner = '<bpmn:extensionElements><coomet:text lang="en" name="yes"/></bpmn:extensionElements>'
    if ident in conditions:
        text = escape(conditions[ident])
        inner += f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}</bpmn:conditionExpression>'
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<bpmn:sequenceFlow id="{ident}" name="да" {ends}>{inner}</bpmn:sequenceFlow>'
