"""Every word of the editor in the browser is known to the server, in both languages."""

import re
from pathlib import Path

from app.web.studio.studio_panel_words import ELEMENTS, PANEL
from app.web.studio.studio_words import LIBRARY

ROOT = Path(__file__).parents[3]
ISLAND = ROOT / "app/web/assets/islands/editor"
SAID = re.compile(r"""(?:say|_translate)\(\s*"((?:[^"\\]|\\.)*)\"""")
TITLED = re.compile(r'"((?:Create|Append) [a-z ]+)"')


def test_what_the_island_says_is_translated() -> None:
    said = {text for path in ISLAND.rglob("*.js") for text in SAID.findall(path.read_text("utf-8"))}
    said |= {text for path in ISLAND.rglob("*.js") for text in TITLED.findall(path.read_text("utf-8"))}
    assert len(said) > 80
    assert not sorted(said - {*PANEL, *LIBRARY, *ELEMENTS.values()})


def test_the_sentences_of_times_are_known() -> None:
    times = (ISLAND / "panel/timers.js").read_text("utf-8")
    table = times[times.index("const SENTENCES") : times.index("/** A time in words")]
    assert not set(re.findall(r': "([^"]+)"', table)) - set(PANEL)
