"""Runs one of our programs within limits: `python -I confinement.py PROGRAM SECONDS MEMORY OUTPUT`.

The program loads its libraries, then calls `confine`: from there on it has the time, memory and files it was given.
"""

import contextlib
import resource
import runpy
import signal
import sys
from pathlib import Path


def confine() -> None:
    """The alarm kills, it is not caught; calling this again gives the next piece of work the whole time."""
    seconds, memory, output = (int(given) for given in sys.argv[2:5])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    limits = {
        resource.RLIMIT_CPU: int(used) + seconds + 1,
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: output,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # a platform that does not know this limit
            resource.setrlimit(which, (most, resource.getrlimit(which)[1]))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    runpy.run_path(sys.argv[1], run_name="__main__")
