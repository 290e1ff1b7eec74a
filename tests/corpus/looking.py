"""Look at sets of files in child processes, each with a limit of time: a crash or a hang is a result, not an end."""

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import Any

ROOT = Path(__file__).parents[2]
CHECK_SECONDS = 5.0
PLAY_SECONDS = 120.0
READY_SECONDS = 60.0
CHILDREN = 2
BATCH = 20


@dataclass(frozen=True)
class Case:
    """A set of files that is checked together."""

    name: str
    files: Mapping[str, bytes]
    schedules: int


@dataclass
class Seen:
    """What came of a case; `fault` is a crash or a hang."""

    name: str
    accepted: bool = False
    rules: list[str] = field(default_factory=list)
    seconds: float = 0.0
    schedules: int = 0
    acts: int = 0
    not_playable: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    fault: str = ""


class _Child:
    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.corpus.child"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT)
        self.come = b""
        """Read from the pipe and not asked for yet: two answers may come as one piece."""

    def ask(self, request: Mapping[str, Any]) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()

    def answer(self, seconds: float) -> dict[str, Any]:
        """Raises TimeoutError when nothing comes, EOFError with the last words when the process is gone."""
        assert self.process.stdout is not None
        pipe, until = self.process.stdout.fileno(), time.monotonic() + seconds
        while b"\n" not in self.come:
            if not select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError(f"nothing came in {seconds} s")
            piece = os.read(pipe, 1 << 16)
            if not piece:
                raise EOFError(self.process.communicate()[1].decode(errors="replace").strip()[-300:])
            self.come += piece
        line, _, self.come = self.come.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def look_at(cases: Iterable[Case]) -> Iterator[Seen]:
    """The results in the order of the cases."""
    idle: SimpleQueue[_Child | None] = SimpleQueue()
    for _ in range(CHILDREN):
        idle.put(None)

    def look(case: Case) -> Seen:
        child = idle.get() or _ready()
        try:
            seen = _look(case, child)
        except BaseException:
            child.end()
            idle.put(None)
            raise
        if seen.fault:
            child.end()
        idle.put(None if seen.fault else child)
        return seen

    with ThreadPoolExecutor(CHILDREN) as threads:
        try:
            coming = iter(cases)
            while batch := list(islice(coming, BATCH)):  # not all at once: some are large
                yield from threads.map(look, batch)
        finally:
            threads.shutdown(wait=True, cancel_futures=True)
            for child in (idle.get() for _ in range(CHILDREN)):
                if child is not None:
                    child.end()


def _ready() -> _Child:
    child = _Child()
    child.answer(READY_SECONDS)
    return child


def _look(case: Case, child: _Child) -> Seen:
    seen = Seen(case.name)
    files = {path: base64.b64encode(content).decode() for path, content in case.files.items()}
    try:
        child.ask({"files": files, "schedules": case.schedules, "seed": case.name})
        told = child.answer(CHECK_SECONDS)
        seen.accepted, seen.rules, seen.seconds = told["accepted"], told["rules"], told["seconds"]
        if told["playing"]:
            played = child.answer(PLAY_SECONDS)
            seen.schedules, seen.acts = played["schedules"], played["acts"]
            seen.not_playable, seen.different = played["not_playable"], played["different"]
    except TimeoutError as hang:
        seen.fault = f"hang: {hang}"
    except (EOFError, BrokenPipeError) as crash:
        seen.fault = f"crash: {crash}"
    return seen
