"""Evidence at work: sealing from time to time, copies outside, exports. What is sealed and signed: `app.audit`."""

from app.config import Config
from app.connectors.mail import Sender
from app.courses.evidence import copies, exporting, requests, sealing
from app.workflow import operations
from app.workflow.chores import Chore

__all__ = ["chores", "copies", "exporting", "install", "requests", "sealing"]


def install(settings: Config, sender: Sender) -> None:
    """Where copies go and exports are kept in this process, and the operations that take them there."""
    folder = copies.Directory(settings.checkpoint_dir) if settings.checkpoint_dir else None
    addresses = [one.strip() for one in settings.checkpoint_mail.split(",") if one.strip()]
    copies.install(folder, addresses, sender)
    requests.install(settings.database, settings.files / "exports")
    for operation in (*copies.OPERATIONS, requests.OPERATION):
        operations.register(operation)


def chores(settings: Config) -> list[Chore]:
    """What the worker does from time to time."""
    return [sealing.chore(settings), requests.chore(settings)]
