"""Wording of the clauses behind tasks: COOMET recommendation R/TR/XX:202_ (draft), its slips corrected (A1, A57).

The Russian is the draft's; there is no official English edition, the English is ours.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.i18n import Text

_NUMBER = re.compile(r"\d+\.\d+")


@cache
def clauses() -> Mapping[str, Text]:
    """Number of the clause -> its wording."""
    read = json.loads((Path(__file__).parent / "clauses.json").read_text("utf-8"))
    return {number: Text(both["ru"], both["en"]) for number, both in read["clauses"].items()}


def wordings(named: str) -> tuple[tuple[str, Text], ...]:
    """The clauses that a diagram names, such as "7.1, 7.6": number and wording, unknown ones left out."""
    return tuple((number, clauses()[number]) for number in _NUMBER.findall(named) if number in clauses())
