"""Mail by SMTP: a fresh connection for every message, never in the clear unless the setting says so.

What the server's answers mean: 4xx and a broken connection are tried again later; 5xx for the recipient or the message
is final and names the recipient; a connection that breaks after the message was given is `Uncertain`, and the message
goes again under the same Message-ID, so that a recipient rather has it twice than never. What no letter can get past,
such as a refused password or a certificate nobody vouches for, is OutOfOrder: one incident, and all letters wait.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from app.connectors.mail import headers
from app.connectors.mail.headers import printable
from app.connectors.mail.message import Message, as_email
from app.connectors.mail.slots import slot
from app.errors import OutOfOrder, PermanentFailure, TemporaryFailure

SYSTEM = "mail"
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class Uncertain(TemporaryFailure):
    """The message was given and the answer is missing: it may have been taken."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where letters are handed in."""

    host: str
    port: int
    scheme: str
    user: str = ""
    password: str = field(default="", repr=False)
    connections: int = 2
    """At a time, over all threads and processes that share the data folder."""

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Patience:
    """In seconds."""

    answer: float = 20
    """For each answer of the server."""
    whole: float = 90
    """For the whole conversation, however often the server says something."""
    turn: float = 30
    """Until one of the connections is free."""


def read_url(url: str) -> Server:
    """The setting SMTP_URL. ValueError says what is wrong with it, without its password."""
    try:
        parts = urlsplit(url)
        port, wanted = parts.port, int(parse_qs(parts.query).get("connections", ["2"])[0])
    except ValueError:
        raise ValueError("SMTP_URL cannot be read: its port and its connections must be numbers") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("SMTP_URL must begin with smtp://, smtps:// or smtp+plain:// and name a host")
    if not 1 <= wanted <= 50:
        raise ValueError("SMTP_URL: connections must be from 1 to 50")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == "smtp+plain":
        raise ValueError("SMTP_URL: a password is never sent in the clear; use smtp:// or smtps://")
    return Server(parts.hostname, port or PORTS[parts.scheme], parts.scheme, user, password, wanted)


class Smtp:
    """A Sender to a mail server. `sender` is the address in From and of the envelope, where bounces go."""

    def __init__(
        self,
        server: Server,
        sender: str,
        locks: Path,
        patience: Patience | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        try:
            self._sender = headers.sender(sender).addr_spec
        except headers.Unsafe:
            raise ValueError("MAIL_FROM must be one address, such as COOMET <courses@example.org>") from None
        self._from = sender
        self._server = server
        self._locks = locks
        self._patience = patience or Patience()
        self._trust = trust or ssl.create_default_context()

    def send(self, message: Message) -> None:
        content = as_email(message, self._from).as_bytes()
        recipient = headers.address_of(message.to_address, "recipient")
        lock = f"smtp-{self._server.host.replace('/', '_')}-{self._server.port}"
        with slot(self._locks, lock, self._server.connections, self._patience.turn), self._conversation() as client:
            self._hand_in(client, recipient, content)

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        """A connection that is encrypted and signed in to; every break of it outside DATA is a TemporaryFailure."""
        name = self._server.name
        try:
            client = self._connect()
        except ssl.SSLError as error:
            raise OutOfOrder(SYSTEM, f"{name}: no trustworthy encryption: {printable(str(error))}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure(f"{name}: no connection: {printable(str(error))}") from None
        try:
            self._greet(client)
            yield client
        except ssl.SSLError as error:
            raise OutOfOrder(SYSTEM, f"{name}: no trustworthy encryption: {printable(str(error))}") from None
        except smtplib.SMTPResponseException as error:
            raise TemporaryFailure(f"{name}: {_said(error.smtp_code, error.smtp_error)}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure(f"{name}: the connection broke: {printable(str(error))}") from None
        finally:
            client.close()

    def _connect(self) -> smtplib.SMTP:
        server, limit = self._server, self._patience.answer
        own_name = self._sender.rpartition("@")[2]
        whole = self._patience.whole
        if server.scheme == "smtps":
            return _LimitedTls(whole, server.host, server.port, own_name, timeout=limit, context=self._trust)
        return _Limited(whole, server.host, server.port, own_name, timeout=limit)

    def _greet(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self._server.scheme == "smtp":
            if not client.has_extn("starttls"):
                raise OutOfOrder(
                    SYSTEM,
                    f"{self._server.name} offers no STARTTLS: nothing was sent in the clear. "
                    "Use smtps://, or smtp+plain:// for a relay on a trusted network",
                )
            client.starttls(context=self._trust)
            client.ehlo()
        if self._server.user:
            try:
                client.login(self._server.user, self._server.password)
            except smtplib.SMTPAuthenticationError as error:
                said = _said(error.smtp_code, error.smtp_error)
                refused = f"{self._server.name} refuses the user and password of SMTP_URL: {said}"
                raise (OutOfOrder(SYSTEM, refused) if error.smtp_code >= 500 else TemporaryFailure(refused)) from None
            except smtplib.SMTPNotSupportedError:
                raise OutOfOrder(SYSTEM, f"{self._server.name} offers no sign-in that we know") from None

    def _hand_in(self, client: smtplib.SMTP, recipient: str, content: bytes) -> None:
        code, words = client.mail(self._sender)
        if 500 <= code <= 599:
            refused = f"{self._server.name} refuses the sender {self._sender} of MAIL_FROM: {_said(code, words)}"
            raise OutOfOrder(SYSTEM, refused)
        self._demand(code == 250, code, words, f"the sender {self._sender} is refused")
        code, words = client.rcpt(recipient)
        self._demand(code in (250, 251), code, words, f"the recipient {recipient} is refused")
        code, words = client.docmd("DATA")
        self._demand(code == 354, code, words, f"the letter to {recipient} is refused")
        try:
            client.send(_dotted(content))
            code, words = client.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(
                f"{self._server.name} took the letter to {recipient} and broke off before its answer: "
                f"{printable(str(error))}"
            ) from None
        self._demand(code == 250, code, words, f"the letter to {recipient} is refused")
        _leave(client)

    def _demand(self, met: bool, code: int, words: bytes, otherwise: str) -> None:
        if met:
            return
        said = f"{self._server.name}: {otherwise}: {_said(code, words)}"
        if 500 <= code <= 599:
            raise PermanentFailure(said, "refused")
        raise TemporaryFailure(said)


class _Limited(smtplib.SMTP):
    """A conversation that ends after `whole` seconds, also where the server says a letter now and then for ever."""

    def __init__(self, whole: float, *address: Any, **settings: Any) -> None:
        self._watch = Timer(whole, self._cut)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(*address, **settings)
        except BaseException:
            self._watch.cancel()
            raise

    def close(self) -> None:
        self._watch.cancel()
        super().close()

    def _cut(self) -> None:
        """Whoever waits for an answer gets an end of file."""
        with suppress(OSError, AttributeError):
            # not the method of an SSL socket, which would first take its encryption away from the reading thread
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # type: ignore[arg-type]  # None: not connected yet


class _LimitedTls(_Limited, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def _dotted(content: bytes) -> bytes:
    """The message as DATA wants it: a dot at a line's beginning doubled, one alone at the end (RFC 5321, 4.5.2)."""
    lines = content.split(b"\r\n")
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return printable(f"{code} {text}".replace("\r\n", " ").replace("\n", " "))


def _leave(client: smtplib.SMTP) -> None:
    """Politely; the message is taken whatever comes of it."""
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        return
