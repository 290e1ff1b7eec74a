"""Forms that the log says were taken, against what was kept (V23)."""

import json
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.workflow.fsck.violation import Violation
from app.workflow.models import Submission
from app.workflow.submissions import name_in_log

TAKEN = range(200, 400)


def check(session: Session, log: Path) -> Iterator[Violation]:
    """`log`: lines of JSON as production writes them; `sent` names the form without telling its nonce.

    That each submission has its event is V19.
    """
    kept = {name_in_log(nonce) for nonce in session.scalars(sa.select(Submission.nonce))}
    with log.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            facts = _facts(line)
            if "sent" in facts and facts.get("status") in TAKEN and facts["sent"] not in kept:
                yield Violation("V23", f"request {facts.get('request')}", f"line {number}: a form taken, but not kept")


def _facts(line: str) -> dict[str, object]:
    start = line.find("{")
    try:
        found = json.loads(line[start:]) if start >= 0 else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
