"""Mail: a finished message, what sends it, and a stand-in that keeps it in a folder. Knows no courses, no workflow."""

from app.connectors.mail.message import Message, Sender
from app.connectors.mail.stand_in import Mailbox, Received

__all__ = ["Mailbox", "Message", "Received", "Sender"]
