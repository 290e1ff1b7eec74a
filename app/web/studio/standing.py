"""The draft that a page of the studio works on, the releases it may be compared with, and how people are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.errors import N_, NotFound
from app.i18n import gettext
from app.identity import people
from app.web.access import database
from app.web.numbers import whole
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import drafts

ANALYST = "analyst"
PROGRAM = {"system:folders": N_("the folders of the program"), "system:cli": N_("the command line")}


def draft() -> StudioDraft:
    """The open draft; Conflict, with the way out, where none is open."""
    return drafts.current(database())


@dataclass(frozen=True, slots=True)
class Side:
    """One of two states that are compared: `draft`, `base` of the draft, or the number of a release."""

    key: str
    label: str
    files: Mapping[str, bytes]
    release: Release | None = None


def side(key: str) -> Side:
    """NotFound: no such release, or no draft is open."""
    session = database()
    if key in ("draft", "base"):
        opened = drafts.find(session)
        if opened is None:
            raise NotFound
        if key == "draft":
            return Side(key, gettext("Draft"), drafts.files(session, opened))
        base = session.get_one(Release, opened.base_release_id)
        return Side(key, label_of(base), releases.export(session, base.id), base)
    release = releases.get(session, whole(key))
    return Side(key, label_of(release), releases.export(session, release.id), release)


def label_of(release: Release) -> str:
    return gettext("Release %(number)s", number=release.number)


def called(ids: Iterable[str | None]) -> dict[str, str]:
    """Names of people, and words for what is none, in the reader's language."""
    wanted = {one for one in ids if one}
    names = people.names(database(), [one for one in wanted if not one.startswith("system:")])
    return {one: gettext(PROGRAM[one]) if one in PROGRAM else str(names.get(one, "–")) for one in wanted}
