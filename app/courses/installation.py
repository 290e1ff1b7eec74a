"""What this package offers to diagrams, forms and jobs, made known in one call when the program is joined."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app import clock
from app.connectors.mail import Sender
from app.courses import letters, settings
from app.courses.access import ending, sealed
from app.courses.actualisation import inspection
from app.courses.bindings import BINDINGS
from app.courses.certificates import inspection as certificate_books
from app.courses.certificates import pending
from app.courses.creation import decisions
from app.courses.documents import kept
from app.courses.happenings import HAPPENINGS
from app.courses.letters import delivery
from app.courses.operations import OPERATIONS
from app.courses.planning import versions
from app.courses.platform import steps
from app.workflow import bindings, events, fsck, happenings, instances, messages, operations, reminders


def install(sender: Sender, public_url: str) -> None:
    """Register operations, places of domain data, events and the settings of reminders; letters go through `sender`."""
    for operation in (*OPERATIONS, *letters.OPERATIONS):
        operations.register(operation)
    for place, binding in {**BINDINGS, **steps.BINDINGS}.items():
        bindings.register(place, binding)
    operations.register(events.ANNOUNCING)
    for happening in HAPPENINGS:
        happenings.register(happening)
    reminders.lead_by(_days_before)
    instances.on_end(decisions.close_agreements)
    instances.on_end(pending.close)
    instances.on_end(ending.close)
    fsck.also("V17", certificate_books.check)
    messages.keep_for(_weeks_kept)
    fsck.also("V25", inspection.check)
    letters.install(sender, public_url)
    versions.install()
    delivery.take_in(kept.attachments, sealed.open_key)


def _days_before(session: Session) -> int:
    return settings.number(session, "remind_before", clock.now().date())


def _weeks_kept(session: Session) -> timedelta:
    return timedelta(weeks=settings.number(session, "message_weeks", clock.now().date()))
