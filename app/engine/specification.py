"""What a release's diagrams say, as immutable data shared by all instances of the release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.i18n import Text

Severity = Literal["error", "warning", "publishing"]
TimerKind = Literal["duration", "date", "cycle"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has to say about a file, for a person who draws diagrams."""

    file: str
    element: str | None
    rule: str
    severity: Severity
    message: Text
    hint: Text
    line: int | None = None

    def told(self) -> dict[str, str | int | None]:
        """Plain JSON in the current language, as `./run check --json` and the studio give it."""
        return {
            "file": self.file,
            "element": self.element,
            "rule": self.rule,
            "severity": self.severity,
            "message": str(self.message),
            "hint": str(self.hint),
            "line": self.line,
        }


class DefinitionErrors(Exception):
    """The files cannot become a specification."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(f"{f.file}: {f.message.en}" for f in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Several instances of one activity; names of task data variables, `completion` an expression."""

    sequential: bool
    collection: str | None = None
    cardinality: str | None = None
    """Expression: how many; instead of a collection."""
    item: str | None = None
    output_collection: str | None = None
    output_item: str | None = None
    completion: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """The one event definition of an event element."""

    kind: Literal["timer", "message", "error", "terminate"]
    timer: TimerKind | None = None
    expression: str | None = None
    name: str | None = None
    """Name of the message."""
    key: str | None = None
    """Expression of the message's key."""
    code: str | None = None
    """Code of the error; None catches every error."""


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node, sequence flow or lane. Expressions are kept as written; `kind` is the BPMN tag without prefix."""

    id: str
    kind: str
    name: Text
    instructions: Text
    line: int | None = None
    parent: str | None = None
    """The embedded sub-process it is drawn in."""
    lane: str | None = None
    role: str | None = None
    clause: str | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    """Ids of sequence flows."""
    form: str | None = None
    outputs: tuple[str, ...] = ()
    result: str | None = None
    organisation: str | None = None
    person: str | None = None
    subject: str | None = None
    exclude: str | None = None
    title: str | None = None
    due: str | None = None
    quiet: bool = False
    """No letter is sent about the task: many of them open at once for one and the same person."""
    deadlines: Mapping[str, str] = field(default_factory=dict)
    operation: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    immediate: bool = False
    table: str | None = None
    script: str | None = None
    called: str | None = None
    inputs: Mapping[str, str] | None = None
    """Of a call activity: variable of the called process -> expression; None: all data enter."""
    returned: Mapping[str, str] | None = None
    """Of a call activity: variable -> expression on the called process's data; None: all data come back."""
    multi: MultiInstance | None = None
    event: Event | None = None
    """None of the listed kinds: the element has no event definition."""
    attached_to: str | None = None
    interrupting: bool = True
    source: str | None = None
    """Of a sequence flow: element it leaves."""
    target: str | None = None
    condition: str | None = None
    default: str | None = None
    """Of a gateway: id of its default flow."""


@dataclass(frozen=True, slots=True)
class StartForm:
    """Who may start the process by which form, and what of it enters the data."""

    element: str
    form: str
    roles: tuple[str, ...]
    clause: str | None
    outputs: tuple[str, ...]
    result: str | None
    operation: str | None


@dataclass(frozen=True, slots=True)
class Process:
    """One executable process of a file; `elements` holds nodes, flows and lanes by id, in document order."""

    id: str
    file: str
    folder: str
    name: Text
    instructions: Text
    elements: Mapping[str, Element]
    start: StartForm | None
    lanes: tuple[str, ...]
    event: str | None = None
    """Name of the domain event that starts it, beside or instead of a person."""


@dataclass(frozen=True, slots=True, eq=False)
class Specification:
    """All processes and decisions of a release, ready to run; shared by all its instances and threads."""

    processes: Mapping[str, Process]
    engine: Any = field(repr=False)
    """The library's side of it; of no use outside this package."""

    def element(self, process: str, element: str) -> Element:
        return self.processes[process].elements[element]
