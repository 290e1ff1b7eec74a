"""Check an evidence export without the program it comes from: python verify.py export.zip [--checkpoints FOLDER]

Needs Python 3.11 and `cryptography`. Exit code 0: nothing wrong was found. Take this file from the published source.
"""

import argparse
import email.policy
import hashlib
import hmac
import io
import json
import os
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Row = dict[str, Any]

PROBLEMS = """
format | не в том виде, в каком пишет программа | is not in the form the program writes
count | строк не столько, сколько указано в manifest.json | does not have the lines manifest.json tells
order | событие не на своем месте в общем порядке | the event is not at its place in the common order
gap | перед событием недостает событий его потока | events of its stream are missing before this one
chain | событие изменено или не следует за предыдущим | the event was changed or does not follow the last
root | события не те, что подписаны контрольной точкой | the events are not those the checkpoint signed
inclusion | события нет под контрольной точкой | the event is not under the checkpoint
cut | контрольная точка знает события, которых здесь нет | the checkpoint knows events that are not here
uncovered | событие учтено, но контрольной точки над ним нет | a sealed event has no checkpoint over it
signature | подпись контрольной точки неверна | the checkpoint's signature is wrong
key | ключ не введен прежним ключом или не действовал | the key was not introduced by its predecessor
previous | не продолжает предыдущую контрольную точку | does not go on from the checkpoint before
growth | контрольные точки не возрастают | checkpoints do not grow
time | время контрольной точки раньше предыдущей | the checkpoint is earlier than the one before
personal | персональные данные не те, что были записаны | the personal data are not what was written
release | выпуск не тот, что был опубликован | the release is not the one that was published
document | документ не тот, что был записан | the document is not the one that was recorded
outside-root | внешняя копия говорит о других событиях | the outside copy tells of other events
outside-cut | внешняя копия знает события, которых здесь нет | the outside copy knows events not here
outside-point | контрольная точка внешней копии отсюда удалена | the outside copy's checkpoint is gone here
outside-signature | подпись внешней копии неверна | the outside copy's signature is wrong
outside-key | внешняя копия подписана другим ключом | the outside copy is signed by another key
"""
LIMITS = """
counted | событий: {}; контрольных точек: {}; стерто: {}; ошибок: {} | events: {}; checkpoints: {}; erased: {}; problems: {}
limits | Не доказано: | Not proven:
no-outside | внешней копии нет: владелец ключа мог переписать всё, владелец базы — отрезать новейшее | no outside copy: the key's holder could have rewritten all, the database's owner cut the end
after-outside | событий новее внешней копии: {n}; их мог бы заменить владелец ключа | events newer than the outside copy: {n}; the key's holder could have replaced them
unsealed | событий еще без контрольной точки: {n}; их мог бы заменить владелец базы | events under no checkpoint yet: {n}; the database's owner could have replaced them
partial | выгрузка неполная: нет ли у этих потоков более новых событий, она не говорит | a partial export: whether these streams have newer events it does not tell
incomparable | внешних копий, с которыми неполную выгрузку не сравнить: {n} | outside copies that a partial export cannot be compared with: {n}
first-key | ключу {n} поверили на слово: сверьте его с записанным вне программы (--trust) | key {n} was taken on trust: compare it with what was noted elsewhere (--trust)
always | не доказать, что все события были записаны и что часы шли верно | that every event was recorded and that the clock was right cannot be proven
"""


def texts(table: str, column: int) -> dict[str, str]:
    return {row[0]: row[column] for row in (line.split(" | ") for line in table.strip().splitlines())}


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def top(position: int, size: int, found: bytes, path: list[bytes]) -> bytes:
    """Root to which a leaf's proof leads; b"" for a proof of another length."""
    if size == 1 or not path:
        return found if size == 1 and not path else b""
    left = 1 << ((size - 1).bit_length() - 1)
    if position < left:
        return sha(b"\1", top(position, left, found, path[:-1]), path[-1])
    return sha(b"\1", path[-1], top(position - left, size - left, found, path[:-1]))


def tops(old: int, size: int, root: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    if old == size:
        found = (path or [root])[0] if len(path) == (not root) else b""
        return found, found
    if not path:
        return b"", b""
    left = 1 << ((size - 1).bit_length() - 1)
    if old <= left:
        before, after = tops(old, left, root, path[:-1])
        return before, sha(b"\1", after, path[-1])
    before, after = tops(old - left, size - left, b"", path[:-1])
    return sha(b"\1", path[-1], before), sha(b"\1", path[-1], after)


def signed(public: bytes, signature: str, statement: str) -> bool:
    with suppress(InvalidSignature, ValueError):
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), statement.encode())
        return True
    return False


