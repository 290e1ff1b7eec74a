"""What a forger does, one function an attack, and what a verifier must find."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from app.audit import chain
from tests.vectors import story as told
from tests.vectors.story import SECOND, STRANGER, Story, body_of, introduces, signed

Act = Callable[[Story], None]


@dataclass(frozen=True, slots=True)
class Vector:
    """`finds`: exactly these codes; nothing for a good export, and where nobody could find anything."""

    act: Act
    finds: frozenset[str]
    outside: bool = False
    personal: bool = False
    trust: bool = False
    part: bool = False
    """An export of one instance."""
    raw: str = ""
    """A change to the zip itself, see `make`."""


def nothing(_story: Story) -> None:
    """As the program wrote it."""


def edit(**changes: object) -> Act:
    def act(story: Story) -> None:
        story.events[6] |= changes

    return act


def edit_body(story: Story) -> None:
    body_of(story, 6, act="reject")


def edit_and_rehash(story: Story) -> None:
    body_of(story, 6, act="reject")
    story.rehash()


def edit_rehash_and_recompute(story: Story) -> None:
    edit_and_rehash(story)
    story.reseal(keep_signatures=True)


def rewrite_with_the_stolen_key(story: Story) -> None:
    edit_and_rehash(story)
    story.reseal()


def rewrite_with_an_own_key(story: Story) -> None:
    body_of(story, 6, act="reject")
    story.events[0]["body"] = chain.canonical(introduces(STRANGER, None))
    story.events[9]["body"] = chain.canonical(introduces(SECOND, STRANGER))
    story.rehash()
    story.reseal(first=STRANGER)


def delete(story: Story) -> None:
    del story.events[6]
    for place, event in enumerate(story.events[:13]):
        event["position"] = place


def delete_and_rehash(story: Story) -> None:
    del story.events[6]
    story.rehash()


def insert_and_rehash(story: Story) -> None:
    forged = {**story.events[6], "actor": "p9", "commitment": None, "personal": None}
    story.events.insert(7, forged)
    story.rehash()


def swap(story: Story) -> None:
    """Two events of different streams: every chain still holds."""
    story.events[6], story.events[7] = story.events[7], story.events[6]
    story.events[6]["position"], story.events[7]["position"] = 6, 7


def misplace(story: Story) -> None:
    story.events[6]["position"], story.events[7]["position"] = 7, 6


def cut(story: Story) -> None:
    del story.events[12:]


def cut_with_checkpoint(story: Story) -> None:
    del story.events[9:]
    del story.points[-1]


def drop_last_checkpoint(story: Story) -> None:
    del story.points[-1]


def drop_all_checkpoints(story: Story) -> None:
    story.points = []


def drop_middle_checkpoint(story: Story) -> None:
    del story.points[1]


def spoil_signature(story: Story) -> None:
    story.points[1]["signature"] = story.points[0]["signature"]


def resign(place: int, minute: int | None = None, previous: bytes | None = None, retired: bool = False) -> Act:
    """The holder of the key signs one checkpoint anew."""

    def act(story: Story) -> None:
        old = story.points[place]
        signer = told.SECOND if place == 2 and not retired else told.FIRST
        before = bytes.fromhex(old["previous"]) if previous is None else previous
        story.points[place] = signed(old["size"], bytes.fromhex(old["root"]), before, signer, minute)

    return act


def repeat_checkpoint(story: Story) -> None:
    last = story.points[-1]
    story.points.append(signed(last["size"], bytes.fromhex(last["root"]), bytes.fromhex(last["root"]), told.SECOND))


def new_key(by: str | None, signature: str | None) -> Act:
    """A stranger's key takes over: everything after it is signed by the stranger."""

    def act(story: Story) -> None:
        body = {**introduces(STRANGER, None), "by": by, "signature": signature}
        story.events[9]["body"] = chain.canonical(body)
        story.rehash()
        story.reseal(second=STRANGER)

    return act


def change_opened(story: Story) -> None:
    story.opened[0]["value"] = story.opened[0]["value"].replace("Анна", "Алла")


def open_nothing(story: Story) -> None:
    story.opened[0]["n"] = 9


def change_diagram(story: Story) -> None:
    digest = told.MANIFEST["processes/agreement/agreement.bpmn"]
    story.files[digest] = told.DIAGRAM.replace(b"agreement", b"agreememt")


def change_release(story: Story) -> None:
    """Another form in the list, with its right content: only the event tells that it was not published."""
    digest = hashlib.sha256(b"{}").hexdigest()
    manifest = {**told.MANIFEST, "forms/consider.schema.json": digest}
    story.files[digest] = b"{}"
    story.releases[0] |= {"manifest": manifest, "sha256": told.release_of(manifest)}


