"""What the check says about forms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.engine import Finding


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What forms may refer to; None: not known here, so not checked."""

    binds: Collection[str] | None = None
    """Places of domain data that `x-bind` may name."""
    sources: Collection[str] | None = None
    """Names that `options_from` may have."""
    kinds: Collection[str] | None = None
    """Kinds of file that `accept` may list."""
    functions: Collection[str] = ()
    """Names of the expression language, which no field may take."""


def check_form(schema: bytes, ui: bytes, name: str, surroundings: Surroundings | None = None) -> list[Finding]:
    """Everything wrong with one form; severity `publishing` for a missing language."""
    raise NotImplementedError


def check_forms(files: Mapping[str, bytes], surroundings: Surroundings | None = None) -> list[Finding]:
    """The findings of all forms of a release (path -> bytes), also a file that lacks its other half."""
    raise NotImplementedError
