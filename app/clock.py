"""The one clock. Due times, deadlines, appointments and calendars ask it; leases and sign-in expiry never do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

Source = Callable[[], datetime]


def system() -> datetime:
    return datetime.now(UTC)


_source: Source = system


def use(source: Source) -> None:
    """Install the source of time for this process; `create_app` calls it once."""
    global _source
    _source = source


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let this process believe it is that moment, for filling a demo with a past."""
    global _source
    before, _source = _source, lambda: moment
    try:
        yield
    finally:
        _source = before


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def today(zone: str) -> date:
    """The calendar day it is now in the IANA zone."""
    return now().astimezone(ZoneInfo(zone)).date()


class MovedClock:
    """The system's time plus an offset kept in a file, so that all processes of a demo or a test move together."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta()

    def __call__(self) -> datetime:
        return system() + self.offset()

    def offset(self) -> timedelta:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return timedelta()
        if (stat.st_mtime_ns, stat.st_ino) != self._seen:
            self._offset = timedelta(seconds=float(self._path.read_text()))
            self._seen = (stat.st_mtime_ns, stat.st_ino)
        return self._offset

    def move(self, by: timedelta) -> None:
        """Add to the offset; the file is replaced in one step so that no reader sees half of it."""
        total = self.offset() + by
        fresh = self._path.with_suffix(".new")
        fresh.write_text(str(total.total_seconds()))
        fresh.replace(self._path)
