"""One process that looks at files for another one, so that whatever a file does to it is seen from outside.

Requests and answers are lines of JSON: {"files": {path: base64}, "schedules": n, "seed": s} is answered first by what
the check says, and then, where it accepts, by what came of the schedules.
"""

import base64
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from app.engine import start
from app.engine.lint import examine
from tests.corpus.schedules import rehearse


def look(request: Mapping[str, Any]) -> None:
    files = {path: base64.b64decode(content) for path, content in request["files"].items()}
    began = time.perf_counter()
    specification, findings = examine(files)
    seconds = time.perf_counter() - began
    rules = sorted({found.rule for found in findings if found.severity == "error"})
    runs = specification is not None and bool(specification.processes)
    accepted = specification is not None
    answer({"accepted": accepted, "rules": rules, "seconds": seconds, "playing": runs and request["schedules"] > 0})
    if specification is None or not runs or not request["schedules"]:
        return
    for process in specification.processes:  # as it is, its own expressions and all
        start(specification, process, {}).snapshot()
    played = rehearse(files, specification, request["schedules"], request["seed"])
    answer(
        {
            "schedules": played.schedules,
            "acts": played.acts,
            "not_playable": played.not_playable,
            "different": played.different,
        }
    )


def answer(told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    answer({"ready": True})
    for line in sys.stdin:
        look(json.loads(line))
