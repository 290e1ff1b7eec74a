"""What is in an upload, found out by a confined program: fonts of a presentation, links of a PDF, size of a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from app.files.confined import Broken, Limits, run

_PROGRAMS = Path(__file__).with_name("programs")
_OF_KIND = {"pptx": "presentation", "pdf": "pages", "png": "picture", "jpg": "picture", "gif": "picture"}
_LIMITS = Limits(seconds=20, memory=1024 << 20)


def can_look(kind: str) -> bool:
    return kind in _OF_KIND


def look(path: Path, kind: str) -> Mapping[str, Any]:
    """What the program found; `{"unread": why}` with damaged, password, pixels, long or ppt where it cannot say."""
    if kind not in _OF_KIND:
        return {"unread": kind}
    try:
        answer = run(_PROGRAMS / f"{_OF_KIND[kind]}.py", orjson.dumps({"path": str(path.absolute())}), _LIMITS)
    except Broken as broken:
        return {"unread": "long" if broken.how == "time" else "damaged"}
    found: Mapping[str, Any] = orjson.loads(answer)
    return found
