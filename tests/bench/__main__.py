"""`./run bench NAME [--json]`: one object on standard output with --json, everything else on standard error."""

import importlib
import sys

NAMES = ("engine", "growth", "http", "inbox", "reports", "size", "timers")


def main(arguments: list[str]) -> int:
    names = [argument for argument in arguments if not argument.startswith("-")]
    if len(names) != 1 or names[0] not in NAMES:
        print(f"usage: ./run bench {'|'.join(NAMES)} [--json]", file=sys.stderr)
        return 2
    importlib.import_module(f"tests.bench.{names[0]}").main("--json" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
