"""Files in words: how large, of which kind."""

from collections.abc import Iterable

from app.forms.messages import in_words
from app.i18n import _


def file_size(size: int) -> str:
    """1.2 MB; 340 kB; under a kilobyte still 1 kB."""
    if size >= 1024 * 1024:
        return _("%(size)s MB", size=in_words(round(size / 1024 / 1024, 1)))
    return _("%(size)s kB", size=max(1, round(size / 1024)))


def kinds_in_words(kinds: Iterable[str]) -> str:
    """PDF, PPTX."""
    return ", ".join(kind.upper() for kind in kinds)
