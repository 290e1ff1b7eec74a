"""The check and the scenarios of a whole content, once for each content, beside the request that asks for them."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from app.engine import Finding
from app.workflow import releases

PATIENCE = 3.0
"""Seconds that a page waits before it shows how far the check is."""
_KEPT = 4
_lock = threading.Lock()
_known: "OrderedDict[str, Rehearsal]" = OrderedDict()
_stage = ThreadPoolExecutor(1, "rehearsal")
"""One at a time: a check takes a core for its whole length."""


class Rehearsal:
    """Of one content. Its findings are not there before it has ended."""

    def __init__(self, digest: str, files: Mapping[str, bytes]) -> None:
        self.digest = digest
        self.played = 0
        self.total = 0
        self._files = dict(files)
        self._coming: Future[tuple[Finding, ...]] = _stage.submit(self._run)

    def _run(self) -> tuple[Finding, ...]:
        found = tuple(releases.rehearse(self._files, self._hear))
        self._files.clear()
        return found

    def _hear(self, played: int, total: int) -> None:
        self.played, self.total = played, total

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended; None waits as long as it takes."""
        try:
            self._coming.result(seconds)
        except TimeoutError:
            return False
        return True

    @property
    def has_failed(self) -> bool:
        """It ended by a fault of the program; the next who asks begins another."""
        return self._coming.done() and self._coming.exception() is not None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them; waits for the end."""
        return self._coming.result()

    @property
    def serious(self) -> list[Finding]:
        """What keeps the content from being published."""
        return [one for one in self.findings if one.severity != "warning"]


def of(files: Mapping[str, bytes]) -> Rehearsal:
    """The one of this content: begun now, on its way, or done; the last few are remembered in this process."""
    digest = releases.content_hash(releases.manifest_of(files))
    with _lock:
        known = _known.get(digest)
        if known is None or known.has_failed:
            known = _known[digest] = Rehearsal(digest, files)
        _known.move_to_end(digest)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return known
