"""What is kept of a run in the sandbox: who plays and what was done, one after the other. Everything else follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, get_args

from app.engine import Json
from app.workflow.scenarios import Member

Kind = Literal["start", "begin", "event", "task", "timer", "clock", "message"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BEGINNINGS = ("start", "begin", "event")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answered: a value, or the code with which it failed for good."""

    operation: str
    value: Json = None
    fail: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done by hand. `answers`: of the operations it led to, where they were not left to the book."""

    kind: Kind
    name: str = ""
    """Form, process, event, element or message."""
    of: str | None = None
    """The body whose task or timer it is; the key of a message."""
    by: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    nr: int = 0
    until: datetime | None = None
    """Of the clock."""
    answers: tuple[Answer, ...] = ()

    def answered(self, answer: Answer) -> "Act":
        return replace(self, answers=(*self.answers, answer))


@dataclass(frozen=True, slots=True)
class Setting:
    """Before the first act: the procedure, the people, what operations answer unless somebody says otherwise."""

    folder: str
    process: str
    people: tuple[Member, ...]
    book: Mapping[str, Any]
    """As `operations` of a scenario: a list is used up in order, the last answer stays."""
    begun: datetime
    """Where the sandbox's clock stands at first."""
    asks: bool = False
    """Whether each operation is asked about; else the book answers, and a sample where it has no answer."""

    def member(self, name: str) -> Member | None:
        return next((one for one in self.people if one.name == name), None)


def setting_to(setting: Setting) -> dict[str, Any]:
    people = [
        {
            "name": m.name,
            "names": list(m.names),
            "home": m.home,
            "locale": m.locale,
            "roles": [dict(r) for r in m.roles],
        }
        for m in setting.people
    ]
    return {
        "folder": setting.folder,
        "process": setting.process,
        "people": people,
        "book": dict(setting.book),
        "begun": setting.begun.isoformat(),
        "asks": setting.asks,
    }


def setting_from(kept: Mapping[str, Any]) -> Setting:
    people = tuple(
        Member(one["name"], (one["names"][0], one["names"][1]), one["home"], one["locale"], tuple(one["roles"]), False)
        for one in kept["people"]
    )
    begun = datetime.fromisoformat(kept["begun"])
    return Setting(kept["folder"], kept["process"], people, kept["book"], begun, kept["asks"])


def acts_to(acts: Sequence[Act]) -> list[dict[str, Any]]:
    return [_act_to(act) for act in acts]


def _act_to(act: Act) -> dict[str, Any]:
    answers = [{"operation": one.operation, "value": one.value, "fail": one.fail} for one in act.answers]
    row = {
        "kind": act.kind,
        "name": act.name,
        "of": act.of,
        "by": act.by,
        "values": dict(act.values),
        "nr": act.nr,
        "until": act.until.isoformat() if act.until else None,
        "answers": answers,
    }
    return {name: value for name, value in row.items() if value not in (None, "", 0, {}, [])}


def acts_from(kept: Sequence[Mapping[str, Any]]) -> list[Act]:
    return [_act_from(row) for row in kept]


def _act_from(row: Mapping[str, Any]) -> Act:
    until = datetime.fromisoformat(row["until"]) if "until" in row else None
    answers = tuple(Answer(one["operation"], one["value"], one["fail"]) for one in row.get("answers", ()))
    plain = {name: row[name] for name in ("name", "of", "by", "values", "nr") if name in row}
    return Act(kind=row["kind"], until=until, answers=answers, **plain)
