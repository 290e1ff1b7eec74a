"""Reading `scenarios.yaml`: people, steps and expectations. The format is described at the head of each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.i18n import Text
from app.workflow.scenarios import strict_yaml

FILE = "scenarios.yaml"
NAMELESS = Text("", "")
BEGINNINGS = ("start", "begin", "event", "ask", "request", "admit")
"""Steps with which a procedure begins; all others happen while it runs."""
KINDS = (*BEGINNINGS, "task", "timer", "message", "appoint", "platform", "annul", "log")
NOT_A_FILE = Text(
    "Файл пуст, или в нем нет записей process, people, operations и scenarios.",
    "The file is empty or has no entries process, people, operations and scenarios.",
)
MOST_SCENARIOS, MOST_STEPS = 500, 500


class Unreadable(Exception):
    """A file of scenarios that is none: what is wrong, in which file and, where it is known, in which line."""

    def __init__(self, file: str, what: Text, line: int | None = None) -> None:
        super().__init__(what.en)
        self.file, self.what, self.line = file, what, line


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
    nr: int = 0
    """Which one of several that nothing else tells apart, from 1 in the order in which they came; 0: there is one."""

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
    only: str = ""
    """`engine`: what it records is of the sandbox; the tests do not play it through the program."""
    name: Text = NAMELESS
    clauses: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.folder}.{self.id}"


def read(files: Mapping[str, bytes]) -> list[Scenario]:
    """All scenarios of a release's files. Raises Unreadable at the first file that is none."""
    return [one for path in sorted(files) if path.endswith(f"/{FILE}") for one in _read(path, files[path])]


@lru_cache(maxsize=128)
def _read(path: str, content: bytes) -> tuple[Scenario, ...]:
    try:
        raw = strict_yaml.load(content)
        if not isinstance(raw, dict):
            raise Unreadable(path, NOT_A_FILE)
        rows = raw["scenarios"] or []
        if len(rows) > MOST_SCENARIOS or any(len(row["steps"]) > MOST_STEPS for row in rows):
            raise _too_many(path)
        found = tuple(_scenario(path.split("/")[-2], raw, row) for row in rows)
        _demand_own_ids(path, found)
        return found
    except strict_yaml.BadYaml as error:
        raise Unreadable(path, error.message, error.line) from error
    except KeyError as error:
        name = error.args[0]
        raise Unreadable(path, Text(f"Не хватает записи «{name}».", f"The entry “{name}” is missing.")) from error
    except (TypeError, AttributeError, ValueError, IndexError) as error:
        what = Text(f"Не так записано, как у сценариев: {error}.", f"Not written as scenarios are: {error}.")
        raise Unreadable(path, what) from error


def _demand_own_ids(path: str, found: Sequence[Scenario]) -> None:
    seen: set[str] = set()
    for one in found:
        if one.id in seen:
            raise Unreadable(path, Text(f"Два сценария «{one.id}».", f"Two scenarios are called “{one.id}”."))
        seen.add(one.id)


def _too_many(path: str) -> Unreadable:
    return Unreadable(
        path,
        Text(
            f"Больше {MOST_SCENARIOS} сценариев или {MOST_STEPS} шагов в одном.",
            f"More than {MOST_SCENARIOS} scenarios, or {MOST_STEPS} steps in one.",
        ),
    )


def _scenario(folder: str, raw: Mapping[str, Any], row: Mapping[str, Any]) -> Scenario:
    cast = raw["people"] | row.get("people", {})
    named = row.get("name") or {}
    return Scenario(
        id=str(row["id"]),
        process=row.get("process", raw["process"]),
        folder=folder,
        people=tuple(_member(name, member, row.get("late", ())) for name, member in cast.items()),
        operations=raw["operations"] | row.get("operations", {}),
        steps=tuple(_step(step) for step in row["steps"]),
        platform=row.get("platform", "stand_in"),
        prepared=raw.get("prepared", {}) | row.get("prepared", {}),
        settings=row.get("settings", {}),
        only=row.get("only", ""),
        name=Text(str(named.get("ru", "")), str(named.get("en", ""))),
        clauses=tuple(map(str, row.get("clauses", ()))),
    )


def _member(name: str, row: Mapping[str, Any], late: Sequence[str]) -> Member:
    roles = tuple(row.get("roles", ()))
    names = (row["name"][0], row["name"][1])
    return Member(name, names, row.get("home"), row.get("locale", "ru"), roles, row.get("late", False) or name in late)


def _step(row: Mapping[str, Any]) -> Step:
    for kind in KINDS:
        if kind in row:
            by, only = row.get("by", ""), row.get("only", "")
            given = row.get("with") or {}
            if not isinstance(given, dict):
                raise TypeError(f"`with` of {kind} {row[kind]}")
            of = None if row.get("of") is None else str(row["of"])
            return Step(kind, str(row[kind]), of, str(by), given, only, int(row.get("nr", 0)))
    if not isinstance(row["expect"], dict):
        raise TypeError("`expect`")
    return Step("expect", "", values=row["expect"])
