"""Names of files as people give them: kept, but freed of what could deceive a reader or a header."""

import unicodedata
from pathlib import PurePosixPath

from app.errors import N_, Invalid

LONGEST = 300
_JOINERS = "\u200c\u200d"  # some scripts cannot be written without them


def clean_name(raw: str) -> str:
    """The last part of the path, without invisible characters (so no right-to-left override hides an extension).

    Invalid for control characters such as a line feed, for an empty name and for one longer than 300 characters.
    """
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rsplit("/", 1)[-1]
    if any(unicodedata.category(character) in ("Cc", "Cs", "Cn", "Zl", "Zp") for character in name):
        raise Invalid(N_("The file's name holds characters that cannot be printed: rename the file."))
    name = "".join(c for c in name if c in _JOINERS or unicodedata.category(c) != "Cf").strip()
    if not name.strip(". "):
        raise Invalid(N_("The file has no name."))
    if len(name) > LONGEST:
        raise Invalid(N_("The file's name is longer than %(limit)s characters: rename the file."), limit=LONGEST)
    return name


def extension(name: str) -> str:
    """In small letters, without the point; empty where there is none."""
    return PurePosixPath(name).suffix.lower().lstrip(".")


def shown(name: str) -> str:
    """A name out of an archive, fit for a message: short and printable."""
    printable = "".join(character if character.isprintable() else "\ufffd" for character in name)
    return printable if len(printable) <= 80 else printable[:79] + "…"
