"""Which files a release may hold, by their paths."""

import re

from app.errors import N_, Invalid

LARGEST = 4 * 1024 * 1024
"""Bytes of one file."""
MOST = 3000
"""Files of one release."""
_NAME = r"[a-z0-9][a-z0-9_]*"
_KINDS = (
    rf"processes/{_NAME}/{_NAME}\.(?:bpmn|dmn)",
    rf"processes/{_NAME}/scenarios\.yaml",
    rf"processes/(?:{_NAME}/)?letters/{_NAME}\.(?:ru|en)\.txt",
    rf"processes/(?:{_NAME}/)?documents/{_NAME}\.(?:(?:ru|en)\.html|css)",
    rf"forms/{_NAME}\.(?:schema|ui)\.json",
)
_ALLOWED = re.compile("|".join(_KINDS), re.ASCII)


def is_allowed(path: str) -> bool:
    """Whether a release may hold a file of that path: a known kind in its place, and nothing that climbs out of it."""
    return len(path) <= 200 and _ALLOWED.fullmatch(path) is not None


def demand_allowed(path: str) -> None:
    if not is_allowed(path):
        raise Invalid(
            N_(
                "%(path)s is no place for a file of a release. Folders and names have small Latin letters, digits and "
                "underscores, such as processes/agreement/agreement.bpmn or forms/opinion.schema.json."
            ),
            path=path[:200],
        )


def demand_size(path: str, content: bytes) -> None:
    if len(content) > LARGEST:
        raise Invalid(
            N_("%(path)s has %(size)s kB; a file of a release may have at most %(most)s kB."),
            path=path,
            size=len(content) // 1024,
            most=LARGEST // 1024,
        )


_PAIRS = ((".schema.json", ".ui.json"), (".ru.txt", ".en.txt"), (".ru.html", ".en.html"))


def companion(path: str) -> str | None:
    """The other half of a form, or the other language of a letter or document."""
    for first, second in _PAIRS:
        for mine, other in ((first, second), (second, first)):
            if path.endswith(mine):
                return path.removesuffix(mine) + other
    return None


def renamed(path: str, new: str, companion_path: str) -> str | None:
    """What a companion is called when its file is called `new`; None where the new name has no such pair."""
    for pair in _PAIRS:
        for mine in pair:
            if path.endswith(mine) and new.endswith(mine):
                return new.removesuffix(mine) + companion_path.removeprefix(path.removesuffix(mine))
    return None
