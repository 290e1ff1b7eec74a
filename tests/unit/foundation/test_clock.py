from datetime import timedelta
from pathlib import Path

from app import clock
from app.clock import MovedClock


def test_two_processes_see_the_same_moved_clock(tmp_path: Path) -> None:
    one, other = MovedClock(tmp_path / "offset"), MovedClock(tmp_path / "offset")
    assert other.offset() == timedelta()
    one.move(timedelta(days=14))
    one.move(timedelta(hours=1))
    assert other.offset() == timedelta(days=14, hours=1)
    assert abs(other() - one()) < timedelta(seconds=5)


def test_today_is_a_matter_of_the_zone(moved_clock: clock.Source) -> None:
    moved_clock.set(moved_clock.moment.replace(hour=20, minute=30))  # type: ignore[attr-defined]  # the test's own clock
    assert clock.today("Asia/Almaty").day == 24
    assert clock.today("Europe/Minsk").day == 23
