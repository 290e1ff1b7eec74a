"""Plain JSON values, the limits they keep everywhere, and the fuel that bounds the work done on them."""

import time
from typing import TypeAlias

from app.engine.expressions_errors import ExpressionError
from app.i18n import Text

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

MAX_TEXT = 100_000
MAX_ITEMS = 10_000
MAX_WHOLE = 2**63 - 1
MAX_NODES = 20_000
MAX_DEPTH = 40
MAX_CHARACTERS = 1_000_000
FUEL = 200_000
SECONDS = 0.5
_LOOK_EVERY = 4_096


class Fuel:
    """Work that may still be done; one unit is about one tenth of a microsecond.

    The processor time of the thread is looked at only now and then: a net under a wrongly priced operation,
    not the measure, so that the same expression ends the same way on a busy machine.
    """

    __slots__ = ("end", "left", "look")

    def __init__(self, units: int = FUEL, seconds: float = SECONDS) -> None:
        self.left = units
        self.look = units - _LOOK_EVERY
        self.end = seconds

    def spend(self, units: int) -> None:
        """Take units off; raises ExpressionError (reason "limit") when there are none left."""
        self.left -= units
        if self.left < self.look:
            self._watch()

    def _watch(self) -> None:
        """Stub until the language is in."""
        if self.left < 0:
            raise ExpressionError(Text(ru="Слишком долго.", en="Too long."), Text(ru="", en=""), "limit")
        time.thread_time()


def plain(value: object, fuel: Fuel | None = None) -> Json:
    """A copy of plain JSON that shares nothing with `value`; for form values and connectors' answers too.

    Raises ExpressionError (reason "limit") where the value, written out in full, passes the limits above,
    (reason "value") where it is not plain JSON: other types, keys that are not texts, NaN, lone surrogates.
    """
    raise NotImplementedError(value, fuel)
