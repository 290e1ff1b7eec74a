"""The key that signs checkpoints: a file only its owner may read; its public half stands in the evidence."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import N_, Problem

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

# Cryptography is imported where it is used: it costs a serving process 9 MB, and only the worker signs.


class KeyProblem(Problem):
    """Checkpoints cannot be signed; what to do stands in the message."""


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and the name under which evidence knows it."""

    private: "Ed25519PrivateKey"

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        return key_id(self.public)

    def sign(self, statement: bytes) -> bytes:
        return self.private.sign(statement)


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).hexdigest()[:16]


def verifies(public: bytes, signature: bytes, statement: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    with suppress(InvalidSignature, ValueError):
        Ed25519PublicKey.from_public_bytes(public).verify(signature, statement)
        return True
    return False


def introduction(public: bytes) -> bytes:
    """What the old key signs when a new one takes its place."""
    return b"coomet-evidence-key-1\n" + public.hex().encode()


def load(path: Path) -> Key:
    """Raises KeyProblem for what is no Ed25519 key, or is readable by others; FileNotFoundError where nothing is."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if path.stat().st_mode & 0o077:
        raise KeyProblem(N_("Others may read the evidence key %(path)s. Put that right: chmod 600"), path=path)
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyProblem(N_("%(path)s is no Ed25519 private key in PEM form."), path=path)
    return Key(found)


def store(key: Key, path: Path) -> None:
    """Readable by its owner only, whole or not at all; FileExistsError where something is."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_name(f"{path.name}.new-{key.id}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        os.link(fresh, path)
    finally:
        fresh.unlink()


def generate() -> Key:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Key(Ed25519PrivateKey.generate())


def successor(path: Path) -> Path:
    """Where the next key lies between its introduction and its taking over."""
    return path.with_name(path.name + ".next")
