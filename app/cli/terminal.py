"""What is said to the person at the terminal."""

import sys
from collections.abc import Iterable

from app.i18n import Locale, as_locale


def say(*words: object) -> None:
    """To a person, so that standard output stays free for JSON."""
    print(*words, file=sys.stderr, flush=True)


def language(environment: Iterable[str | None]) -> Locale:
    """Of the first of LC_ALL, LC_MESSAGES and LANG that names one of ours."""
    return next((locale for value in environment if value and (locale := as_locale(value[:2]))), "en")
