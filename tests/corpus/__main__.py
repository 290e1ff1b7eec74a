"""`python -m tests.corpus fetch FOLDER | check FOLDER [--json] | mutate [--count N] [--seed S] [--folder F] [--json]`.

fetch: download diagrams of other tools (never done by `./run test`; nothing of it is kept in the repository)
check: our check on each, random schedules of what it accepts, the marked subset; exit 1 on a crash, a hang, a
       difference from the token game, or less than nine tenths of the subset accepted
mutate: the same with seeded faults in our own diagrams, and in those of a folder
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.corpus.counting import Line, plain, table, total
from tests.corpus.fetching import INDEX, fetch
from tests.corpus.looking import Case, look_at
from tests.corpus.mutating import mutated
from tests.corpus.samples import samples
from tests.corpus.subset import reasons

SCHEDULES = 100
LEAST = 0.9


def say(line: str) -> None:
    print(line, file=sys.stderr)


def alone(folder: Path, name: str, schedules: int) -> Case:
    return Case(name, {f"processes/stranger/{name}": (folder / name).read_bytes()}, schedules)


def check(folder: Path) -> list[Line]:
    index = json.loads((folder / INDEX).read_text("utf-8"))
    lines: dict[str, Line] = {}
    for seen in look_at(alone(folder, name, SCHEDULES) for name in sorted(index)):
        told = index[seen.name]
        left_out = reasons((folder / seen.name).read_bytes()) if seen.name.endswith(".bpmn") else ["a decision table"]
        seen.name = f"{told['package']} {told['path']}"
        lines.setdefault(told["tool"], Line(told["tool"])).add(seen, left_out)
    return [lines[tool] for tool in sorted(lines, key=str.lower)]


def mutations(count: int, seed: int, folder: Path | None) -> Iterator[Case]:
    """As many of our own as of strangers' where there is a folder, drawn one after the other."""
    ours = samples()
    names = sorted(ours)
    strangers = sorted(json.loads((folder / INDEX).read_text("utf-8"))) if folder else []
    for number in range(count):
        drawn = random.Random(f"{seed} {number}")
        if folder is not None and number % 2:
            name = drawn.choice(strangers)
            files = {f"processes/stranger/{name}": (folder / name).read_bytes()}
        else:
            name = drawn.choice(names)
            files = dict(ours[name])
        try:
            yield Case(f"mutation {number} of {name}", mutated(files, drawn), SCHEDULES)
        except SyntaxError:  # a stranger's file that was no XML before
            yield Case(f"as it was, {number}: {name}", files, SCHEDULES)


def mutate(count: int, seed: int, folder: Path | None) -> list[Line]:
    ours, theirs = Line("mutations of ours"), Line("mutations of strangers'")
    for seen in look_at(mutations(count, seed, folder)):
        (theirs if seen.name.endswith((".bpmn", ".dmn")) else ours).add(seen, None)
    return [line for line in (ours, theirs) if line.files]


def report(lines: Sequence[Line], as_json: bool) -> int:
    whole = total(lines)
    share = whole.marked_accepted / whole.marked if whole.marked else 1.0
    harm = bool(whole.faults or whole.different or share < LEAST)
    if as_json:
        print(json.dumps({"ok": not harm, "share": share, "tools": list(map(plain, lines)), "all": plain(whole)}))
        return int(harm)
    print(table(lines))
    say(f"marked: {whole.marked}, accepted of them {share:.1%}")
    say(f"with those that do not say all that running needs: {whole.wide_accepted} of {whole.wide}")
    for title, found in (
        ("crashes and hangs", whole.faults),
        ("different from the token game", whole.different),
        ("not playable", whole.not_playable),
        ("marked and refused", whole.refused_though_marked),
        ("left out of the marked subset", [f"{count} {why}" for why, count in whole.left_out.most_common()]),
    ):
        say(f"{title}: {len(found) or 'none'}")
        for line in found:
            say(f"  {line}")
    return int(harm)


def main(arguments: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    commands = asked.add_subparsers(dest="command", required=True)
    fetching = commands.add_parser("fetch")
    fetching.add_argument("folder", type=Path)
    checking = commands.add_parser("check")
    checking.add_argument("folder", type=Path)
    checking.add_argument("--json", action="store_true")
    mutating = commands.add_parser("mutate")
    mutating.add_argument("--count", type=int, default=1_000)
    mutating.add_argument("--seed", type=int, default=1)
    mutating.add_argument("--folder", type=Path)
    mutating.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    if given.command == "fetch":
        say(f"{fetch(given.folder, say)} different files")
        return 0
    if given.command == "check":
        return report(check(given.folder), given.json)
    return report(mutate(given.count, given.seed, given.folder), given.json)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
