"""Running a small program of our own on other people's bytes: apart, without secrets, for a limited time.

The program is a file that stands alone. It gets its request on standard input and answers on standard output; whatever
becomes of it, the process that asked goes on.
"""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app.errors import TemporaryFailure

MIB = 1 << 20
_FRAME = Path(__file__).with_name("confinement.py")
START = 60
"""Seconds that loading the libraries may take on a cold, busy machine; no work of the request is in them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the program may use once it has started; what the platform cannot limit stays unlimited."""

    seconds: int = 10
    memory: int = 1024 * MIB
    output: int = 64 * MIB


class Broken(Exception):
    """The program did not answer; `how` says why, `said` is the end of what it wrote as an error."""

    def __init__(self, how: Literal["time", "crash"], said: str) -> None:
        super().__init__(f"{how}: {said}")
        self.how = how
        self.said = said


def run(program: Path, request: bytes, limits: Limits) -> bytes:
    """The program's answer. Raises Broken, or TemporaryFailure when it could not even be started in time."""
    numbers = [str(number) for number in (limits.seconds, limits.memory, limits.output)]
    with tempfile.TemporaryDirectory(prefix="coomet-") as folder:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", "-B", str(_FRAME), str(program), *numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(folder),
            cwd=folder,
            start_new_session=True,
        )
        try:
            answer, said = child.communicate(request, timeout=START + limits.seconds)
        except subprocess.TimeoutExpired:
            raise TemporaryFailure("a confined program could not be started in time") from None
        finally:
            _end(child)
    return _judged(child.returncode, answer, said.decode(errors="replace")[-2000:].strip())


def _judged(code: int, answer: bytes, said: str) -> bytes:
    if code == 0:
        return answer
    if code in (-signal.SIGALRM, -signal.SIGXCPU):
        raise Broken("time", said)
    raise Broken("crash", said or f"exit code {code}")


def _environment(folder: str) -> dict[str, str]:
    """Nothing of ours: settings hold passwords and keys."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder}


def _end(child: "subprocess.Popen[bytes]") -> None:
    """The whole group, so that nothing it started lives on; its pipes are closed."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
