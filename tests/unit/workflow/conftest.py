"""What the tests of running procedures share."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.workflow import bindings, happenings, instances, jobs, messages, operations, reminders
from tests.scene import Scene


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test registers is known to that test only."""
    monkeypatch.setattr(operations, "_registered", {})
    monkeypatch.setattr(happenings, "_registered", {})
    monkeypatch.setattr(instances, "_at_end", [])
    monkeypatch.setattr(bindings, "_registered", {})
    monkeypatch.setattr(reminders, "_lead", lambda _session: 3)
    monkeypatch.setattr(messages, "_kept", lambda _session: timedelta(days=364))
    yield
    jobs.dispatch_by(lambda _session: None)


@pytest.fixture
def scene(sessions: sessionmaker[Session]) -> Scene:
    """Anna administers the section, Boris too."""
    made = Scene(sessions)
    made.person("anna", "administrator")
    made.person("boris", "administrator")
    return made
