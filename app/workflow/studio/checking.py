"""The check of the whole draft, done once for a content however often it is asked for."""

import threading
from collections import OrderedDict
from collections.abc import Mapping

from app.engine import Finding
from app.workflow import releases

_KEPT = 4
_known: "OrderedDict[str, tuple[Finding, ...]]" = OrderedDict()
_lock = threading.Lock()


def check(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """All findings without the scenarios; the last few contents are remembered in this process."""
    digest = releases.content_hash(releases.manifest_of(files))
    with _lock:
        if digest in _known:
            _known.move_to_end(digest)
            return _known[digest]
    found = tuple(releases.check(files))
    with _lock:
        _known[digest] = found
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    return found
