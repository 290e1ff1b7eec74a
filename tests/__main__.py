"""`./run test [--slow] [pytest's arguments]`: the linters, then every test, on as many processes as there are cores."""

import os
import subprocess
import sys
import time

LINTERS = (("ruff", "check", "-q", "."), ("mypy",), ("lint-imports", "--no-cache"))


def run_linters() -> int:
    folder = os.path.dirname(sys.executable)
    for command in LINTERS:
        started = time.monotonic()
        program = [os.path.join(folder, command[0]), *command[1:]]
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        verdict = "FAILED" if done.returncode else "ok"
        print(f"{command[0]:13} {verdict:7} {time.monotonic() - started:.1f} s", flush=True)
        if done.returncode:
            print(done.stdout + done.stderr, flush=True)
            return done.returncode
    return 0


def main(arguments: list[str]) -> int:
    """Linters only for a whole run; with paths or options named, just those tests."""
    slow = "--slow" in arguments
    chosen = [argument for argument in arguments if argument != "--slow"]
    if not chosen and run_linters():
        return 1
    options = ["-q", "--durations=20", "-n", str(os.cpu_count() or 2), "--dist", "worksteal"]
    if not slow:
        options += ["-m", "not slow"]
    return subprocess.run([sys.executable, "-m", "pytest", *options, *chosen], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
