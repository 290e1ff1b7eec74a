"""Invariants that can be proven from the database and the files alone; the operator's and the tests' last word.

run(session, config) -> list[Violation]; empty when everything fits. Nothing is repaired here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit import inspection, verification
from app.config import Config
from app.files import inspection as files
from app.identity import inspection as rights
from app.workflow.fsck import answered, evidence, instances, jobs, links, rows
from app.workflow.fsck.folding import folds
from app.workflow.fsck.violation import INVARIANTS, Violation

__all__ = ["INVARIANTS", "Violation", "also", "run"]


Further = Callable[[Session, Path], Iterator[tuple[str, str]]]
"""(session, folder of the files) -> where, and what does not fit."""
_further: dict[str, Further] = {}


def also(invariant: str, check: Further) -> None:
    """Have the domain's own invariant proven with the others."""
    _further[invariant] = check


def run(session: Session, config: Config, log: Path | None = None) -> list[Violation]:
    """All violations, in the order of their invariants' numbers; with `log`, the production log's forms too."""
    return sorted(_all(session, config, log), key=lambda one: (one.invariant, one.where))


def _all(session: Session, config: Config, log: Path | None) -> Iterator[Violation]:
    told = folds(session)
    yield from instances.check(session, told)
    yield from evidence.check(session, told)
    yield from jobs.check(session, told)
    yield from rows.check(session)
    for problem in verification.verify_all(session):
        yield Violation("V05", "", problem)
    for problem in inspection.check(session, config.checkpoint_dir):
        yield Violation("V21", "", problem)
    if log is not None:
        yield from answered.check(session, log)
    yield from links.check(session)
    for problem in files.check(config.files, session):
        yield Violation("V16", "", problem)
    for invariant, further in _further.items():
        for where, what in further(session, config.files):
            yield Violation(invariant, where, what)
    for problem in rights.check(session):
        yield Violation("V24", "", problem)
