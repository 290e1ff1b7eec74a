"""Small BPMN diagrams written in a line an element, for tests and benchmarks."""

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:coomet="urn:coomet:bpmn:1" '
    'id="definitions" targetNamespace="urn:coomet:test">'
)


def document(*parts: str) -> bytes:
    return f"{HEAD}{''.join(parts)}</bpmn:definitions>".encode()


def process(name: str, *parts: str) -> str:
    return f'<bpmn:process id="{name}" isExecutable="true">{"".join(parts)}</bpmn:process>'


def node(tag: str, id_: str, /, *inner: str, **attributes: str) -> str:
    """An element; parts beginning with <coomet: go into its extension elements."""
    own = "".join(part for part in inner if part.startswith("<coomet:"))
    rest = "".join(part for part in inner if not part.startswith("<coomet:"))
    extension = f"<bpmn:extensionElements>{own}</bpmn:extensionElements>" if own else ""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f'<bpmn:{tag} id="{id_}"{given}>{extension}{rest}</bpmn:{tag}>'


def ours(tag: str, text: str = "", /, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<coomet:{tag}{given}>{escape(text)}</coomet:{tag}>"


def start(name: str = "start") -> str:
    return node("startEvent", name)


def end(name: str = "end", *inner: str) -> str:
    return node("endEvent", name, *inner)


def user(name: str, *inner: str, outputs: str = "", **attributes: str) -> str:
    """A user task; `outputs` are the form's fields that enter the data."""
    return node("userTask", name, ours("task", form=name, outputs=outputs, **attributes), *inner)


def script(name: str, lines: str) -> str:
    return node("scriptTask", name, f"<bpmn:script>{escape(lines)}</bpmn:script>")


def service(name: str, operation: str, result: str = "", /, **parameters: str) -> str:
    inner = "".join(ours("parameter", value, name=key) for key, value in parameters.items())
    given = f' result="{result}"' if result else ""
    return node("serviceTask", name, f'<coomet:call operation="{operation}"{given}>{inner}</coomet:call>')


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    tag = "bpmn:conditionExpression"
    inner = f'<{tag} xsi:type="bpmn:tFormalExpression">{escape(condition)}</{tag}>' if condition else ""
    name = name or f"f_{source}_{target}"
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def chain(*names: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(one, other) for one, other in pairwise(names))


def xor(name: str, default: str = "") -> str:
    return node("exclusiveGateway", name, **({"default": default} if default else {}))


def parallel(name: str) -> str:
    return node("parallelGateway", name)


def timer(kind: str, expression: str) -> str:
    tag = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}[kind]
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(expression)}</bpmn:{tag}></bpmn:timerEventDefinition>"


def message(reference: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="{reference}"/>'


def error(reference: str = "") -> str:
    return f'<bpmn:errorEventDefinition errorRef="{reference}"/>' if reference else "<bpmn:errorEventDefinition/>"


TERMINATE = "<bpmn:terminateEventDefinition/>"


def boundary(name: str, host: str, *inner: str, interrupting: bool = True) -> str:
    return node("boundaryEvent", name, *inner, attachedToRef=host, cancelActivity=str(interrupting).lower())


def each(
    collection: str, item: str, output: str = "", output_item: str = "", until: str = "", sequential: bool = False
) -> str:
    """Repeat the activity for each entry of the collection."""
    parts = [f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>"]
    parts += [f"<bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>"] if output else []
    parts += [f'<bpmn:inputDataItem id="{item}"/>']
    parts += [f'<bpmn:outputDataItem id="{output_item}"/>'] if output_item else []
    parts += [f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"] if until else []
    tag = "bpmn:multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{str(sequential).lower()}">{"".join(parts)}</{tag}>'
