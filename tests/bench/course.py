"""The realistic process of the engine's benchmarks, in our vocabulary and in the library's.

`course` (27 nodes): a form, a validation loop, a call activity for each of three bodies in parallel, a rework loop with
reminders, an expert, two service tasks, a wait of three years, a loop back. `agree_one` (11 nodes): one body's review
with a delegation loop, a reminder and a deadline. Both dialects have the same nodes, flows, timers and data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.unit.engine_run import bpmn
from tests.unit.engine_run.bpmn import boundary, chain, each, end, flow, node, parallel, process, start, xor

FIELDS = {f"field_{i}": f"value of the field number {i} " * 3 for i in range(30)}
BODIES = [{"id": f"b{i}", "head": f"user{i}@example.org", "name": f"Reviewing body {i}"} for i in range(3)]
DATA: dict[str, Any] = {
    "card": {"title": "Linear algebra", "fields": FIELDS},
    "bodies": {body["id"]: body for body in BODIES},
}
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two vocabularies write differently."""

    user: Callable[[str, str], str]
    service: Callable[[str, str, str], str]
    timer: Callable[[str, str], str]
    all_agree: str
    exchange: tuple[str, ...]


def _stock_service(name: str, operation: str, result: str) -> str:
    parameter = '<spiffworkflow:parameter id="p_card" type="str" value="card"/>'
    attributes = f'xmlns:spiffworkflow="{SPIFF}" id="op_{operation}" resultVariable="{result}"'
    inner = f"<spiffworkflow:parameters>{parameter}</spiffworkflow:parameters>"
    operator = f"<spiffworkflow:serviceTaskOperator {attributes}>{inner}</spiffworkflow:serviceTaskOperator>"
    return node("serviceTask", name, f"<bpmn:extensionElements>{operator}</bpmn:extensionElements>")


OURS = Dialect(
    user=lambda name, outputs: bpmn.user(name, outputs=outputs),
    service=lambda name, operation, result: bpmn.service(name, operation, result, card="card"),
    timer=bpmn.timer,
    all_agree='all([v["ok"] for v in values(verdicts)])',
    exchange=(
        bpmn.ours("input", "asked_at", name="asked_at"),
        bpmn.ours("output", "verdict", name="verdict"),
    ),
)
STOCK = Dialect(
    user=lambda name, outputs: node("userTask", name),
    service=_stock_service,
    timer=lambda kind, expression: bpmn.timer(kind, f'"{expression}"'),
    all_agree='all(v["ok"] for v in verdicts.values())',
    exchange=(),
)


def agree_one(d: Dialect) -> bytes:
    return bpmn.document(
        process(
            "agree_one",
            start("a_start"),
            bpmn.script("a_assign", 'reviewer = body["head"]\nasked = asked_at'),
            d.user("a_review", "verdict"),
            boundary("a_remind", "a_review", d.timer("duration", "P3D"), interrupting=False),
            bpmn.script("a_mail", "reminded = True"),
            end("a_mail_end"),
            boundary("a_deadline", "a_review", d.timer("duration", "P10D")),
            bpmn.script("a_auto", 'verdict = {"ok": True, "by": "deadline"}'),
            xor("a_gw", "f_a_gw_a_rec"),
            bpmn.script("a_rec", 'verdict = {"ok": verdict["ok"], "by": reviewer, "body": body["id"]}'),
            end("a_end"),
            chain("a_start", "a_assign", "a_review", "a_gw", "a_rec", "a_end"),
            flow("a_gw", "a_assign", 'verdict["delegated"]'),
            chain("a_remind", "a_mail", "a_mail_end"),
            chain("a_deadline", "a_auto", "a_end"),
        )
    )


def course(d: Dialect) -> bytes:
    return bpmn.document(process("course", _preparation(d), _agreement(d), _publication(d)))


def _preparation(d: Dialect) -> str:
    return "".join([
        start(),
        d.user("fill", "card,bodies"),
        bpmn.script("check", 'valid = len(card["fields"]) > 5\nround_no = 0'),
        xor("gw_valid", "f_gw_valid_fix"),
        d.user("fix", "card"),
        bpmn.script("prep", 'round_no = round_no + 1\nasked_at = "2026-01-01"\nverdicts = {}'),
        chain("start", "fill", "check", "gw_valid", "fix", "check"),
        flow("gw_valid", "prep", "valid"),
    ])  # fmt: skip


def _agreement(d: Dialect) -> str:
    repeat = each("bodies", "body", "verdicts", "verdict")
    return "".join([
        node("callActivity", "agree", *d.exchange, repeat, calledElement="agree_one"),
        xor("gw_agree", "f_gw_agree_rework"),
        d.user("rework", "card"),
        boundary("rw_remind", "rework", d.timer("cycle", "R3/P2D"), interrupting=False),
        bpmn.script("rw_mail", "rw_mail = True"),
        end("rw_end"),
        d.user("expert", "expert_ok"),
        boundary("ex_remind", "expert", d.timer("duration", "P5D"), interrupting=False),
        bpmn.script("ex_mail", "ex_mail = True"),
        end("ex_end"),
        xor("gw_expert", "f_gw_expert_rework"),
        chain("prep", "agree", "gw_agree", "rework", "prep"),
        flow("gw_agree", "expert", d.all_agree),
        chain("rw_remind", "rw_mail", "rw_end"),
        chain("ex_remind", "ex_mail", "ex_end"),
        chain("expert", "gw_expert", "rework"),
        flow("gw_expert", "moodle", "expert_ok"),
    ])  # fmt: skip


def _publication(d: Dialect) -> str:
    return "".join([
        d.service("moodle", "moodle", "moodle_result"),
        parallel("split"),
        d.service("mail", "mail", "mailed"),
        d.user("publish", ""),
        parallel("join"),
        bpmn.script("cert", "certs = len(verdicts)"),
        node("intermediateCatchEvent", "wait3y", d.timer("duration", "P3Y")),
        d.user("actual", "renew"),
        xor("gw_act", "f_gw_act_end"),
        end(),
        chain("moodle", "split", "mail", "join", "cert", "wait3y", "actual", "gw_act", "end"),
        chain("split", "publish", "join"),
        flow("gw_act", "prep", "renew"),
    ])  # fmt: skip


def files() -> dict[str, bytes]:
    """The release in our vocabulary."""
    return {"processes/course/course.bpmn": course(OURS), "processes/course/agree_one.bpmn": agree_one(OURS)}


def review(agrees: bool) -> dict[str, Any]:
    return {"verdict": {"ok": agrees, "delegated": False}}


