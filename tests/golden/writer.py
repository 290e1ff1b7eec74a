"""`python -m tests.golden.writer VERSION` keeps the states of this version for all later ones.

Writes a folder a story: the diagrams, state.bin, and story.json with what it takes to end it and the data it ends with.
"""

import json
import sys
from pathlib import Path

from app.engine import restore, start
from app.engine.diagrams import read_release
from tests.golden.stories import STORIES, Story, act, finish

HERE = Path(__file__).parent


def write(story: Story, folder: Path) -> None:
    spec, findings = read_release(story.files)
    if spec is None:
        raise ValueError(findings)
    run = start(spec, story.process, story.data)
    for what, element, value in story.acts:
        act(run, what, element, value)
    state = run.save()
    folder.mkdir(parents=True)
    for path, content in story.files.items():
        (folder / Path(path).name).write_bytes(content)
    (folder / "state.bin").write_bytes(state)
    run = restore(spec, state)
    finish(run, story.values)
    ended = run.snapshot().ended
    told = {"values": story.values, "data": ended and ended.data, "end_event": ended and ended.end_event}
    (folder / "story.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main(version: str) -> None:
    for name, story in STORIES.items():
        write(story, HERE / version / name)


if __name__ == "__main__":
    main(sys.argv[1])
