"""The stories of the demo as a list of acts in the order of their days.

`recent.json` holds courses of the last weeks, act by act. `past.json` holds those of the years before: most go the same
way, which is written once (`life`), with what is particular to each course put in for "$name".
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "stories"


@dataclass(frozen=True, slots=True)
class Act:
    """`story` names the story it belongs to; `what` is as the files have it."""

    days_ago: int
    story: str
    what: Mapping[str, Any]


def read(*, whole: bool) -> list[Act]:
    """Oldest first; acts of one day in the order of the stories and within a story as they stand."""
    acts = [*_recent(), *(_past() if whole else ())]
    return sorted(acts, key=lambda act: -act.days_ago)


def _recent() -> Iterator[Act]:
    for number, story in enumerate(_load("recent.json")):
        for act in story["acts"]:
            yield Act(act["days_ago"], f"recent-{number}", act)


def _past() -> Iterator[Act]:
    told = _load("past.json")
    for number, story in enumerate(told["stories"]):
        name = f"past-{number}"
        for act in _life(told["life"], story) if "given" in story else ():
            yield Act(story["began"] - act["day"], name, act)
        for act in story.get("acts", ()):
            yield Act(act["days_ago"], name, act)


def _life(life: list[dict[str, Any]], story: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Up to and without the act that the story names, if it names one."""
    for act in life:
        if act["do"] == story.get("before"):
            return
        yield _fill(act, story["given"])


def _fill(value: Any, given: Mapping[str, Any]) -> Any:
    """"$name" is what is given under that name, "@$name" the person of that key."""
    again = partial(_fill, given=given)
    if isinstance(value, dict):
        return {name: again(one) for name, one in value.items()}
    if isinstance(value, list):
        return [again(one) for one in value]
    if isinstance(value, str) and value.startswith("@$"):
        return f"@{given[value[2:]]}"
    return given[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))
