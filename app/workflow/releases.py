"""Releases: immutable, content-addressed sets of diagrams, decisions, forms and templates.

The folders publish themselves only into an empty database. Later, files the database has never seen are an offer that
a person compares and publishes. Instances keep the release they began with.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import clock, engine, forms
from app.audit.evidence import record
from app.audit.kinds import Kind
from app.db import lock_table
from app.engine import Catalogue, Finding, FormShape, Happening, Operation, Specification
from app.errors import N_, Conflict, Invalid, NotFound
from app.identity.roles import ROLES
from app.workflow import bindings, happenings, operations, scenarios
from app.workflow.models import Blob, Release

FOLDERS = ("processes", "forms")
_KEPT = 16
_loaded: "OrderedDict[str, Loaded]" = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A release ready to run, shared by all requests of this process."""

    id: str
    specification: Specification
    forms: Mapping[str, forms.Form]
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Change:
    """One file of the folders against the release last published from them."""

    path: str
    how: Literal["added", "changed", "removed"]
    both: bool
    """It was changed in the newest release as well, differently: somebody must merge."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Folders whose content no release has."""

    sha256: str
    changes: tuple[Change, ...]


class Refused(Invalid):
    """The files cannot be published; `findings` says why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(N_("The check has findings that must be dealt with before publishing."))
        self.findings = findings
        self.add_note("; ".join(f"{one.file} {one.element or ''} {one.rule}: {one.message.en}" for one in findings))


def read_folders(root: Path) -> dict[str, bytes]:
    """Path relative to `root` -> content, of everything in processes/ and forms/ but notes and hidden files."""
    found = {}
    for path in sorted(file for folder in FOLDERS for file in (root / folder).rglob("*")):
        name = path.relative_to(root)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not path.is_symlink() and not hidden and path.suffix != ".md":
            found[name.as_posix()] = path.read_bytes()
    return found


def digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def manifest_of(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)}


def content_hash(manifest: Mapping[str, str]) -> str:
    """The name of a content: equal for equal paths and bytes, whoever published them."""
    lines = "".join(f"{manifest[path]}  {path}\n" for path in sorted(manifest))
    return hashlib.sha256(lines.encode()).hexdigest()


def catalogue() -> Catalogue:
    """What diagrams may name: the operations that the program has, the roles and the events."""
    offered = {name: Operation(one.params, one.result, one.immediate) for name, one in operations.registered().items()}
    known = {name: Happening(one.label, one.variables) for name, one in happenings.registered().items()}
    return Catalogue(operations=offered, forms=None, roles=ROLES, happenings=known)


def check(files: Mapping[str, bytes]) -> list[Finding]:
    """All findings on diagrams, decisions and forms, as in the editor and in `./run check`."""
    known = catalogue()
    surroundings = forms.Surroundings(binds=bindings.registered().keys())
    found = forms.check_forms(files, surroundings)
    if not any(finding.severity == "error" for finding in found):
        shapes = {name: FormShape(form.names) for name, form in forms.load_forms(files).items()}
        known = Catalogue(known.operations, shapes, known.roles, known.happenings)
    return [*engine.check(files, known), *found]


def publish(
    session: Session,
    files: Mapping[str, bytes],
    by: str,
    note: str = "",
    source: str = "studio",
    found: Iterable[Finding] | None = None,
    told: Mapping[str, Any] | None = None,
) -> Release:
    """Freeze the files as the newest release. Refused unless the check has neither error nor publishing findings.

    `found`: the findings on exactly these files, where the caller has them; `told`: more for the evidence.
    """
    serious = [finding for finding in (check(files) if found is None else found) if finding.severity != "warning"]
    if serious:
        raise Refused(serious)
    lock_table(session, Release)
    manifest = manifest_of(files)
    number = (session.scalar(sa.select(sa.func.max(Release.number))) or 0) + 1
    release = Release(
        number=number, sha256=content_hash(manifest), manifest=manifest, source=source, note=note, by=by, at=clock.now()
    )
    session.add(release)
    _keep_blobs(session, {manifest[path]: data for path, data in files.items()})
    session.flush()
    body = {"number": number, "sha256": release.sha256, "source": source, **(told or {})}
    record(session, "release", release.id, Kind.RELEASE_PUBLISHED, by, body, {"note": note} if note else None, by)
    return release


def published_as(body: str) -> str:
    """The checksum in the body of a release's event."""
    return str(orjson.loads(body)["sha256"])