class Export:
    def __init__(self, archive: zipfile.ZipFile, outside: list[Row], personal: Iterator[Row], trusted: set[str]) -> None:
        self.archive, self.outside, self.trusted = archive, outside, trusted
        self.personal, self.opened = personal, next(personal, None)
        self.problems, self.limits = list[tuple[str, str]](), list[tuple[str, object]]()
        self.counts, self.keys = Counter[str](), list[tuple[int, str, bytes]]()
        self.heads = dict[tuple[str, str], tuple[int, bytes]]()
        self.releases, self.documents = dict[str, str](), dict[str, str]()
        self.size, self.subtrees, self.roots = 0, list[bytes](), dict[int, bytes]()

    def wrong(self, code: str, where: object) -> None:
        self.problems.append((code, str(where)))

    def check(self) -> None:
        try:
            self.check_all()
        except Exception as failure:  # whatever a forged file does to this program is a problem of the file
            self.wrong("format", f"{type(failure).__name__}: {failure}")

    def check_all(self) -> None:
        manifest = json.loads(self.archive.read("manifest.json"))
        self.full = manifest["scope"]["kind"] == "all"
        points = [(int(one["size"]), bytes.fromhex(one["root"])) for one in self.lines("checkpoints.jsonl")]
        self.problems, self.counts["checkpoints.jsonl"] = [], 0  # they are read once more when the keys are known
        if manifest["format"] != "coomet-evidence-1" or len(set(self.archive.namelist())) != len(self.archive.namelist()):
            self.wrong("format", "manifest.json")
        self.listed, self.last = dict(points), points[-1] if points else (0, sha())
        self.outside_sizes = {int(one["size"]) for one in self.outside}
        self.proofs = {one["size"]: one["path"] for one in self.lines("consistency.jsonl")}
        for event in self.lines("events.jsonl"):
            self.event(event, f"{event['stream']} {event['ident']} {event['n']}")
        if self.opened is not None:
            self.wrong("personal", f"{self.opened['stream']} {self.opened['ident']} {self.opened['n']}")
        self.checkpoints()
        self.attachments()
        self.problems += [("count", name) for name, count in manifest["counts"].items() if self.counts[name] != count]
        newest, sealed = max(self.outside_sizes, default=0), self.size if self.full else self.last[0]
        found = [("after-outside", sealed - newest) if newest else ("no-outside", 1), ("partial", not self.full)]
        found += [(name, self.counts[name]) for name in ("unsealed", "incomparable")]
        self.limits += [(code, n) for code, n in [*found, ("always", 1)] if n > 0]

    def lines(self, name: str) -> Iterator[Row]:
        with self.archive.open(name) as raw:
            for number, line in enumerate(io.TextIOWrapper(raw, "utf-8", newline="\n"), 1):
                row = json.loads(line)
                self.counts[name] += 1
                if canonical(row) + "\n" != line:
                    self.wrong("format", f"{name}:{number}")
                yield row

    def event(self, event: Row, where: str) -> None:
        stream, n, body = (event["stream"], event["ident"]), event["n"], json.loads(event["body"])
        before, previous = self.heads.get(stream, (0, bytes(32)))
        said = [*stream, n, event["at"], event["actor"], event["kind"], event["body"], event["commitment"]]
        digest = bytes.fromhex(event["hash"])
        if n != before + 1:
            self.wrong("gap", where)
        elif sha(b"evt1", previous, canonical(said).encode()) != digest:
            self.wrong("chain", where)
        self.heads[stream] = (n, digest)
        self.place(event, where, digest)
        self.counts["erased"] += event["personal"] == "erased"
        mine = self.opened
        if mine is not None and all(mine[name] == event[name] for name in ("stream", "ident", "n")):
            made = hmac.digest(bytes.fromhex(mine["salt"]), mine["value"].encode(), "sha256").hex()
            self.problems += [("personal", where)] if made != event["commitment"] else []
            self.opened = next(self.personal, None)
        if event["kind"] == "evidence_key:introduced" and stream == ("site", "evidence"):
            self.key(event["position"], body, where)
        elif event["kind"] == "release:published":
            self.releases[event["ident"]] = body["sha256"]
        elif event["kind"] == "document:archived":
            self.documents[body["entry"]] = body["sha256"]

    def place(self, event: Row, where: str, digest: bytes) -> None:
        position, (size, root) = event["position"], self.last
        if position is None:
            self.counts["unsealed"] += 1
        elif not self.full:
            path = [bytes.fromhex(one) for one in event["path"]] if 0 <= position < size else []
            if top(position, size, sha(b"\0", digest), path) != root:
                self.wrong("inclusion", where)
        else:
            if position != self.size or self.counts["unsealed"]:
                self.wrong("order", where)
            self.grow(sha(b"\0", digest))

    def grow(self, found: bytes) -> None:
        """The tree of RFC 6962; only its full subtrees are kept, and the roots that are asked for."""
        size, self.size = self.size, self.size + 1
        while size & 1:
            found, size = sha(b"\1", self.subtrees.pop(), found), size >> 1
        self.subtrees.append(found)
        if self.size in self.listed or self.size in self.outside_sizes:
            for left in reversed(self.subtrees[:-1]):
                found = sha(b"\1", left, found)
            self.roots[self.size] = found

    def key(self, position: int | None, body: Row, where: str) -> None:
        good = body["key"] in self.trusted or (not self.keys and not self.trusted)
        if not self.keys and not self.trusted:
            self.limits.append(("first-key", body["key"]))
        elif self.keys and not good:
            statement = f"coomet-evidence-key-1\n{body['public']}"
            good = body["by"] == self.keys[-1][1] and signed(self.keys[-1][2], body["signature"], statement)
        public = bytes.fromhex(body["public"])
        if not good or body["key"] != sha(public).hex()[:16]:
            self.wrong("key", where)
        self.keys.append((sys.maxsize if position is None else position, body["key"], public))

    def checkpoints(self) -> None:
        size, root, at = 0, "", 0
        for point in self.lines("checkpoints.jsonl"):
            found = {"growth": point["size"] <= size, "previous": point["previous"] != root, "time": point["at"] < at}
            self.problems += [(code, str(point["size"])) for code, is_so in found.items() if is_so]
            self.judge(point, "")
            size, root, at = point["size"], point["root"], point["at"]
        if self.full and self.size > self.last[0]:
            self.wrong("uncovered", self.size - 1)
        for point in self.outside:
            if int(point["size"]) not in self.listed:
                self.wrong("outside-point", point["size"])
            self.judge(point, "outside-")

    def judge(self, point: Row, prefix: str) -> None:
        size, root, sealed = point["size"], bytes.fromhex(point["root"]), self.size if self.full else self.last[0]
        ident, public = next(((ident, public) for at, ident, public in reversed(self.keys) if at < size), ("", b""))
        facts = {name: value for name, value in point.items() if name != "signature"}
        if point["key"] != ident:
            self.wrong(f"{prefix}key", size)
        elif not signed(public, point["signature"], f"coomet-checkpoint-1\n{canonical(facts)}"):
            self.wrong(f"{prefix}signature", size)
        if size > sealed:
            self.wrong(f"{prefix}cut", size)
        elif not self.full and size < sealed and size not in self.proofs:
            self.counts["incomparable"] += prefix != ""
        else:
            path = [bytes.fromhex(one) for one in self.proofs.get(size, [])]
            if self.roots[size] != root if self.full else tops(size, sealed, root, path) != (root, self.last[1]):
                self.wrong(f"{prefix}root", size)

    def attachments(self) -> None:
        names, found = set(self.archive.namelist()), {}
        for release in self.lines("releases.jsonl"):
            files = sorted(release["manifest"].items())
            for path, digest in files:
                name = f"release-files/{digest}"
                if name not in names or sha(self.archive.read(name)).hex() != digest:
                    self.wrong("release", f"{release['number']}: {path}")
            found[release["id"]] = sha("".join(f"{digest}  {path}\n" for path, digest in files).encode()).hex()
        if self.full and found != self.releases:
            self.wrong("release", "releases.jsonl")
        listed = {one["id"]: one["sha256"] for one in self.lines("documents.jsonl") if one["kind"] == "archive"}
        self.problems += [("document", one) for one, digest in self.documents.items() if listed.get(one) != digest]
        if json.loads(self.archive.read("keys.json")) != {ident: public.hex() for _at, ident, public in self.keys}:
            self.wrong("key", "keys.json")


