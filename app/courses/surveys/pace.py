"""How fast a process takes answers: buckets in memory that fill up again, one a course and one for all.

They know no sender and keep no moment beyond the next few minutes. What is kept for good is limited by the day (see
`answering`), which needs no more than the answers themselves.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Bucket:
    """So many at once, and so many more every second."""

    most: float
    per_second: float
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at = self.most, 0.0

    def fill(self, now: float) -> None:
        self.level = min(self.most, self.level + max(0.0, now - self.at) * self.per_second)
        self.at = now


class Pace:
    """Of one process. A class of a hundred that answers in the same minutes passes; a robot soon waits."""

    COURSE, ALL = (60, 0.5), (240, 2.0)
    FORGOTTEN = 1000
    """More courses than so many are not remembered at a time; the bucket for all still holds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._all = Bucket(*self.ALL)
        self._courses: dict[str, Bucket] = {}

    def allows(self, course_id: str) -> bool:
        """Count one; False where it comes too fast."""
        with self._lock:
            now = self._clock()
            if len(self._courses) > self.FORGOTTEN:
                self._courses.clear()
            mine = self._courses.setdefault(course_id, Bucket(*self.COURSE))
            for bucket in (self._all, mine):
                bucket.fill(now)
            if min(self._all.level, mine.level) < 1:
                return False
            self._all.level -= 1
            mine.level -= 1
            return True
