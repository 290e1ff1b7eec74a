"""`./run chaos --kills N [--seed S] [--database URL] [--backend B] [--json]`: exit 0 only when no harm was done."""

import argparse
import json
import sys
from collections.abc import Sequence

from tests import postgres
from tests.chaos.storm import rage

DATABASE = "SQLAlchemy URL of an empty database, or `postgresql` for a server of the storm's own; SQLite if not given"


def main(arguments: Sequence[str]) -> int:
    asked = argparse.ArgumentParser(prog="./run chaos")
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--database", default="", help=DATABASE)
    asked.add_argument("--backend", choices=("local", "procrastinate"), default="local", help="kind of worker")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(arguments)
    if given.backend == "procrastinate" and not given.database.startswith("postgresql"):
        asked.error("Procrastinate works on PostgreSQL: say --database postgresql, or the URL of an empty one")
    with postgres.served(given.database) as database:
        found = rage(given.kills, given.seed, database, given.backend, say=lambda line: print(line, file=sys.stderr))
    result = {
        "kills": given.kills,
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "extra_letters": len(found.extra_letters),
        "violations": found.violations,
    }
    for line in (*found.lost, *found.doubled):
        print(line, file=sys.stderr)
    print(json.dumps(result) if given.json else "\n".join(f"{name}: {value}" for name, value in result.items()))
    harm = found.lost or found.doubled or found.violations or len(found.extra_letters) > given.kills
    return 1 if harm else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
