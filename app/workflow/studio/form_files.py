"""The two files of a form in the draft: read together, saved together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.errors import N_, Conflict, Invalid, NotFound
from app.forms.dialect import Half, file_of
from app.forms.editing import Halves
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import drafts
from app.workflow.studio.drafts import Content, Overtaken

HALVES: tuple[Half, Half] = ("schema", "ui")
Revisions = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FormFiles:
    """A form as the draft has it; `by` and `at` are of the later save."""

    name: str
    halves: Halves
    revisions: Revisions
    by: str | None = None
    at: datetime | None = None


class Behind(Conflict):
    """Somebody saved since the page was read; what was sent is kept aside, `newest` is what stands."""

    def __init__(self, newest: FormFiles) -> None:
        super().__init__(N_("Somebody else has saved this form since you opened it."))
        self.newest = newest


def read(session: Session, draft: StudioDraft, name: str) -> FormFiles:
    """NotFound where the draft has neither file; one that is missing is empty."""
    found = [_content(session, draft, file_of(name, half)) for half in HALVES]
    if all(one.data is None for one in found):
        raise NotFound
    last = max(found, key=lambda one: (one.at is not None, one.at or 0))
    halves = Halves(*(one.data or b"" for one in found))
    return FormFiles(name, halves, (found[0].revision, found[1].revision), last.by, last.at)


def _content(session: Session, draft: StudioDraft, path: str) -> Content:
    try:
        return drafts.read(session, draft, path)
    except NotFound:
        return Content(path, None)


def save(session: Session, draft: StudioDraft, wanted: FormFiles, by: str, note: str = "") -> FormFiles:
    """Both files, where each stands at the revision given.

    Raises Behind, after keeping what was sent aside in the history, where one has moved on: then neither is saved.
    """
    now = read(session, draft, wanted.name)
    if now.revisions != wanted.revisions and now.halves != wanted.halves:
        _set_aside(session, draft, wanted, now, by)
        raise Behind(now)
    for half, data, before, revision in zip(HALVES, wanted.halves, now.halves, now.revisions, strict=True):
        if data != before:
            put = drafts.save(session, draft, file_of(wanted.name, half), data, revision, by, note=note)
            if isinstance(put, Overtaken):
                raise Behind(read(session, draft, wanted.name))
    return read(session, draft, wanted.name)


def _set_aside(session: Session, draft: StudioDraft, wanted: FormFiles, now: FormFiles, by: str) -> None:
    """Into the history: a revision that nobody stands at is refused there and kept."""
    for half, data, before, old, new in zip(
        HALVES, wanted.halves, now.halves, wanted.revisions, now.revisions, strict=True
    ):
        if data != before and old != new:
            drafts.save(session, draft, file_of(wanted.name, half), data, old, by)


def create(session: Session, draft: StudioDraft, name: str, halves: Halves, by: str) -> FormFiles:
    """A new form. Invalid where there is one of that name."""
    found = [_content(session, draft, file_of(name, half)) for half in HALVES]
    if any(one.data is not None for one in found):
        raise Invalid(N_("There is a form “%(name)s” already."), name=name)
    for half, data, content in zip(HALVES, halves, found, strict=True):
        drafts.save(session, draft, file_of(name, half), data, content.revision, by)
    return read(session, draft, name)


def remove(session: Session, draft: StudioDraft, name: str, by: str) -> None:
    """Out of the draft; the history keeps it."""
    for half in HALVES:
        found = _content(session, draft, file_of(name, half))
        if found.data is not None:
            drafts.save(session, draft, file_of(name, half), None, found.revision, by, how="removed")


def names(files: Mapping[str, bytes]) -> list[str]:
    """All forms of which there is at least one file."""
    ends = tuple(f".{half}.json" for half in HALVES)
    stems = {path.removeprefix("forms/").removesuffix(end) for path in files for end in ends if path.endswith(end)}
    return sorted(stem for stem in stems if "/" not in stem)
