"""What an analyst is told when an expression, script, decision or template cannot be taken or evaluated."""

from typing import Literal

from app.i18n import Text

Reason = Literal["language", "name", "value", "limit"]


class ExpressionError(Exception):
    """An expression that is refused, or that failed on these data.

    `reason`: "language" it is not of our language, "name" something it names is not there, "value" the data do not
    fit, "limit" it would cost too much. `line` and `column` count from 1 in `source`. `file` and `element` are for
    the caller to fill in.
    """

    def __init__(
        self, message: Text, hint: Text, reason: Reason = "language", at: tuple[int, int] | None = None
    ) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint
        self.reason = reason
        self.at = at
        self.source = ""
        self.file: str | None = None
        self.element: str | None = None

    @property
    def line(self) -> int:
        return self.at[0] if self.at else 1

    @property
    def column(self) -> int:
        return self.at[1] if self.at else 1

    def __str__(self) -> str:
        return f"{self.message.en} (line {self.line}, column {self.column})"
