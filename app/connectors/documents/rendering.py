"""HTML → tagged PDF (PDF/UA-1), by WeasyPrint in a process of its own that can fetch nothing."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ctypes import CDLL
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import orjson

from app.errors import N_, PermanentFailure
from app.files.confined import Broken, Limits, run

PROGRAM = Path(__file__).with_name("program.py")
LIMITS = Limits(seconds=10, memory=1536 << 20, output=64 << 20)
MISSING = N_("PDF cannot be made here: the library Pango is missing. Documents can be printed from their pages.")


@dataclass(frozen=True, slots=True)
class Page:
    """One document to be made."""

    html: str
    language: str
    title: str


def render(html: str, *, language: str, title: str, assets: Mapping[str, bytes]) -> bytes:
    """The PDF of one page; see `render_all`."""
    return render_all([Page(html, language, title)], assets)[0]


def render_all(pages: Sequence[Page], assets: Mapping[str, bytes]) -> list[bytes]:
    """The PDFs; the same request gives the same bytes.

    `assets` are what the pages may refer to as `asset:NAME`; nothing else is fetched, and what is refused is left out.
    Raises PermanentFailure for a page that takes too long or cannot be made, and where Pango is missing.
    """
    reason = available()
    if reason is not None:
        raise PermanentFailure(reason, "no_pdf")
    request = {
        "pages": [asdict(page) for page in pages],
        "assets": {name: b64encode(content).decode() for name, content in assets.items()},
    }
    try:
        answer = run(PROGRAM, orjson.dumps(request), LIMITS)
    except Broken as broken:
        raise PermanentFailure(_told(broken), "pdf_" + broken.how) from None
    return [b64decode(pdf) for pdf in orjson.loads(answer)]


def _told(broken: Broken) -> str:
    if broken.how == "time":
        return f"the document took longer than {LIMITS.seconds} seconds to make and was given up"
    return f"the document could not be made: {broken.said.splitlines()[-1] if broken.said else 'the program crashed'}"


@cache
def _has_pango() -> bool:
    """Whether the library can be loaded; a child would find out as well, after seconds."""
    for name in ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"):
        with suppress(OSError):
            CDLL(name)
            return True
    return False


def available() -> str | None:
    """Message id of the reason why no PDF can be made on this machine; None where it can."""
    return None if _has_pango() else MISSING
