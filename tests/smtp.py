"""A mail server on loopback that keeps what it is given and misbehaves as it is told."""

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    encrypted: bool

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=default)


@dataclass(slots=True)
class Post:
    """What the server was given, and how it answers: `at_recipient` and `at_data` are used up one by one.

    An answer is a line of SMTP; `drop` closes the connection without one, after the message was stored.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    at_recipient: list[str] = field(default_factory=list)
    at_data: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """Recipients that never exist here."""
    pause: float = 0
    """How long a message is looked at, so that conversations overlap."""
    here: int = 0
    peak: int = 0
    connections: int = 0

    def idents(self) -> Counter[str]:
        return Counter(str(one.mail["Message-ID"]) for one in self.taken)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.attempts[address] += 1
        if address in self.refused:
            return "550 5.1.1 No such mailbox here"
        answer = self.at_recipient.pop(0) if self.at_recipient else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.pause:
            await asyncio.sleep(self.pause)
        answer = self.at_data.pop(0) if self.at_data else "250 OK"
        if answer.startswith("2") or answer == "drop":
            taken = Taken(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content, session.ssl is not None)
            self.taken.append(taken)
        if answer == "drop":
            server.transport.abort()
        return answer


class _Counting(SMTP):
    def connection_made(self, transport: Any) -> None:
        post: Post = self.event_handler
        if not getattr(self, "_known", False):  # STARTTLS makes the connection a second time
            self._known = True
            post.here += 1
            post.connections += 1
            post.peak = max(post.peak, post.here)
        super().connection_made(transport)

    def connection_lost(self, error: Any) -> None:
        self.event_handler.here -= 1
        super().connection_lost(error)


@contextmanager
def serving(
    post: Post | None = None,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    password: str | None = None,
) -> Iterator[Post]:
    """The server, running in a thread of its own on a free port."""
    post = post or Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]

    def judge(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == (password or "").encode(), handled=False)

    class Host(Controller):
        def factory(self) -> SMTP:
            return _Counting(
                post,
                tls_context=starttls,
                authenticator=judge if password else None,
                auth_required=password is not None,
                auth_require_tls=tls is None,
            )

    host = Host(post, hostname="127.0.0.1", port=post.port, ssl_context=tls)
    host.start()
    try:
        yield post
    finally:
        host.stop()


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and drips a letter now and then, never a whole line."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        listener.settimeout(0.05)
        opened: list[socket.socket] = []
        while not over.wait(0.05):
            with suppress(TimeoutError):
                opened.append(listener.accept()[0])
            for one in opened:
                with suppress(OSError):
                    one.send(b"2")
        for one in opened:
            one.close()

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Of a server called localhost; `trust` is a client that knows it, another one does not."""

    server: ssl.SSLContext
    trust: ssl.SSLContext


def certificate(folder: Path, name: str = "localhost") -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    return Certificate(server, ssl.create_default_context(cadata=pem.decode()))
