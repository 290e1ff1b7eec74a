"""Where no mail server is set up: letters wait behind one incident that says so, never lost in silence."""

from app.connectors.mail.message import Message
from app.connectors.mail.smtp import SYSTEM
from app.errors import OutOfOrder


class NoServer:
    """A Sender that cannot send."""

    def send(self, message: Message) -> None:  # noqa: ARG002 - nobody gets it
        raise OutOfOrder(SYSTEM, "no mail server is configured (SMTP_URL, MAIL_FROM); the letters wait")
