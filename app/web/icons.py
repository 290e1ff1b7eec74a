"""Icons, drawn inline so that they take the colour of the text beside them.

The shapes in `icons.json` are Lucide's (lucide.dev, version 1.62.0, ISC licence), unchanged.
"""

import json
from functools import cache
from pathlib import Path

from markupsafe import Markup

_SHAPES: dict[str, str] = json.loads((Path(__file__).parent / "icons.json").read_text())


@cache
def icon(name: str, label: str = "") -> Markup:
    """The drawing; with a label it speaks for itself, without one it is decoration beside a word."""
    shape = Markup(_SHAPES[name])  # noqa: S704 - our own file, not input
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(spoken, shape)
