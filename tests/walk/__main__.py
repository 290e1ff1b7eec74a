"""`./run walk [--life] [--database URL] [--url U] [--web N] [--worker N] [--moodle] [--json]`: a course over HTTP.

Imports nothing of `app`: it starts the program as anybody does, reads the forms that stand in the pages and sends them.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.walk import acts, life
from tests.walk.platform import Platform, choose
from tests.walk.server import ROOT, Servers, running
from tests.walk.story import TITLE_EN, TITLE_RU, Walk, expect

DATABASE = "SQLAlchemy URL of an empty database, or `postgresql` for a server of the walk's own; SQLite if not given"


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def prove(servers: Servers, database: str) -> None:
    """The invariants, by the program's own `fsck` in a process of its own."""
    shared = ["--data", str(servers.folder), *(["--database", database] if database else [])]
    command = [sys.executable, "-m", "app.cli", "fsck", "--json", *shared]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    expect(done.returncode == 0, f"fsck: {done.stdout[-1500:]}{done.stderr[-1500:]}")


def verify(servers: Servers, database: str) -> None:
    """The evidence, exported by the program and judged by the verifier that needs nothing of it (X-3)."""
    shared = ["--data", str(servers.folder), *(["--database", database] if database else [])]
    out = servers.folder / "evidence.zip"
    for words in (["audit", "export", "--all", "--out", str(out), *shared], ["audit", "verify", str(out)]):
        command = [sys.executable, "-m", "app.cli", *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
        expect(done.returncode == 0, f"{' '.join(words[:2])}: {done.stdout[-1500:]}{done.stderr[-1500:]}")


def go(walk: Walk, platform: Platform, *, whole_life: bool) -> None:
    try:
        (life if whole_life else acts).play(walk, platform)
    finally:
        if platform.real:
            platform.leave(TITLE_EN, TITLE_RU)


def take(walk: Walk, chosen: argparse.Namespace, database: str, platform_of: Callable[[str], Platform]) -> None:
    """The walk, at a demo of its own where no address is given; what fails is told and kept in `walk.failed`."""
    servers = None
    with contextlib.ExitStack() as stack:
        try:
            if not chosen.url:
                with walk.step("the demo starts on an empty database"):
                    options = ["--no-courses"]
                    servers = stack.enter_context(running(chosen.web, chosen.worker, database, options))
                    walk.base, walk.others = servers.url, servers.urls
            go(walk, platform_of(walk.base), whole_life=chosen.life)
            if servers:
                with walk.step("the books: fsck finds no violation"):
                    prove(servers, database)
                with walk.step("the books: the evidence is exported and holds before the offline verifier"):
                    verify(servers, database)
        except Exception as failure:
            if not walk.failed:
                walk.failed.append(repr(failure))
                say(f"FAILED  {failure!r}")
            say(servers.complaints() if servers else "")


@contextlib.contextmanager
def served(database: str) -> Iterator[str]:
    """The URL as given; for the word `postgresql` that of an empty database on a server of the walk's own.

    Only that server is the tests' (and asks for `app`): a walk at any other database, or at an address, is without.
    """
    if database != "postgresql":
        yield database
        return
    from tests import postgres

    with postgres.served(database) as url:
        yield url


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run walk", description=__doc__)
    parser.add_argument("--life", action="store_true", help="from the survey of planning to the annulment")
    parser.add_argument("--database", default="", help=DATABASE)
    parser.add_argument("--url", default="", help="a demo that runs already")
    parser.add_argument("--web", type=int, default=1)
    parser.add_argument("--worker", type=int, default=0, help="0: the worker built into the first web process")
    parser.add_argument("--moodle", action="store_true", help="at the real site of MOODLE_URL, _TOKEN and _CATEGORY")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.life and chosen.moodle:
        parser.error("--life is for the demo's stand-in: on a real site nobody takes the course at the walk's word")
    try:
        platform_of = choose(chosen.moodle)
    except LookupError as absent:
        parser.error(str(absent))
    started = time.monotonic()
    walk = Walk(chosen.url, say)
    with served(chosen.database) as database:
        take(walk, chosen, database, platform_of)
    seconds = round(time.monotonic() - started, 1)
    say(f"{walk.steps} steps, {walk.counter.requests} requests, {seconds} s")
    if chosen.json:
        result = {"ok": not walk.failed, "steps": walk.steps, "requests": walk.counter.requests}
        print(json.dumps({**result, "seconds": seconds, "failed": walk.failed}))
    return 1 if walk.failed else 0


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[2])
    sys.exit(main(sys.argv[1:]))
