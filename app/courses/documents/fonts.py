"""Typefaces of documents: those of the pages where they were built, else what the machine has."""

import json
from pathlib import Path

_FACES = {"latin": "PT Serif Latin", "cyrillic": "PT Serif Cyrillic"}
STYLES = "fonts.css"


def read(folder: Path) -> dict[str, bytes]:
    """Assets of a document: the typefaces and the style sheet that names them; empty where nothing was built.

    One family a script, because a PDF knows no ranges of characters: the style sheet of the forms lists both.
    """
    try:
        named: dict[str, str] = json.loads((folder / "manifest.json").read_text())
    except FileNotFoundError:
        return {STYLES: b""}
    found, rules = {}, []
    for script, family in _FACES.items():
        for weight in (400, 700):
            name = f"pt-serif-{script}-{weight}-normal.woff2"
            if name not in named:
                continue
            found[name] = (folder / named[name]).read_bytes()
            rules.append(f'@font-face{{font-family:"{family}";font-weight:{weight};src:url("asset:{name}")}}')
    return {**found, STYLES: "".join(rules).encode()}
