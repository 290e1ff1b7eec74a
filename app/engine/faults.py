"""What can go wrong inside a step, in words for the operator who must look at it."""

from app.engine.advance import BudgetExceeded
from app.engine.expressions_errors import ExpressionError
from app.i18n import Text


class Fault(Exception):
    """The diagram and the data do not fit together; the token stops where it stands."""

    def __init__(self, message: Text, detail: str = "") -> None:
        super().__init__(message.en)
        self.message = message
        self.detail = detail


UNFORESEEN = Text(
    ru="Сбой движка на этом шаге. Данные сохранены; повторите шаг или сообщите администратору системы.",
    en="The engine failed at this step. The data are kept; retry the step or tell the system administrator.",
)


def explain(error: Exception) -> tuple[Text, str]:
    """The message for a person and the detail for the operator. No stack trace, no data."""
    if isinstance(error, ExpressionError):
        return error.message, f"{error.source or ''} ({error.line}:{error.column})".strip()
    if isinstance(error, Fault):
        return error.message, error.detail
    if isinstance(error, BudgetExceeded):
        return error.message, ""
    return UNFORESEEN, type(error).__name__
