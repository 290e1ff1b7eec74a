"""The organisation's electronic seal (PAdES) on a PDF, where a certificate is configured."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Seal:
    """A PKCS#12 file with the certificate and key, and its password."""

    file: Path
    password: str = field(repr=False)


def seal(pdf: bytes, key: Seal) -> bytes:
    """The document with the seal appended. Raises PermanentFailure for a file or password that does not fit."""
    raise NotImplementedError
