"""Invariants that can be proven from the database and the files alone; the operator's and the tests' last word.

run(session, config) -> list[Violation]; empty when everything fits. Nothing is repaired here.
"""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.audit import inspection, verification
from app.config import Config
from app.files import inspection as files
from app.identity import inspection as rights
from app.workflow.fsck import answered, evidence, instances, jobs, links, rows
from app.workflow.fsck.folding import folds
from app.workflow.fsck.violation import INVARIANTS, Violation

__all__ = ["INVARIANTS", "Violation", "run"]


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
    for problem in rights.check(session):
        yield Violation("V24", "", problem)
