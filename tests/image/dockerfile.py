"""Reading a Dockerfile: the instructions we use, and a refusal of any other, so that nothing is skipped in silence."""

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

KNOWN = {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
DEBIAN = "debian:bookworm-slim"


@dataclass(frozen=True, slots=True)
class Step:
    word: str
    rest: str

    def list(self) -> list[str]:
        """The arguments: a JSON array, or words of a shell."""
        text = self.rest.strip()
        found: list[str] = json.loads(text) if text.startswith("[") else shlex.split(text)
        return found


@dataclass(slots=True)
class Stage:
    """What a stage does, in order."""

    name: str
    image: str
    steps: list[Step] = field(default_factory=list)

    def last(self, word: str) -> Step:
        return [step for step in self.steps if step.word == word][-1]


def read(path: Path) -> list[Stage]:
    """The stages. ValueError for an instruction or an image that is not known here."""
    stages: list[Stage] = []
    for line in _lines(path.read_text("utf-8")):
        word, _, rest = line.partition(" ")
        if word not in KNOWN:
            raise ValueError(f"check-image does not know the instruction {word}")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            if image != DEBIAN:
                raise ValueError(f"check-image builds on {DEBIAN} only, not on {image}")
            stages.append(Stage(name or str(len(stages)), image))
        else:
            stages[-1].steps.append(Step(word, rest.strip()))
    return stages


def _lines(text: str) -> Sequence[str]:
    joined = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [line.strip() for line in joined.splitlines() if line.strip()]


def healthcheck(stage: Stage) -> list[str]:
    """The command, without its options."""
    command: list[str] = json.loads(stage.last("HEALTHCHECK").rest.partition("CMD ")[2])
    return command
