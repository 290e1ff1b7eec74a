"""Where no mail server is set up: letters wait as jobs and become incidents that say why, never lost in silence."""

from app.connectors.mail.message import Message
from app.errors import TemporaryFailure


class NoServer:
    """A Sender that cannot send."""

    def send(self, message: Message) -> None:
        raise TemporaryFailure(f"no mail server is configured; the letter to {message.to_address} waits")
