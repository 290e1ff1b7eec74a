"""The failures a person or the worker must be told about.

A message is an English msgid with named placeholders; the page that shows it translates it into the reader's
language. Anything that is not a Problem is a fault of the program and is shown as such, without details.
"""

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - the customary name by which extractors find texts translated later
    """Mark a text for extraction where it is written and translated only where it is shown."""
    return message


class Problem(Exception):
    """Something a person can understand and act upon; `status` is the HTTP status it maps to."""

    status = 400

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class NotFound(Problem):
    """The thing does not exist, or the person may not know that it does (both read the same)."""

    status = 404

    def __init__(self, message: str = N_("There is nothing here, or it is not open to you."), **params: object) -> None:
        super().__init__(message, **params)


class Denied(NotFound):
    """A refusal that must be recorded as such; the answer is that of NotFound."""


class Conflict(Problem):
    """Somebody was faster, or the page is older than the thing it shows."""

    status = 409


class Invalid(Problem):
    """Input that cannot be taken; `fields` maps a field path to its message id and parameters."""

    status = 422

    def __init__(self, message: str, fields: Mapping[str, "Problem"] | None = None, **params: object) -> None:
        super().__init__(message, **params)
        self.fields = dict(fields or {})


class TooLarge(Problem):
    """More bytes, parts or rows than the limit that was told before."""

    status = 413


class Unavailable(Problem):
    """Temporarily out of reach (a locked database, a stopping server); safe to try again."""

    status = 503


class StorageFull(Problem):
    """No room to keep what was sent; nothing was stored."""

    status = 507


class TemporaryFailure(Exception):
    """The outside world failed in a way that a later try may cure."""


class OutOfOrder(TemporaryFailure):
    """An outside system refuses us altogether (an expired token): whatever wants it waits until a person has looked."""

    def __init__(self, system: str, message: str) -> None:
        super().__init__(message)
        self.system = system


class PermanentFailure(Exception):
    """The outside world refused; trying again is of no use, a person must look.

    `code` is matched against the error codes of boundary events.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code
