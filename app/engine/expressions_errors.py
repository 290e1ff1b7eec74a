"""What an analyst is told when an expression, script, decision or template cannot be taken or evaluated."""

from typing import Any

from app.engine.expressions_messages import MESSAGES
from app.engine.expressions_messages_values import Reason
from app.i18n import Text

At = tuple[int, int]
"""Line and column, both counted from 1, in characters."""


class ExpressionError(Exception):
    """An expression that is refused, or that failed on these data.

    `reason`: "language" it is not of our language, "name" something it names is not there, "value" the data do not
    fit, "limit" it would cost too much. `line` and `column` count from 1 in `source`. `cell` is the id of the cell or
    column of a decision table. `file` and `element` are for the caller to fill in.
    """

    def __init__(self, message: Text, hint: Text, reason: Reason = "language", at: At | None = None) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint
        self.reason = reason
        self.at = at
        self.source = ""
        self.file: str | None = None
        self.element: str | None = None
        self.cell: str | None = None

    @property
    def line(self) -> int:
        return self.at[0] if self.at else 1

    @property
    def column(self) -> int:
        return self.at[1] if self.at else 1

    def __str__(self) -> str:
        return f"{self.message.en} (line {self.line}, column {self.column})"


FAULTS = (
    ExpressionError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)
"""All that evaluating plain values with Python's own operators can raise."""


def error(key: str, at: At | None = None, **params: object) -> ExpressionError:
    """The error of that key in expressions_messages, its placeholders filled."""
    reason, ru, en, hint_ru, hint_en = MESSAGES[key]
    shown = {name: _short(value) for name, value in params.items()}
    message = Text(ru=ru.format(**shown), en=en.format(**shown))
    return ExpressionError(message, Text(ru=hint_ru.format(**shown), en=hint_en.format(**shown)), reason, at)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def located(fault: Exception, at: At) -> ExpressionError:
    """The fault as an ExpressionError that says where; a place already known is kept."""
    if isinstance(fault, ExpressionError):
        if fault.at is None:
            fault.at = at
        return fault
    if isinstance(fault, ZeroDivisionError):
        return error("zero_division", at)
    if isinstance(fault, RecursionError | MemoryError):
        return error("value_large", at)
    return error("failed", at)


_KINDS = {
    str: ("текст", "text"),
    int: ("целое число", "whole number"),
    float: ("число", "number"),
    bool: ("да/нет", "true or false"),
    list: ("список", "list"),
    dict: ("запись с полями", "record of fields"),
    type(None): ("ничего (None)", "nothing (None)"),
}


def kind_names(value: object) -> dict[str, Any]:
    """{"ru": …, "en": …}: what sort of value it is, for messages."""
    ru, en = _KINDS.get(type(value), ("нечто иное", "something else"))
    return {"ru": ru, "en": en}
