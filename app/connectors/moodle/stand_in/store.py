"""The stand-in's memory: one SQLite file, so that several processes see the same platform and a kill loses nothing."""

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS thing (kind TEXT, id TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS number (kind TEXT PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS effect (n INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fault (kind TEXT, function TEXT, seconds REAL, times INTEGER, PRIMARY KEY (function));
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """How the platform misbehaves, for which function (* for all), and how many times more (-1: until it is lifted)."""

    kind: str
    function: str = "*"
    seconds: float = 60.0
    times: int = -1


class Memory:
    """What is there now; lives for one call, in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, kind: str, ident: object) -> dict[str, Any] | None:
        query = "SELECT body FROM thing WHERE kind = ? AND id = ?"
        row = self._connection.execute(query, (kind, str(ident))).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str) -> list[dict[str, Any]]:
        """In the order of their numbers."""
        query = "SELECT body FROM thing WHERE kind = ? ORDER BY CAST(id AS INTEGER), id"
        return [json.loads(row[0]) for row in self._connection.execute(query, (kind,))]

    def put(self, kind: str, ident: object, body: Mapping[str, Any]) -> None:
        text = json.dumps(body, ensure_ascii=False)
        self._connection.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", (kind, str(ident), text))
        if isinstance(ident, int):
            keep = "INSERT INTO number VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET last = max(last, excluded.last)"
            self._connection.execute(keep, (kind, ident))

    def drop(self, kind: str, ident: object) -> None:
        self._connection.execute("DELETE FROM thing WHERE kind = ? AND id = ?", (kind, str(ident)))

    def next(self, kind: str) -> int:
        """A number never given before."""
        row = self._connection.execute("SELECT last FROM number WHERE kind = ?", (kind,)).fetchone()
        return int(row[0]) + 1 if row else 1

    def note(self, effect: str, **facts: Any) -> None:
        """Write down what was changed on the platform."""
        body = json.dumps({"effect": effect, "at": int(time.time()), **facts}, ensure_ascii=False)
        self._connection.execute("INSERT INTO effect (body) VALUES (?)", (body,))

    def effects(self) -> list[dict[str, Any]]:
        """All changes, oldest first."""
        return [json.loads(row[0]) for row in self._connection.execute("SELECT body FROM effect ORDER BY n")]

    def fault_for(self, function: str) -> Fault | None:
        """The fault of this very call; one that happens so many times is used up by it."""
        query = "SELECT kind, function, seconds, times FROM fault WHERE function IN (?, '*') AND times <> 0"
        row = self._connection.execute(query + " ORDER BY function DESC", (function,)).fetchone()
        if row is None:
            return None
        used = "UPDATE fault SET times = times - 1 WHERE function = ? AND times > 0"
        self._connection.execute(used, (row[1],))
        self._connection.execute("DELETE FROM fault WHERE times = 0")
        return Fault(*row)

    def set_fault(self, fault: Fault) -> None:
        row = (fault.kind, fault.function, fault.seconds, fault.times)
        self._connection.execute("INSERT OR REPLACE INTO fault VALUES (?, ?, ?, ?)", row)

    def lift_faults(self) -> None:
        self._connection.execute("DELETE FROM fault")

    def faults(self) -> list[Fault]:
        return [Fault(*row) for row in self._connection.execute("SELECT kind, function, seconds, times FROM fault")]


class Store:
    """`with store.open() as memory:` – whoever comes second waits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._made = False

    @contextmanager
    def open(self) -> Iterator[Memory]:
        if not self._made:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            if not self._made:
                connection.executescript(_TABLES)
                self._made = True
            connection.execute("BEGIN IMMEDIATE")
            yield Memory(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()
