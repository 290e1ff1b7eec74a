"""The steps that the form editor posts, and the cards of fields that it shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from app.errors import N_, Invalid
from app.forms import editing
from app.forms.editing import Entry, Pair, Settings
from app.forms.editing.pair import GONE
from app.i18n import Text
from app.web.studio import form_posts
from app.workflow.studio import uses
from app.workflow.studio.uses import Uses

_NONE = Settings("", "heading", Text("", ""), Text("", ""))


@dataclass(frozen=True, slots=True)
class Card:
    """One line of the editor with what can be set in it; after a refusal as it was typed."""

    entry: Entry
    settings: Settings
    above: tuple[Entry, ...]
    """Fields that its condition may look at."""
    within: tuple["Card", ...] = ()


@dataclass(frozen=True, slots=True)
class Needed:
    """A field that is to go or to be called otherwise, and all that needs it."""

    field: str
    renamed: str
    uses: Uses


def slug(key: str) -> str:
    """The key as a part of an id."""
    return key.replace(".", "-").replace("#", "h")


def cards(pair: Pair, typed: str = "") -> list[Card]:
    return _cards(editing.listed(pair), typed)


def _cards(entries: list[Entry], typed: str) -> list[Card]:
    found: list[Card] = []
    above: list[Entry] = []
    for one in entries:
        settings = _NONE if one.is_heading else editing.settings_of(one)
        if one.key == typed and not one.is_heading:
            settings = form_posts.settings(settings, live=False)
        found.append(Card(one, settings, tuple(above), tuple(_cards(list(one.within), typed))))
        if one.kind not in ("heading", "rows", "file", "files"):
            above.append(one)
    return found


def needed(files: Mapping[str, bytes], form: str) -> Needed | None:
    """What has to be read and confirmed before this step is taken; None where nothing needs the field."""
    step, key = request.form.get("step", ""), request.form.get("key", "")
    renamed = form_posts.line("name") if step == "change" and "#" not in key else ""
    if "confirmed" in request.form or "." in key or not (step == "remove" or renamed not in ("", key)):
        return None
    found = uses.of_form(files, form)
    return Needed(key, renamed, found) if found.of(key) else None


def take(pair: Pair, *, live: bool) -> str:
    """Apply the step that was posted; the key to show afterwards. Invalid says what is wrong with it."""
    step, key = request.form.get("step", ""), request.form.get("key", "")
    if step == "form":
        editing.set_form(pair, form_posts.words("title"), form_posts.words("intro"))
        return ""
    if step == "add":
        name, kind, above = form_posts.line("name"), form_posts.line("kind"), form_posts.line("above")
        return editing.add(pair, above, kind, name, form_posts.words("label"))
    if step in ("up", "down"):
        return editing.move(pair, key, -1 if step == "up" else 1)
    if step == "duplicate":
        return editing.duplicate(pair, key)
    if step == "remove":
        editing.remove(pair, key)
        return ""
    if step == "heading":
        editing.set_heading(pair, key, form_posts.words("heading"), form_posts.words("prose"))
        return key
    if step == "change":
        return _change(pair, key, live=live)
    raise Invalid(N_("This step is not known. Open the page again."))


def _change(pair: Pair, key: str, *, live: bool) -> str:
    entries = {one.key: one for top in editing.listed(pair) for one in (top, *top.within)}
    if key not in entries or entries[key].is_heading:
        raise Invalid(GONE)
    return editing.change(pair, key, form_posts.settings(editing.settings_of(entries[key]), live=live))