def publish_first(session: Session, root: Path, by: str = "system:folders") -> Release | None:
    """Publish the folders if the database has no release at all; otherwise leave everything as it is."""
    if current(session) is not None:
        return None
    return publish(session, read_folders(root), by, source="folders")


def publish_folders(session: Session, root: Path, by: str, note: str = "") -> Release:
    """The rule of `./run publish`: nothing that was made in the studio is ever overwritten."""
    newest, files = current(session), read_folders(root)
    if newest is not None and newest.source != "folders":
        raise Conflict(N_("The newest release was made in the studio. Export it to the folders first, or compare."))
    if newest is not None and newest.sha256 == content_hash(manifest_of(files)):
        raise Conflict(N_("The folders are already published as release %(number)s."), number=newest.number)
    return publish(session, files, by, note, "folders", rehearse(files))


def rehearse(files: Mapping[str, bytes], told: scenarios.Told | None = None) -> list[Finding]:
    """What the check finds and, where it has no error, what playing the recorded scenarios finds.

    `told` hears how many scenarios have been played, and of how many.
    """
    found = check(files)
    if any(finding.severity == "error" for finding in found):
        return found
    return [*found, *scenarios.check(files, told).findings]


_CURRENT = sa.select(Release).order_by(Release.number.desc()).limit(1)


def current(session: Session) -> Release | None:
    """The newest release: new instances begin with it."""
    return session.scalars(_CURRENT).one_or_none()


def export(session: Session, release_id: str) -> dict[str, bytes]:
    """The files of a release, to be written back to the folders."""
    release = session.get(Release, release_id)
    if release is None:
        raise NotFound
    wanted = Blob.sha256.in_(set(release.manifest.values()))
    blobs = {blob.sha256: blob.data for blob in session.scalars(sa.select(Blob).where(wanted))}
    return {path: blobs[digest] for path, digest in release.manifest.items()}


def get(session: Session, number: int) -> Release:
    """The release of that number; NotFound where there is none."""
    found = session.scalars(sa.select(Release).where(Release.number == number)).one_or_none()
    if found is None:
        raise NotFound
    return found


def manifest(session: Session, release_id: str) -> dict[str, Any]:
    """Path -> SHA-256 of a release; NotFound for an unknown id."""
    release = session.get(Release, release_id)
    if release is None:
        raise NotFound
    return release.manifest


def file_of(session: Session, release_id: str, path: str) -> bytes | None:
    """One file of a release; None if it has none of that path."""
    release = session.get(Release, release_id)
    if release is None:
        raise NotFound
    digest = release.manifest.get(path)
    return None if digest is None else session.get_one(Blob, digest).data


def load(session: Session, release_id: str) -> Loaded:
    """The release compiled, once in this process. NotFound for an unknown id."""
    with _lock:
        if release_id in _loaded:
            _loaded.move_to_end(release_id)
            return _loaded[release_id]
    files = export(session, release_id)
    made = Loaded(release_id, engine.reopen_release(files), forms.load_forms(files), files)
    with _lock:
        _loaded[release_id] = made
        while len(_loaded) > _KEPT:
            _loaded.popitem(last=False)
    return made


def specification(session: Session, release_id: str) -> Specification:
    return load(session, release_id).specification


def offer(session: Session, root: Path) -> Offer | None:
    """What the folders hold that no release has, or None."""
    here = manifest_of(read_folders(root))
    digest = content_hash(here)
    known = sa.select(Release.id).where(Release.sha256 == digest).limit(1)
    newest = current(session)
    if newest is None or session.scalar(known) is not None:
        return None
    last = sa.select(Release).where(Release.source == "folders").order_by(Release.number.desc()).limit(1)
    base = session.scalars(last).one_or_none()
    return Offer(digest, _compare(base.manifest if base else {}, here, newest.manifest))


def _compare(base: Mapping[str, Any], folder: Mapping[str, str], newest: Mapping[str, Any]) -> tuple[Change, ...]:
    changes = []
    for path in sorted({*base, *folder}):
        before, after = base.get(path), folder.get(path)
        if before == after:
            continue
        how: Literal["added", "changed", "removed"] = (
            "added" if before is None else "removed" if after is None else "changed"
        )
        theirs = newest.get(path)
        changes.append(Change(path, how, theirs not in (before, after)))
    return tuple(changes)


def _keep_blobs(session: Session, blobs: Mapping[str, bytes]) -> None:
    known = set(session.scalars(sa.select(Blob.sha256).where(Blob.sha256.in_(blobs))))
    fresh = [{"sha256": digest, "data": data} for digest, data in blobs.items() if digest not in known]
    if fresh:
        session.execute(sa.insert(Blob), fresh)
