"""Random BPMN processes by seed: blocks within blocks, some with jumps across, small enough to try every order.

`generate(seed)` gives the same diagrams for ever. Who completes a task asks `Generated.values` what it writes, so that
a run is determined by the order of its acts alone. Lists that activities are repeated over are start data.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:coomet="urn:coomet:bpmn:1" '
    'id="definitions_{id}" targetNamespace="urn:generated">{messages}{processes}</bpmn:definitions>'
)
Tails = list[tuple[str, str | None]]
"""Nodes whose flow onward is not drawn yet, each with the condition that flow will carry."""


@dataclass(frozen=True)
class Generated:
    """`files` by path; `decides`: task -> (variable, number of values, whether it says 'once more')."""

    seed: int
    files: Mapping[str, bytes]
    process: str
    data: Mapping[str, list[int]]
    decides: Mapping[str, tuple[str, int, bool]]
    looped: bool
    text: str = field(repr=False)

    def values(self, element: str, visit: int) -> dict[str, int]:
        """What the task writes when it is completed for that time (0 first); 'once more' at most twice running."""
        if element not in self.decides:
            return {}
        variable, number, again = self.decides[element]
        drawn = random.Random(f"{self.seed} {element} {visit}").randrange(number)
        return {variable: 0 if again and visit % 3 == 2 else drawn}


class Level:
    """One level of flow being drawn; `items` are the variables of the repeated activities around it."""

    def __init__(self, items: tuple[str, ...]) -> None:
        self.nodes: list[tuple[str, str, str, str]] = []
        self.flows: list[tuple[str, str, str, str | None]] = []
        self.defaults: dict[str, str] = {}
        self.items = items

    def xml(self) -> str:
        written = []
        for tag, name, attributes, inner in self.nodes:
            default = f' default="{self.defaults[name]}"' if name in self.defaults else ""
            written.append(f'<bpmn:{tag} id="{name}"{attributes}{default}>{inner}</bpmn:{tag}>')
        for name, source, target, condition in self.flows:
            inside = (condition or "").replace("<", "&lt;")
            body = f"<bpmn:conditionExpression>{inside}</bpmn:conditionExpression>" if inside else ""
            ends = f'sourceRef="{source}" targetRef="{target}"'
            written.append(f'<bpmn:sequenceFlow id="{name}" {ends}>{body}</bpmn:sequenceFlow>')
        return "".join(written)


class Drawing:
    """Draws one generated set of diagrams."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.count = 0
        self.budget = self.random.choice((2, 3, 4, 4, 5, 6))
        self.processes: list[str] = []
        self.messages: list[str] = []
        self.data: dict[str, list[int]] = {}
        self.decides: dict[str, tuple[str, int, bool]] = {}
        self.looped = False
        self.plain: list[str] = []
        self.level = Level(())

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def node(self, tag: str, tails: Tails, inner: str = "", attributes: str = "", prefix: str = "") -> str:
        name = self.name(prefix or {"userTask": "u", "endEvent": "e", "startEvent": "s"}.get(tag, "n"))
        self.level.nodes.append((tag, name, attributes, inner))
        self.join(tails, name)
        return name

    def join(self, tails: Tails, target: str) -> None:
        for source, condition in tails:
            flow = self.name("f")
            self.level.flows.append((flow, source, target, condition))
            if condition == "default":
                self.level.flows[-1] = (flow, source, target, None)
                self.level.defaults[source] = flow

    def block(self, tails: Tails, depth: int) -> Tails:
        """Draw one block behind the tails and give the new tails."""
        self.budget -= 1
        simple: list[Callable[[Tails], Tails]] = [self.user, self.user, self.service, self.timer, self.race, self.each]
        nested: list[Callable[[Tails, int], Tails]] = [
            self.exclusive, self.exclusive, self.parallel, self.parallel, self.parallel, self.loop, self.loop,
            self.bounded, self.bounded, self.embedded, self.called, self.inclusive,
        ]  # fmt: skip
        if depth <= 0 or self.budget <= 0:
            return self.random.choice(simple[:4])(tails)
        if self.random.random() < 0.25:
            return self.random.choice(simple)(tails)
        return self.random.choice(nested)(tails, depth - 1)

    def sequence(self, tails: Tails, depth: int, least: int = 1) -> Tails:
        for _ in range(self.random.choice((least, least, least + 1))):
            tails = self.block(tails, depth)
        return tails

    def user(self, tails: Tails) -> Tails:
        chance = self.random.random()
        if chance < 0.1 and not self.level.items:
            return [(self.node("receiveTask", tails, attributes=f' messageRef="{self.message()}"'), None)]
        return [(self.node("manualTask" if chance > 0.9 else "userTask", tails), None)]

    def message(self) -> str:
        name = self.name("m")
        self.messages.append(f'<bpmn:message id="{name}" name="{name}"/>')
        return name

    def decide(self, tails: Tails, number: int, again: bool = False) -> tuple[Tails, str]:
        """A task that writes a new variable, on its own or in one branch of a parallel block."""
        name = self.name("u")
        variable = f"v_{name}"
        self.decides[name] = (variable, number, again)
        extension = f'<bpmn:extensionElements><coomet:task outputs="{variable}"/></bpmn:extensionElements>'
        self.level.nodes.append(("userTask", name, "", extension))
        if self.random.random() < 0.2:
            split = self.node("parallelGateway", self.merged(tails))
            self.join([(split, None)], name)
            other = self.user([(split, None)])
            return [(self.node("parallelGateway", [(name, None), *other]), None)], variable
        self.join(tails, name)
        return [(name, None)], variable

    def merged(self, tails: Tails) -> Tails:
        """One tail: a gateway must not merge and split in parallel at once."""
        return tails if len(tails) == 1 else [(self.node("exclusiveGateway", tails), None)]

    def service(self, tails: Tails) -> Tails:
        items = f"[{', '.join(self.level.items)}]"
        call = f'<coomet:call operation="do"><coomet:parameter name="items">{items}</coomet:parameter></coomet:call>'
        host = self.node("serviceTask", tails, f"<bpmn:extensionElements>{call}</bpmn:extensionElements>")
        if self.random.random() < 0.7:
            return [(host, None)]
        event = self.node("boundaryEvent", [], "<bpmn:errorEventDefinition/>", f' attachedToRef="{host}"')
        return [(host, None), *self.user([(event, None)])]

    def due(self, cycle: str = "") -> str:
        """A timer that says in which of the repeated instances it stands."""
        sum_ = " + ".join(f"{item} * {10**place}" for place, item in enumerate(reversed(self.level.items)))
        tag, text = ("Cycle", cycle) if cycle and not self.level.items else ("Duration", f"workdays({sum_ or 1})")
        return f"<bpmn:timerEventDefinition><bpmn:time{tag}>{text}</bpmn:time{tag}></bpmn:timerEventDefinition>"

    def goes_back(self) -> bool:
        back = self.random.random() < 0.2
        self.looped |= back
        return back

    def timer(self, tails: Tails) -> Tails:
        return [(self.node("intermediateCatchEvent", tails, self.due()), None)]

    def race(self, tails: Tails) -> Tails:
        """An event-based gateway: two timers, or a timer and a message."""
        back = self.goes_back()
        gateway = self.node("eventBasedGateway", tails)
        second = self.due()
        if not self.level.items and self.random.random() < 0.6:
            second = f'<bpmn:messageEventDefinition messageRef="{self.message()}"/>'
        ends = [self.node("intermediateCatchEvent", [(gateway, None)], inner) for inner in (self.due(), second)]
        self.join([(ends.pop(), None)] if back else [], gateway)
        return [(end, None) for end in ends]

    def exclusive(self, tails: Tails, depth: int) -> Tails:
        number = self.random.choice((2, 2, 3))
        tails, variable = self.decide(tails, number)
        if self.random.random() < 0.2:
            tails = self.block(tails, depth)
        gateway = self.node("exclusiveGateway", tails)
        out: Tails = []
        for value in range(number):
            tail: Tails = [(gateway, "default" if value == number - 1 else f"{variable} == {value}")]
            bare = self.random.random() < 0.2 and all(condition is None for _, condition in out)
            tail = tail if bare else self.sequence(tail, depth)
            if value and self.random.random() < 0.12:
                terminate = "<bpmn:terminateEventDefinition/>" if self.random.random() < 0.5 else ""
                self.node("endEvent", tail, terminate)
            else:
                out += tail
        return self.merged(out) if self.random.random() < 0.5 else out

    def parallel(self, tails: Tails, depth: int) -> Tails:
        split = self.node("parallelGateway", self.merged(tails))
        branches = [self.sequence([(split, None)], depth) for _ in range(self.random.choice((2, 2, 3)))]
        if len(branches) == 3 and self.random.random() < 0.3:
            self.node("endEvent", branches.pop())
        return [(self.node("parallelGateway", [tail for branch in branches for tail in self.merged(branch)]), None)]

    def inclusive(self, tails: Tails, depth: int) -> Tails:
        tails, variable = self.decide(tails, 3)
        split = self.node("inclusiveGateway", tails)
        conditions = (f"{variable} >= 1", f"{variable} < 2", "default")
        branches = [self.sequence([(split, condition)], depth) for condition in conditions]
        return [(self.node("inclusiveGateway", [tail for branch in branches for tail in self.merged(branch)]), None)]

    def loop(self, tails: Tails, depth: int) -> Tails:
        self.looped = True
        head = self.node("exclusiveGateway", tails)
        body = self.sequence([(head, None)], depth)
        decided, variable = self.decide(body, 2, again=True)
        gateway = self.node("exclusiveGateway", decided)
        back: Tails = [(gateway, f"{variable} == 1")]
        self.join(self.user(back) if self.random.random() < 0.4 else back, head)
        return [(gateway, "default")]

    def each(self, tails: Tails) -> Tails:
        """A user task repeated over a list."""
        return [(self.node("userTask", tails, self.repeat(f"u{self.count + 1}")), None)]

    def repeat(self, name: str) -> str:
        self.data[f"list_{name}"] = list(range(self.random.choice((1, 2, 2, 2, 3, 0))))
        kind = "true" if self.random.random() < 0.4 else "false"
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{kind}"><bpmn:loopDataInputRef>list_{name}'
            f'</bpmn:loopDataInputRef><bpmn:inputDataItem id="item_{name}"/></bpmn:multiInstanceLoopCharacteristics>'
        )

    def inside(self, items: tuple[str, ...], depth: int) -> str:
        """The XML of a whole level of its own: start, blocks, end."""
        outer, self.level = self.level, Level(items)
        self.node("endEvent", self.sequence([(self.node("startEvent", []), None)], depth))
        written, self.level = self.level.xml(), outer
        return written

    def embedded(self, tails: Tails, depth: int) -> Tails:
        return [(self.node("subProcess", tails, self.inside(self.level.items, depth)), None)]

    def called(self, tails: Tails, depth: int) -> Tails:
        """A called process, most often repeated and of its own."""
        name, items, repeat = f"n{self.count + 1}", self.level.items, ""
        if not items and self.plain and self.random.random() < 0.4:
            return [(self.node("callActivity", tails, "", f' calledElement="{self.random.choice(self.plain)}"'), None)]
        process = f"p_{self.seed}_{name}"
        called = self.node("callActivity", tails, "{repeat}", f' calledElement="{process}"')
        if self.random.random() < 0.75 and len(items) < 2:
            repeat, items = self.repeat(name), (*items, f"item_{name}")
        body = self.inside(items, depth)
        self.plain += [] if items else [process]
        self.processes.append(f'<bpmn:process id="{process}" isExecutable="true">{body}</bpmn:process>')
        self.level.nodes = [(t, n, a, repeat if n == name else i) for t, n, a, i in self.level.nodes]
        return [(called, None)]

    def bounded(self, tails: Tails, depth: int) -> Tails:
        """An activity with a timer on its boundary, sometimes with two."""
        drawn: list[Callable[[Tails, int], Tails]] = [self.embedded, self.called]
        out = self.user(tails) if self.random.random() < 0.6 else self.random.choice(drawn)(tails, depth)
        host = out[0][0]
        if self.random.random() < 0.6:
            path: Tails = [(self.node("boundaryEvent", [], self.due(), f' attachedToRef="{host}"'), None)]
            path = self.sequence(path, depth) if self.random.random() < 0.6 else path
            back = self.goes_back()
            self.join(path if back else [], host)
            out += [] if back else path
        if len(out) == 1 or self.random.random() < 0.4:
            attributes = f' attachedToRef="{host}" cancelActivity="false"'
            event = self.node("boundaryEvent", [], self.due(self.random.choice(("", "R2/P1D"))), attributes)
            self.node("endEvent", self.user([(event, None)]))
        return out

    def jump(self) -> None:
        """A way from somewhere to anywhere, as nobody should draw it but somebody will."""
        targets = [n for tag, n, _, _ in self.level.nodes if tag not in ("startEvent", "boundaryEvent")]
        flow, source, target, condition = self.random.choice(self.level.flows)
        before: Tails = [(source, "default" if self.level.defaults.get(source) == flow else condition)]
        self.level.flows = [f for f in self.level.flows if f[0] != flow]
        decided, variable = self.decide(before, 2, again=True)
        gateway = self.node("exclusiveGateway", decided)
        self.join([(gateway, f"{variable} == 1")], self.random.choice([name for name in targets if name != target]))
        self.join([(gateway, "default")], target)
        self.looped = True


def generate(seed: int) -> Generated:
    """Every fifth seed has jumps."""
    drawing = Drawing(seed)
    start = drawing.node("startEvent", [])
    drawing.node("endEvent", drawing.sequence([(start, None)], 3, least=1))
    for _ in range(drawing.random.choice((1, 1, 2)) if seed % 5 == 4 else 0):
        drawing.jump()
    main = f"p_{seed}"
    own = f'<bpmn:process id="{main}" isExecutable="true">{drawing.level.xml()}</bpmn:process>'
    processes = "".join((own, *drawing.processes))
    text = HEAD.format(id=seed, messages="".join(drawing.messages), processes=processes)
    files = {f"processes/generated/{main}.bpmn": text.encode()}
    return Generated(seed, files, main, drawing.data, drawing.decides, drawing.looped, text)
