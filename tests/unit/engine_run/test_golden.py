"""States of every released version are read by this one and run to the end they had."""

import json
from pathlib import Path

import pytest

from app.engine import export_stock, restore
from app.engine.diagrams import read_release
from tests.golden import stories, writer

FOLDERS = sorted(path.parent for path in writer.HERE.glob("*/*/state.bin"))
NEWEST = "0.2.0"
"""The version that has the format of today."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_kept_state_runs_to_its_end(folder: Path) -> None:
    told = json.loads((folder / "story.json").read_text("utf-8"))
    files = {f"processes/golden/{path.name}": path.read_bytes() for path in folder.glob("*.bpmn")}
    spec, findings = read_release(files)
    assert spec is not None, findings
    run = restore(spec, (folder / "state.bin").read_bytes())
    assert export_stock(run)
    stories.finish(run, told["values"])
    ended = run.snapshot().ended
    assert ended is not None
    assert (ended.data, ended.end_event) == (told["data"], told["end_event"])


def test_every_story_is_kept_for_the_newest_format() -> None:
    assert {folder.name for folder in FOLDERS if folder.parent.name == NEWEST} == stories.STORIES.keys()


@pytest.mark.parametrize("name", stories.STORIES)
def test_the_format_of_states_is_still_the_one_kept(name: str, tmp_path: Path) -> None:
    """A change of the format needs a new version byte, a reader for the old one and states of its own."""
    writer.write(stories.STORIES[name], tmp_path / name)
    kept, written = ((folder / "state.bin").read_bytes() for folder in (writer.HERE / NEWEST / name, tmp_path / name))
    assert (kept[0], len(kept)) == (written[0], len(written))
