"""A small recorded story, always the same, as an export holds it; and what a forger may do to its parts."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit import chain, merkle
from app.audit.checkpoints import Checkpoint
from app.audit.export import Attachments, Content
from app.audit.keys import Key, introduction
from app.audit.models import EPOCH

Row = dict[str, Any]
MONDAY = chain.microseconds(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
MINUTE = 60_000_000
SIZES = (5, 9, 14)
DIAGRAM = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="agreement"/>'
FORM = b'{"type":"object"}'
MANIFEST = {
    "forms/consider.schema.json": hashlib.sha256(FORM).hexdigest(),
    "processes/agreement/agreement.bpmn": hashlib.sha256(DIAGRAM).hexdigest(),
}
PACKAGE = hashlib.sha256(b"package of materials").hexdigest()


def key(name: str) -> Key:
    return Key(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"test vector {name}".encode()).digest()))


FIRST, SECOND, STRANGER = key("first"), key("second"), key("stranger")


def release_of(manifest: dict[str, str]) -> str:
    listing = "".join(f"{digest}  {path}\n" for path, digest in sorted(manifest.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def introduces(new: Key, old: Key | None) -> Row:
    signature = old.sign(introduction(new.public)).hex() if old else None
    return {"key": new.id, "public": new.public.hex(), "by": old.id if old else None, "signature": signature}


def told() -> list[tuple[str, str, str, str, Row, Row | None]]:
    """Stream, its id, actor, kind, body, personal."""
    anna, berik = {"name": "Анна Вымышленная"}, {"name": "Берик Вымышленный"}
    return [
        ("site", "evidence", "system:sealer", "evidence_key:introduced", introduces(FIRST, None), None),
        ("release", "r1", "system:folders", "release:published", {"number": 1, "sha256": release_of(MANIFEST)}, None),
        ("person", "p1", "system:cli", "person:created", {}, anna),
        ("person", "p2", "p1", "person:created", {}, berik),
        ("register", "course-c1", "p1", "course:registered", {"number": "C-2026-01"}, None),
        ("instance", "i1", "p1", "instance:started", {"process": "agreement", "rev": 1}, None),
        ("instance", "i1", "p2", "task:completed", {"rev": 2, "task": "t1", "act": "consider"}, {"remark": "Согласен"}),
        ("register", "course-c1", "p2", "materials:added", {"version": 1}, None),
        ("person", "p2", "p1", "person:erased", {}, None),
        ("site", "evidence", "operator", "evidence_key:introduced", introduces(SECOND, FIRST), None),
        ("instance", "i1", "p1", "task:completed", {"rev": 3, "task": "t2"}, None),
        ("register", "course-c1", "system:worker", "document:archived", {"entry": "a1", "sha256": PACKAGE}, None),
        ("instance", "i1", "p1", "instance:ended", {"end": "agreed"}, None),
        ("person", "p1", "p1", "session:ended", {}, None),
        ("person", "p1", "p1", "session:started", {}, None),
        ("register", "course-c1", "p1", "course:changed", {"stage": "agreed"}, None),
    ]


ERASED = {("person", "p2", 1), ("instance", "i1", 2)}


@dataclass(slots=True)
class Story:
    """The parts of an export; every tampered vector changes a copy."""

    events: list[Row] = field(default_factory=list)
    opened: list[Row] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)
    proofs: list[Row] = field(default_factory=list)
    releases: list[Row] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    documents: list[Row] = field(default_factory=list)
    scope: dict[str, str | None] = field(default_factory=lambda: {"kind": "all", "id": None})

    def rehash(self) -> None:
        """As somebody would who can write to the database: numbers, places and chains fit again."""
        heads: dict[tuple[str, str], tuple[int, bytes]] = {}
        for place, event in enumerate(self.events):
            stream = (event["stream"], event["ident"])
            n, previous = heads.get(stream, (0, chain.START))
            event["n"] = n + 1
            event["position"] = None if event["position"] is None else place
            commitment = bytes.fromhex(event["commitment"]) if event["commitment"] else None
            at = datetime.fromtimestamp(event["at"] // 1_000_000, UTC)
            fields = chain.Fields(n + 1, at, event["actor"], event["kind"], event["body"], commitment)
            digest = chain.link(previous, *stream, fields)
            event["hash"], heads[stream] = digest.hex(), (n + 1, digest)

    def reseal(self, *, second: Key = SECOND, first: Key = FIRST, keep_signatures: bool = False) -> None:
        """Checkpoints over what is there now, signed as the holder of the keys would."""
        signatures = [point["signature"] for point in self.points]
        self.points, tree, previous = [], merkle.Frontier(), b""
        for event in [one for one in self.events if one["position"] is not None]:
            tree.append(merkle.leaf(bytes.fromhex(event["hash"])))
            if tree.size in SIZES:
                signer = first if tree.size <= SIZES[1] else second
                point = signed(tree.size, tree.root, previous, signer)
                if keep_signatures:
                    point["signature"] = signatures[len(self.points)]
                self.points.append(point)
                previous = tree.root

    def leaves(self) -> list[bytes]:
        sealed = [one for one in self.events if one["position"] is not None]
        return [merkle.leaf(bytes.fromhex(one["hash"])) for one in sealed]

    def narrowed(self, *streams: str) -> "Story":
        """What an export of these streams holds, with proofs."""
        leaves, size = self.leaves(), SIZES[-1]

        def hash_of(lo: int, hi: int) -> bytes:
            return merkle.subtree(leaves[lo:hi])

        part = deepcopy(self)
        part.scope = {"kind": "instance", "id": "i1"}
        part.events = [one for one in part.events if one["ident"] in streams]
        for event in part.events:
            if event["position"] is not None:
                event["path"] = [one.hex() for one in merkle.inclusion(event["position"], size, hash_of)]
        for old in SIZES[:-1]:
            path = [one.hex() for one in merkle.consistency(old, size, hash_of)]
            part.proofs.append({"size": old, "path": path})
        part.documents = [one for one in part.documents if one["kind"] != "archive"]
        return part

    def content(self) -> Content:
        pairs: Iterator[tuple[Row, Row | None]] = ((event, None) for event in self.events)
        points = [chain.canonical(point) for point in self.points]
        attached = Attachments(self.releases, self.files.__getitem__, self.documents)
        return Content(self.scope, EPOCH, pairs, points, self.proofs, attached)


def signed(size: int, root: bytes, previous: bytes, by: Key, minute: int | None = None) -> Row:
    at = MONDAY + (size if minute is None else minute) * MINUTE
    made = Checkpoint(size, root, previous, datetime.fromtimestamp(at // 1_000_000, UTC), by.id)
    return {**made.facts, "signature": by.sign(made.statement).hex()}


def record() -> Story:
    """The story as the program records it."""
    story = Story()
    for place, (stream, ident, actor, kind, body, personal) in enumerate(told()):
        event: Row = {"stream": stream, "ident": ident, "n": 0, "at": MONDAY + place * MINUTE, "actor": actor}
        event |= {"kind": kind, "body": chain.canonical(body), "hash": "", "commitment": None, "personal": None}
        event["position"] = place if place < SIZES[-1] else None
        if personal is not None:
            salt, value = hashlib.sha256(f"salt {place}".encode()).digest()[:16], chain.canonical(personal)
            event["commitment"], event["personal"] = hmac.digest(salt, value.encode(), "sha256").hex(), "kept"
            story.opened.append({"stream": stream, "ident": ident, "salt": salt.hex(), "value": value})
        story.events.append(event)
    story.rehash()
    story.reseal()
    _erase(story)
    story.releases = [{"id": "r1", "number": 1, "sha256": release_of(MANIFEST), "manifest": MANIFEST}]
    story.files = {hashlib.sha256(data).hexdigest(): data for data in (DIAGRAM, FORM)}
    file = {"kind": "file", "id": "f1", "sha256": hashlib.sha256(b"slides").hexdigest(), "size": 6}
    story.documents = [{"kind": "archive", "id": "a1", "number": "A-2026-0001", "sha256": PACKAGE}, file]
    return story


def _erase(story: Story) -> None:
    committed = [one for one in story.events if one["commitment"]]
    for event, opened in zip(committed, list(story.opened), strict=True):
        opened["n"] = event["n"]
        if (event["stream"], event["ident"], event["n"]) in ERASED:
            event["personal"] = "erased"
            story.opened.remove(opened)


def body_of(story: Story, place: int, **changes: object) -> None:
    event = story.events[place]
    event["body"] = chain.canonical({**json.loads(event["body"]), **changes})