def outside_points(folder: Path | None) -> list[Row]:
    """Checkpoints in the files of a folder: lines of JSON as they are, or within saved letters (.eml)."""
    found: dict[str, Row] = {}
    for path in sorted(folder.rglob("*.*")) if folder else []:
        text = path.read_text("utf-8", "replace")
        if path.suffix == ".eml":
            body = email.message_from_string(text, policy=email.policy.default).get_body(("plain",))
            text = str(body.get_content()) if body else ""
        found |= {line: json.loads(line) for line in text.splitlines() if line.startswith('{"at":')}
    return sorted(found.values(), key=lambda point: int(point["size"]))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="verify an evidence export / проверить выгрузку журнала")
    parser.add_argument("file", type=Path)
    parser.add_argument("--checkpoints", type=Path, metavar="FOLDER", help="outside copies / внешние копии")
    parser.add_argument("--personal", type=Path, metavar="FILE", help="opened commitments / раскрытые данные")
    parser.add_argument("--trust", action="append", default=[], metavar="KEY", help="id of a key / номер ключа")
    given, column = parser.parse_args(arguments), 1 if os.environ.get("LANG", "").startswith("ru") else 2
    problems, limits = texts(PROBLEMS, column), texts(LIMITS, column)
    try:
        opened = (json.loads(line) for line in given.personal.read_text("utf-8").splitlines()) if given.personal else iter(())
        with zipfile.ZipFile(given.file) as archive:
            export = Export(archive, outside_points(given.checkpoints), opened, set(given.trust))
            export.check()
    except (OSError, zipfile.BadZipFile) as failure:
        sys.exit(f"[format] {failure}")
    for code, where in export.problems[:30]:
        print(f"[{code}] {where}: {problems[code]}")
    counts = (export.counts["events.jsonl"], export.counts["checkpoints.jsonl"], export.counts["erased"])
    print(limits["counted"].format(*counts, len(export.problems)))
    print("\n- ".join([limits["limits"], *(limits[code].format(n=n) for code, n in export.limits)]))
    return int(bool(export.problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
