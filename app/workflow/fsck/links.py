"""One-time links of letters: used means exactly one effect, unused none, and no token can be read (V18)."""

import json
import re
from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.kinds import Kind
from app.audit.models import EventRow, StreamRow
from app.identity.models import OneTimeLink
from app.workflow.fsck.violation import Violation

EFFECTS = frozenset({Kind.PASSWORD_SET.value})
"""What using a link does; that it was made and sent is other events."""
_HASH = re.compile(r"[0-9a-f]{64}")


def check(session: Session) -> Iterator[Violation]:
    effects = _effects(session)
    for link in session.scalars(sa.select(OneTimeLink).order_by(OneTimeLink.id)):
        where = f"link {link.id}"
        found = effects.pop(link.id, Counter())
        wanted = Counter({(link.person_id, link.effect): 1}) if link.used_at is not None else Counter()
        if found != wanted:
            yield Violation("V18", where, f"{found.total()} effects in the evidence, {wanted.total()} by the row")
        if link.used_at is not None and link.used_at > link.expires_at:
            yield Violation("V18", where, "used after it had expired")
        if not _HASH.fullmatch(link.hash):
            yield Violation("V18", where, "its token is not kept as a hash")
    for ident in sorted(effects):
        yield Violation("V18", f"link {ident}", "an event names it, but there is no such link")


def _effects(session: Session) -> dict[str, Counter[tuple[str, str | None]]]:
    """Link -> whose stream names it in which kind of event."""
    query = (
        sa.select(StreamRow.ident, EventRow.kind, EventRow.body)
        .join(StreamRow, StreamRow.id == EventRow.stream)
        .where(StreamRow.kind == "person", EventRow.kind.in_(EFFECTS))
    )
    found: dict[str, Counter[tuple[str, str | None]]] = {}
    for person, kind, body in session.execute(query.execution_options(yield_per=1000)):
        link = json.loads(body).get("link")
        if isinstance(link, str):
            found.setdefault(link, Counter())[person, kind] += 1
    return found
