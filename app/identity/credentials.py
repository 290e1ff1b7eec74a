"""Passwords: which may be chosen (ASVS 6.2), and how they are kept (ASVS 11.4.2).

A password has at least twelve characters, is none of the common ones and does not consist of the person's own name or
address. Nothing else is demanded of it: no mixture of kinds of characters, no change every so often.
"""

import re
import threading
import unicodedata
from functools import cache
from pathlib import Path

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import N_, Problem

SHORTEST, LONGEST = 12, 256
COMMON = Path(__file__).parent / "reference" / "common-passwords.txt"

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)
"""Argon2id with the least that the OWASP Password Storage Cheat Sheet asks for: 19 MiB, two passes."""
_GAPS = re.compile(r"[\W_]+")
_AT_ONCE = threading.BoundedSemaphore(2)
"""A crowd at the door must not take all memory."""
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
"""Keys that lie beside each other."""
_REST = 5
"""So much must be left when all that is easily guessed is taken away."""


def refuse_weak(password: str, *about: str) -> Problem | None:
    """Why the password cannot be taken, or None. `about`: names and address of the person, which anybody can guess."""
    plain = _plain(password)
    if len(password) < SHORTEST:
        return Problem(
            N_("The password must have at least %(least)s characters. A sentence is a good one."), least=SHORTEST
        )
    if len(password) > LONGEST:
        return Problem(N_("The password may have at most %(most)s characters."), most=LONGEST)
    if not password.isprintable():
        return Problem(N_("There are characters here that cannot be printed."))
    if len(set(plain)) < 5 or _is_run(plain) or len(_without(plain, common())) < _REST:
        return Problem(N_("This password is among those that are tried first. Choose another, such as a sentence."))
    if len(_without(plain, _words(*about) | common())) < _REST:
        return Problem(N_("The password is made of your name or address, which others know. Choose another."))
    return None


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(_composed(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password; takes as long where there is none to compare with (S55)."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _nobody(), _composed(password[: LONGEST * 4])) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@cache
def common() -> frozenset[str]:
    """The pieces of passwords that everybody tries first, in the form in which they are compared."""
    lines = COMMON.read_text("utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if line and not line.startswith("#"))


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _composed(password: str) -> str:
    """The same password from every keyboard, however it puts accents on letters."""
    return unicodedata.normalize("NFC", password)


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password).casefold().replace(" ", "")


def _is_run(plain: str) -> bool:
    """Whether it is keys that lie beside each other, or one short piece again and again."""
    half = len(plain) // 2
    repeated = any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, half + 1))
    return repeated or any(plain in run * 3 or plain in run[::-1] * 3 for run in _RUNS)


def _words(*texts: str) -> frozenset[str]:
    """What names and an address are made of."""
    return frozenset(word for text in texts for word in _GAPS.split(text.casefold()) if len(word) > 3)


def _without(plain: str, pieces: frozenset[str]) -> str:
    """What is left when the pieces are taken away, the longest first, and the digits and signs hung onto them."""
    left = plain
    for piece in sorted(pieces, key=len, reverse=True):
        left = left.replace(piece, "")
    return left if left == plain else left.strip("0123456789!?.,-_@#$%*+")
