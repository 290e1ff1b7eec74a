"""Reading `scenarios.yaml`: people, steps and expectations. The format is described at the head of each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Member:
    """Somebody who plays, with the roles that become appointments."""

    name: str
    names: tuple[str, str]
    home: str | None
    locale: str
    roles: tuple[Mapping[str, Any], ...]
    late: bool


@dataclass(frozen=True)
class Step:
    """One thing that happens, or (`expect`) one look at what has come of it."""

    kind: str
    """start, begin, event, ask, request, admit, annul, task, timer, appoint, log or expect."""
    name: str
    of: str | None = None
    by: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    only: str = ""
    """`engine`: taken on the engine alone; `program`: through the program alone."""

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.name, self.of) if part)


@dataclass(frozen=True)
class Scenario:
    """A run of one procedure."""

    id: str
    process: str
    folder: str
    people: tuple[Member, ...]
    operations: Mapping[str, Any]
    """Operation -> what it answers on the engine alone; lists are used up in order, the last one stays."""
    steps: tuple[Step, ...]
    platform: str = "stand_in"
    """by_hand: no access to the platform is configured."""
    prepared: Mapping[str, Any] = field(default_factory=dict)
    """What is there before a procedure that no form starts: see tests/process/prepared.py."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The organisation's settings, where they are others than at first."""

    def __str__(self) -> str:
        return f"{self.folder}.{self.id}"


@cache
def read(path: Path) -> list[Scenario]:
    raw = yaml.safe_load(path.read_text("utf-8"))
    return [
        Scenario(
            id=row["id"],
            process=row.get("process", raw["process"]),
            folder=path.parent.name,
            people=tuple(_member(name, member, row.get("late", ())) for name, member in raw["people"].items()),
            operations=raw["operations"] | row.get("operations", {}),
            steps=tuple(_step(step) for step in row["steps"]),
            platform=row.get("platform", "stand_in"),
            prepared=raw.get("prepared", {}) | row.get("prepared", {}),
            settings=row.get("settings", {}),
        )
        for row in raw["scenarios"]
    ]


def read_all() -> list[Scenario]:
    return [one for path in sorted((ROOT / "processes").glob("*/scenarios.yaml")) for one in read(path)]


def _member(name: str, row: Mapping[str, Any], late: Sequence[str]) -> Member:
    roles = tuple(row.get("roles", ()))
    names = (row["name"][0], row["name"][1])
    return Member(name, names, row.get("home"), row.get("locale", "ru"), roles, row.get("late", False) or name in late)


def _step(row: Mapping[str, Any]) -> Step:
    kinds = ("start", "begin", "event", "ask", "request", "admit", "annul", "task", "timer", "appoint", "log")
    for kind in kinds:
        if kind in row:
            by, only = row.get("by", ""), row.get("only", "")
            return Step(kind, str(row[kind]), row.get("of"), by, row.get("with", {}), only)
    return Step("expect", "", values=row["expect"])