def change_document(story: Story) -> None:
    story.documents[0]["sha256"] = "0" * 64


def spoil_path(story: Story) -> None:
    sealed = [event for event in story.events if event["position"] is not None]
    sealed[-1]["path"] = [*sealed[-1]["path"][:-1], "0" * 64]


def spoil_proof(story: Story) -> None:
    story.proofs[1]["path"][0] = "0" * 64


def delete_of_part(story: Story) -> None:
    del story.events[2]


def forge_the_tail(story: Story) -> None:
    body_of(story, 15, stage="handed_over")
    story.rehash()


def finds(*codes: str) -> frozenset[str]:
    return frozenset(codes)


VECTORS: dict[str, Vector] = {
    "good": Vector(nothing, finds()),
    "good-with-outside-copy": Vector(nothing, finds(), outside=True, personal=True, trust=True),
    "good-part": Vector(nothing, finds(), outside=True, part=True),
    "limit-tail-forged": Vector(forge_the_tail, finds(), outside=True),
    "limit-rewritten-without-outside-copy": Vector(rewrite_with_the_stolen_key, finds()),
    "body-edited": Vector(edit_body, finds("chain")),
    "time-edited": Vector(edit(at=told.MONDAY), finds("chain")),
    "actor-edited": Vector(edit(actor="p9"), finds("chain")),
    "commitment-removed": Vector(edit(commitment=None), finds("chain")),
    "event-deleted": Vector(delete, finds("gap", "root", "cut", "key")),
    "event-deleted-chain-mended": Vector(delete_and_rehash, finds("root", "cut", "key")),
    "event-inserted-chain-mended": Vector(insert_and_rehash, finds("root", "uncovered")),
    "events-swapped": Vector(swap, finds("root")),
    "events-misplaced": Vector(misplace, finds("order")),
    "newest-cut": Vector(cut, finds("cut")),
    "newest-cut-with-checkpoint": Vector(
        cut_with_checkpoint, finds("outside-cut", "outside-point", "outside-key"), outside=True
    ),
    "rehashed": Vector(edit_and_rehash, finds("root")),
    "rehashed-roots-recomputed": Vector(edit_rehash_and_recompute, finds("signature")),
    "rewritten-with-stolen-key": Vector(rewrite_with_the_stolen_key, finds("outside-root"), outside=True),
    "rewritten-with-own-key": Vector(rewrite_with_an_own_key, finds("outside-root", "outside-key"), outside=True),
    "rewritten-with-own-key-pinned": Vector(rewrite_with_an_own_key, finds("key"), trust=True),
    "newest-checkpoint-deleted": Vector(drop_last_checkpoint, finds("uncovered")),
    "all-checkpoints-deleted": Vector(drop_all_checkpoints, finds("uncovered")),
    "checkpoint-deleted": Vector(drop_middle_checkpoint, finds("previous")),
    "checkpoint-deleted-known-outside": Vector(
        drop_middle_checkpoint, finds("previous", "outside-point"), outside=True
    ),
    "signature-of-another": Vector(spoil_signature, finds("signature")),
    "checkpoint-of-another-past": Vector(resign(1, previous=bytes(32)), finds("previous")),
    "checkpoint-back-in-time": Vector(resign(1, minute=0), finds("time")),
    "checkpoint-repeated": Vector(repeat_checkpoint, finds("growth")),
    "retired-key": Vector(resign(2, retired=True), finds("key")),
    "key-not-vouched-for": Vector(new_key(None, None), finds("key")),
    "key-vouched-for-by-nobody": Vector(new_key(told.FIRST.id, "0" * 128), finds("key")),
    "personal-changed": Vector(change_opened, finds("personal"), personal=True),
    "personal-of-no-event": Vector(open_nothing, finds("personal"), personal=True),
    "diagram-changed": Vector(change_diagram, finds("release")),
    "release-changed": Vector(change_release, finds("release")),
    "document-changed": Vector(change_document, finds("document")),
    "part-path-changed": Vector(spoil_path, finds("inclusion"), part=True),
    "part-proof-changed": Vector(spoil_proof, finds("root"), part=True),
    "part-event-deleted": Vector(delete_of_part, finds("gap"), part=True),
    "line-not-canonical": Vector(nothing, finds("format"), raw="space"),
    "line-missing": Vector(nothing, finds("count"), raw="line"),
    "member-twice": Vector(nothing, finds("format"), raw="twice"),
    "keys-changed": Vector(nothing, finds("key"), raw="keys"),
    "member-missing": Vector(nothing, finds("format"), raw="member"),
}
