"""Counting the statements that a block of code sends."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def statements(engine: Engine) -> Counting:
    """`with statements() as sent:` – the SQL sent inside the block, in order."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            sent.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        yield sent
        sa.event.remove(engine, "before_cursor_execute", note)

    return counting
