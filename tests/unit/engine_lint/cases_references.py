"""References, operations, languages, lanes: a bad and a good diagram for each rule."""

from app.engine.lint_catalogue import Catalogue
from tests.unit.engine_lint.drawing import CATALOGUE, Case, changed, drawn, row, simple
from tests.unit.engine_run.bpmn import document, end, node, ours, process, start, user

LETTER = ours("parameter", "'sent'", name="letter") + ours("parameter", "body", name="to")
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="routing" name="routing"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i1"><inputExpression id="ie1" typeRef="string"><text>field</text></inputExpression></input>
<output id="o1" name="groups" typeRef="string"/>
<rule id="r1"><inputEntry id="e1"><text>"a"</text></inputEntry><outputEntry id="oe1"><text>"b"</text></outputEntry>
</rule></decisionTable></decision></definitions>"""


def asking(operation: str, *parameters: str, immediate: str = "false", result: str = "") -> dict[str, bytes]:
    """A service task that calls an operation."""
    given = f' result="{result}"' if result else ""
    inner = f'<coomet:call operation="{operation}" immediate="{immediate}"{given}>{"".join(parameters)}</coomet:call>'
    return simple(inner, kind="serviceTask")


def calling(name: str, called: str) -> str:
    call = node("callActivity", f"c_{name}", calledElement=called)
    return process(name, row(start(f"s_{name}"), call, end(f"e_{name}")))


def texts(russian: str, english: str, *more: str) -> dict[str, bytes]:
    """A task with names in both languages."""
    own = [ours("text", lang="en", name=english)] if english else []
    name = f'id="x" name="{russian}"' if russian else 'id="x"'
    return changed(simple(ours("task", form="verdict"), *own, *more), 'id="x"', name)


def laned(*held: str, role: str = "chair", twice: bool = False) -> dict[str, bytes]:
    """A task in a lane."""
    refs = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in held)
    own = ours("lane", role=role) if role else ours("text", lang="en", name="Chair")
    lanes = node("lane", "lane1", own, refs)
    lanes += node("lane", "lane2", own, refs) if twice else ""
    return drawn(f'<bpmn:laneSet id="lanes">{lanes}</bpmn:laneSet>', row(start(), node("userTask", "x"), end()))


def begun_by(event: str) -> dict[str, bytes]:
    return drawn(row(node("startEvent", "start", ours("start", event=event)), node("userTask", "x"), end()))


def announcing(event: str) -> dict[str, bytes]:
    return asking("events.announce", ours("parameter", event, name="event"), immediate="true")


SENT = asking("letters.send", LETTER)
REGISTERED = asking("courses.register", ours("parameter", "1", name="course"), immediate="true", result="course")
NAMED = texts("Рассмотреть", "Consider")
READ = ours("text", "Read", lang="en", name="Consider")
INSTRUCTED = texts("Рассмотреть", "", READ, ours("text", "Читайте", lang="ru"))
DECIDED = simple(ours("decision", table="routing", result="groups"), kind="businessRuleTask") | {
    "processes/t.dmn": TABLE
}
FORM = simple(ours("task", form="verdict", outputs="conforms"))
HELD = laned("x")
WITH_FORM = FORM | {"forms/verdict.schema.json": b'{"properties": {"conforms": {}}}'}
ONLY_NAMES = Catalogue()
CASES = (
    Case(
        "call-unknown",
        drawn(row(start(), node("callActivity", "x", calledElement="gone"), end())),
        {"p.bpmn": document(calling("a", "b"), process("b", row(start(), user("x"), end())))},
        "x",
    ),
    Case(
        "call-circle",
        {"p.bpmn": document(calling("a", "b"), calling("b", "a"))},
        {"p.bpmn": document(calling("a", "b"), process("b", row(start(), user("x"), end())))},
        "c_a",
    ),
    Case("call-circle", {"p.bpmn": document(calling("a", "a"))}, NAMED, "c_a"),
    Case("table-unknown", simple(ours("decision", table="gone", result="g"), kind="businessRuleTask"), DECIDED, "x"),
    Case("form-unknown", simple(ours("task", form="gone")), FORM, "x", CATALOGUE),
    Case("form-unknown", FORM, WITH_FORM, "x", ONLY_NAMES),
    Case("output-unknown", changed(WITH_FORM, '{"conforms"', '{"comments"'), WITH_FORM, "x", ONLY_NAMES),
    Case("output-unknown", simple(ours("task", form="verdict", outputs="conforms,wrong")), FORM, "x", CATALOGUE),
    Case("output-formless", simple(ours("task", outputs="conforms")), FORM, "x", CATALOGUE),
    Case("role-unknown", laned("x", role="admin"), HELD, "lane1", CATALOGUE),
    Case("event-unknown", begun_by("course.gone"), begun_by("course.published"), "start", CATALOGUE),
    Case("event-unknown", announcing("'course.gone'"), announcing("'course.published'"), "x", CATALOGUE),
    Case("event-unknown", announcing('"course.gone"'), announcing("which"), "x", CATALOGUE),
    Case("operation-unknown", asking("http://evil.example/run"), SENT, "x", CATALOGUE),
    Case("operation-unknown", asking("os.system"), SENT, "x", CATALOGUE),
    Case("parameter-missing", asking("letters.send", ours("parameter", "1", name="to")), SENT, "x", CATALOGUE),
    Case("parameter-unknown", asking("letters.send", LETTER, ours("parameter", "1", name="bcc")), SENT, "x", CATALOGUE),
    Case("result-missing", asking("letters.send", LETTER, result="sent"), REGISTERED, "x", CATALOGUE),
    Case("immediate-wrong", asking("letters.send", LETTER, immediate="true"), REGISTERED, "x", CATALOGUE),
    Case("name-missing", texts("", ""), NAMED, "x"),
    Case("russian-missing", texts("", "Consider"), NAMED, "x"),
    Case("english-missing", texts("Рассмотреть", ""), NAMED, "x"),
    Case("english-cyrillic", texts("Рассмотреть", "Cоnsider"), NAMED, "x"),
    Case("instruction-half", texts("Рассмотреть", "", READ), INSTRUCTED, "x"),
    Case("language-unknown", simple(ours("text", lang="de", name="Prüfen")), NAMED, "x"),
    Case("language-twice", simple(*[ours("text", lang="en", name="A")] * 2), NAMED, "x"),
    Case("lane-role", laned("x", role=""), HELD, "lane1"),
    Case("lane-missing", laned(), HELD, "x"),
    Case("lane-unknown", laned("x", "gone"), HELD, "lane1"),
    Case("lane-twice", laned("x", twice=True), HELD, "x"),
    Case("form-missing", simple(), FORM, "x"),
)
