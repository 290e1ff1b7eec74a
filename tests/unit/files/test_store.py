"""The store: nothing half written, nothing without a row for long, never a row without its bytes (F25, F26, V16)."""

import hashlib
import io
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.config import Config
from app.errors import Invalid, NotFound, StorageFull, TooLarge
from app.files.inspection import check
from app.files.models import File
from app.files.store import open_file, path_of, store, sweep
from tests.conftest import TestClock
from tests.unit.files.building import DOCUMENT, PRESENTATION

LIMIT = 10 << 20
NAME = "Калибровка гирь.pdf"


def _store(config: Config, session: Session, content: bytes = DOCUMENT, name: str = NAME, limit: int = LIMIT) -> File:
    return store(config.files, session, io.BytesIO(content), name, "p1", limit)


def _left(config: Config) -> list[str]:
    """All files under the store but its lock."""
    return sorted(path.name for path in config.files.rglob("*") if path.is_file() and path.name != "lock")


def _age(path: Path, by: timedelta) -> None:
    moment = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (moment, moment))


def test_a_file_is_kept_with_what_is_known_of_it(config: Config, session: Session, moved_clock: TestClock) -> None:
    kept = _store(config, session)
    session.expire_all()
    assert kept.sha256 == hashlib.sha256(DOCUMENT).hexdigest()
    assert (kept.size, kept.name, kept.kind, kept.media_type) == (len(DOCUMENT), NAME, "pdf", "application/pdf")
    assert (kept.notes, kept.created_by, kept.created_at) == ([], "p1", moved_clock.moment)
    with open_file(config.files, kept) as content:
        assert content.read() == DOCUMENT
    assert _left(config) == [kept.sha256]
    assert check(config.files, session) == []


def test_the_same_content_is_kept_once_under_every_name(config: Config, session: Session) -> None:
    first, second = _store(config, session), _store(config, session, name="Копия.pdf")
    assert (first.sha256, first.name) == (second.sha256, NAME)
    assert second.name == "Копия.pdf"
    assert _left(config) == [first.sha256]


def test_what_is_refused_leaves_nothing(config: Config, session: Session) -> None:
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        _store(config, session, limit=len(DOCUMENT) - 1)
    with pytest.raises(Invalid):
        _store(config, session, DOCUMENT, "a.pptx")
    with pytest.raises(Invalid):
        _store(config, session, b"MZ" + DOCUMENT)
    assert _left(config) == []
    assert session.scalars(sa.select(File)).all() == []
    assert _store(config, session, limit=len(DOCUMENT)).size == len(DOCUMENT)


class _Breaking(io.RawIOBase):
    """A connection that is cut after some bytes."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.given > 200_000:
            raise ConnectionResetError
        self.given += size
        return b"%PDF-" + bytes(size - 5)


def test_a_cut_connection_leaves_nothing(config: Config, session: Session) -> None:
    with pytest.raises(ConnectionResetError):
        store(config.files, session, _Breaking(), NAME, "p1", LIMIT)  # type: ignore[arg-type]  # reads bytes, as IO does
    assert _left(config) == []


@contextmanager
def _no_file_longer_than(size: int) -> Iterator[None]:
    """The system refuses to let a file grow, as a full disk or a spent quota does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_is_told_and_leaves_nothing(config: Config, session: Session) -> None:
    """F25."""
    session.connection()
    with _no_file_longer_than(len(DOCUMENT) // 2), pytest.raises(StorageFull):
        _store(config, session)
    assert _left(config) == []
    assert session.scalars(sa.select(File)).all() == []
    assert _store(config, session).size == len(DOCUMENT)


CHILD = """
import sys
from pathlib import Path
from app import db
from app.files.store import store
sessions = db.session_factory(db.create_engine(sys.argv[2]))
with sessions.begin() as session:
    store(Path(sys.argv[1]), session, sys.stdin.buffer, "a.pdf", "p1", 10**9)
"""


@pytest.mark.parametrize("cut", [200_000, 1_234_567])
def test_an_upload_killed_half_way_leaves_only_what_is_swept(
    config: Config, sessions: sessionmaker[Session], cut: int
) -> None:
    """F26: kill -9 while the bytes come in."""
    command = [sys.executable, "-c", CHILD, str(config.files), config.database]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.write(b"%PDF-" + bytes(cut))  # returns once the child has read all but what a pipe holds
        child.kill()
    (partial,) = _left(config)
    assert partial.endswith(".part")
    with sessions() as session:
        assert session.scalars(sa.select(File)).all() == []
        assert sweep(config.files, session).partial == 0  # it might still be coming in
        _age(config.files / "incoming" / partial, timedelta(days=2))
        assert sweep(config.files, session).partial == 1
    assert _left(config) == []


def test_contents_without_a_row_are_swept_and_others_never(config: Config, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        kept = _store(config, session)
    with sessions() as session:
        lost = _store(config, session, PRESENTATION, "a.pptx")
        session.rollback()
    for file in (kept, lost):
        _age(path_of(config.files, file.sha256), timedelta(hours=20))
    with sessions() as session:
        assert sweep(config.files, session).orphans == 0
        assert sweep(config.files, session, timedelta(hours=1)).orphans == 1
        assert _left(config) == [kept.sha256]
        assert check(config.files, session) == []


def test_a_content_sent_again_is_young_again(config: Config, session: Session) -> None:
    """So that the sweeper does not take it between its arrival and its row."""
    first = _store(config, session)
    place = path_of(config.files, first.sha256)
    _age(place, timedelta(days=9))
    session.rollback()
    store(config.files, session, io.BytesIO(DOCUMENT), NAME, "p2", LIMIT)
    session.rollback()
    assert sweep(config.files, session).orphans == 0


def test_losses_and_changes_are_found(config: Config, session: Session) -> None:
    """V16."""
    files = [_store(config, session, DOCUMENT + b"\n" * number) for number in range(3)]
    places = [path_of(config.files, file.sha256) for file in files]
    for place in places:
        place.chmod(0o600)
    places[0].unlink()
    places[1].write_bytes(b"x")
    places[2].write_bytes(DOCUMENT + b"\r\r")
    assert len(check(config.files, session)) == 3
    assert len(check(config.files, session, contents=False)) == 2
    with pytest.raises(NotFound):
        open_file(config.files, files[0])
    for number in range(3):
        _store(config, session, DOCUMENT + b"\n" * number)
    assert check(config.files, session) == []  # sent again, the copy is whole again


@pytest.mark.parametrize("digest", ["", "../" * 20, "0" * 63, "0" * 64 + "\n", "G" * 64, "../../etc/passwd" + "0" * 48])
def test_no_other_path_can_be_asked_for(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        path_of(tmp_path, digest)
