"""Files of other tools on their way into the draft: looked at, told about, and only then taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.engine import Finding, strangers
from app.engine.strangers import Arrival
from app.errors import N_, Conflict
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import checking, drafts, paths
from app.workflow.studio.drafts import Overtaken, Saved

LONGEST_NAME = 60
TAKEN = N_("There is already a file %(path)s in the draft. Choose another name, or say that it is to be replaced.")
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
_MADE_UP = re.compile(r"(process|decision|collaboration)(_[0-9a-z]*)?|sid_.*")
"""Ids that an editor gives."""
_LATIN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
    *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f"),
    *("kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
), strict=True))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a file would go and what would come of it; nothing is saved yet."""

    path: str
    replaces: bool
    """The draft has a file there."""
    revision: int
    """At which that file stands: to be given back when taking."""
    clashes: tuple[tuple[str, str], ...]
    """Ids of processes or decisions that the draft has already, each with its file."""
    findings: tuple[Finding, ...]


def suggest(arrival: Arrival, filename: str) -> str:
    """A name for the procedure, from what the process is called by or the file."""
    for given in (*(name for one in arrival.named[:1] for name in one), filename.rpartition(".")[0]):
        name = _NOT_IN_A_NAME.sub("_", "".join(_LATIN.get(sign, sign) for sign in given.lower())).strip("_")
        if name and not _MADE_UP.fullmatch(name):
            return name[:LONGEST_NAME].strip("_")
    return "imported"


def place(folder: str, name: str, arrival: Arrival) -> str:
    """The path in the draft. Invalid where a release can have no such file."""
    path = f"processes/{folder}/{name}.{arrival.kind}"
    paths.demand_allowed(path)
    return path


def propose(session: Session, draft: StudioDraft, arrival: Arrival, path: str) -> Proposal:
    """What the check would say with the file in its place, and what it would run into."""
    files = drafts.files(session, draft)
    touched = drafts.touched(session, draft)
    others = strangers.names_in({other: data for other, data in files.items() if other != path})
    found = checking.check({**files, path: arrival.content})
    return Proposal(
        path,
        path in files,
        touched[path].revision if path in touched else 0,
        tuple((name, others[name]) for name, _ in arrival.named if name in others),
        tuple(one for one in found if one.file == path),
    )


def take(
    session: Session, draft: StudioDraft, arrival: Arrival, proposal: Proposal, by: str, *, replace: bool, note: str
) -> Saved | Overtaken:
    """Into the draft, byte for byte. Conflict where a file stands there that is not to be replaced."""
    if proposal.replaces and not replace:
        raise Conflict(TAKEN, path=proposal.path)
    return drafts.save(
        session, draft, proposal.path, arrival.content, proposal.revision, by, how="imported", note=note[:500]
    )


def folders(files: Iterator[str]) -> list[str]:
    """The procedures that the draft has, for choosing where a file goes."""
    return sorted({path.split("/")[1] for path in files if path.startswith("processes/") and path.count("/") > 1})
