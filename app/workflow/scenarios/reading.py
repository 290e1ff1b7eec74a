"""Reading `scenarios.yaml`: people, steps and expectations. The format is described at the head of each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FILE = "scenarios.yaml"
BEGINNINGS = ("start", "begin", "event", "ask", "request", "admit")
"""Steps with which a procedure begins; all others happen while it runs."""
KINDS = (*BEGINNINGS, "task", "timer", "appoint", "platform", "annul", "log")


class Unreadable(Exception):
    """A file of scenarios that is none: what is wrong, in which file and, where it is known, in which line."""

    def __init__(self, file: str, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.file, self.line = file, line


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
    """One of KINDS, or expect."""
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
    """What is there before a procedure that no form starts."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The organisation's settings, where they are others than at first."""

    def __str__(self) -> str:
        return f"{self.folder}.{self.id}"


def read(files: Mapping[str, bytes]) -> list[Scenario]:
    """All scenarios of a release's files. Raises Unreadable at the first file that is none."""
    return [one for path in sorted(files) if path.endswith(f"/{FILE}") for one in _read(path, files[path])]


def _read(path: str, content: bytes) -> list[Scenario]:
    import yaml  # loaded where it works: a serving process keeps what it loads

    try:
        raw = yaml.safe_load(content)
        return [_scenario(path.split("/")[-2], raw, row) for row in raw["scenarios"]]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Unreadable(path, str(error.problem or error), line) from error
    except yaml.YAMLError as error:
        raise Unreadable(path, str(error)) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(path, f"{type(error).__name__}: {error}") from error


def _scenario(folder: str, raw: Mapping[str, Any], row: Mapping[str, Any]) -> Scenario:
    return Scenario(
        id=row["id"],
        process=row.get("process", raw["process"]),
        folder=folder,
        people=tuple(_member(name, member, row.get("late", ())) for name, member in raw["people"].items()),
        operations=raw["operations"] | row.get("operations", {}),
        steps=tuple(_step(step) for step in row["steps"]),
        platform=row.get("platform", "stand_in"),
        prepared=raw.get("prepared", {}) | row.get("prepared", {}),
        settings=row.get("settings", {}),
    )


def _member(name: str, row: Mapping[str, Any], late: Sequence[str]) -> Member:
    roles = tuple(row.get("roles", ()))
    names = (row["name"][0], row["name"][1])
    return Member(name, names, row.get("home"), row.get("locale", "ru"), roles, row.get("late", False) or name in late)


def _step(row: Mapping[str, Any]) -> Step:
    for kind in KINDS:
        if kind in row:
            by, only = row.get("by", ""), row.get("only", "")
            return Step(kind, str(row[kind]), row.get("of"), by, row.get("with", {}), only)
    return Step("expect", "", values=row["expect"])
