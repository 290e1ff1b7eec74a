"""Where the rest of the draft uses a form and each of its fields, told before one of them goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.engine.field_uses import Asking, Use, askings, field_uses


@dataclass(frozen=True, slots=True)
class Played:
    """A line of recorded scenarios that answers the field."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Uses:
    """Of one form: the steps that ask it, and by field who needs it."""

    steps: tuple[Asking, ...]
    fields: Mapping[str, tuple[Use, ...]]
    played: Mapping[str, tuple[Played, ...]]

    def of(self, field: str) -> int:
        return len(self.fields.get(field, ())) + len(self.played.get(field, ()))


MOST = 5
"""So many lines of scenarios are named for a field."""


def of_form(files: Mapping[str, bytes], form: str) -> Uses:
    steps = tuple(askings(files, form))
    fields = {name: tuple(found) for name, found in field_uses(files, form).items()}
    folders = sorted({str(PurePosixPath(one.file).parent) for one in steps})
    names = {name for one in steps for name in one.outputs}
    return Uses(steps, fields, _played(files, folders, names))


def _played(files: Mapping[str, bytes], folders: list[str], names: set[str]) -> dict[str, tuple[Played, ...]]:
    found: dict[str, list[Played]] = {}
    for path in (f"{folder}/scenarios.yaml" for folder in folders):
        text = files.get(path, b"").decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            for name in names & set(re.findall(r"(?<![\w.])([a-z][a-z0-9_]*)(?=\s*:)", line.partition("# ")[0])):
                found.setdefault(name, []).append(Played(path, number))
    return {name: tuple(lines[:MOST]) for name, lines in found.items()}
