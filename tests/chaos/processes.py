"""The processes of a storm: asked of the nursery, killed at will, started again."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.walk.server import ROOT, free_port


@dataclass(slots=True)
class Process:
    """One web or worker process; `pid` changes with every life."""

    arguments: list[str]
    port: int | None
    pid: int = 0


@dataclass(slots=True)
class Processes:
    """All of them; `kill` picks one, ends it without warning and starts it anew."""

    folder: Path
    nursery: subprocess.Popen[str]
    all: list[Process] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{one.port}" for one in self.all if one.port]

    def add(self, *arguments: str, web: bool = False) -> None:
        port = free_port() if web else None
        shown = ["--port", str(port)] if port else []
        one = Process([*arguments, *shown, "--data", str(self.folder)], port)
        self.all.append(one)
        self.start(one)

    def start(self, one: Process) -> None:
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(json.dumps(one.arguments) + "\n")
        self.nursery.stdin.flush()
        one.pid = int(self.nursery.stdout.readline())

    def kill(self, one: Process) -> bool:
        """End it without warning and start it anew; False when it had ended by itself, which it never should."""
        lived = end(one.pid)
        self.start(one)
        return lived

    def last_words(self, one: Process) -> str:
        """The last traceback that a process of this kind has left, for whoever asks why one ended by itself."""
        told = (self.folder / f"{one.arguments[0]}.log").read_text(errors="replace")
        return told[told.rindex("Traceback") :][:2000] if "Traceback" in told else told[-500:]

    def stop(self) -> None:
        for one in self.all:
            with suppress(ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.close()
        self.nursery.wait(10)
        self.nursery.stdout.close()


def end(pid: int) -> bool:
    """Kill, and wait until the process has let go of its port. False: there was no such process."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    with suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            threading.Event().wait(0.002)
    return True


def begin(folder: Path, environment: dict[str, str]) -> Processes:
    """A nursery for this folder."""
    command = [sys.executable, "-m", "tests.chaos.nursery", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with (folder / "nursery.log").open("ab") as log:
        nursery = subprocess.Popen(command, cwd=ROOT, text=True, env={**os.environ, **environment}, stderr=log, **pipes)  # type: ignore[call-overload]  # the pipes are a mapping
    return Processes(folder, nursery)
