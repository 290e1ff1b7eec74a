"""What the tests of running procedures share: operations that are forgotten again."""

from collections.abc import Iterator

import pytest

from app.workflow import bindings, jobs, operations


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test registers is known to that test only."""
    monkeypatch.setattr(operations, "_registered", dict(operations.registered()))
    monkeypatch.setattr(bindings, "_registered", dict(bindings.registered()))
    yield
    jobs.dispatch_by(lambda _session: None)
