"""What was recorded, as data."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NO_JSON = "_not_json"


@dataclass(frozen=True, slots=True)
class Recording:
    """One exchange with a real site."""

    name: str
    function: str
    params: dict[str, Any]
    account: str
    status: int
    content_type: str
    response: Any

    @property
    def body(self) -> bytes:
        if isinstance(self.response, dict) and _NO_JSON in self.response:
            return str(self.response[_NO_JSON]).encode()
        return json.dumps(self.response, ensure_ascii=False).encode()

    @property
    def is_json(self) -> bool:
        return not (isinstance(self.response, dict) and _NO_JSON in self.response)


def _read(path: Path) -> Recording:
    row = json.loads(path.read_text("utf-8"))
    names = ("function", "params", "as", "http_status", "content_type", "response")
    return Recording(path.stem, *(row[name] for name in names))


ALL = {one.name: one for one in map(_read, sorted(Path(__file__).parent.glob("*.json")))}
"""By function and case."""


def of(function: str, case: str = "") -> Recording:
    return ALL[f"{function}.{case}" if case else function]
