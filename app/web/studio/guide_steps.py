"""A step of a worked example: what is done, to what and with which value, and the sentence that says so.

What is pressed, filled in or chosen is named by the very text of the page, so guide and page cannot drift apart; a test
in the browser does the steps as they are written.
"""

from dataclasses import dataclass
from typing import Any, Literal

from flask import url_for
from markupsafe import Markup, escape

from app.errors import N_
from app.i18n import Text, gettext

Do = Literal["open", "press", "unfold", "choose", "place", "fill", "pick", "see"]
Value = str | Text

SENTENCES: dict[Do, str] = {
    "open": N_("Open %(what)s."),
    "press": N_("Press “%(what)s”."),
    "unfold": N_("Unfold “%(what)s”."),
    "choose": N_("Choose the step “%(what)s” on the diagram, or in the outline below it."),
    "place": N_("Press “%(what)s” in the palette and then the arrow after “%(value)s”."),
    "fill": N_("In “%(what)s” write “%(value)s”."),
    "pick": N_("In “%(what)s” choose “%(value)s”."),
    "see": N_("You see: “%(value)s”."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Of `what` and `value` a str is an English text of the pages, translated where it is shown."""

    do: Do
    what: Value = ""
    value: Value = ""
    target: str = ""
    """Address of a page, id of an element or of a flow."""
    literal: bool = False
    """The value is typed or shown as it stands, in every language."""

    @property
    def named(self) -> str:
        return str(self.what) if isinstance(self.what, Text) else gettext(self.what) if self.what else ""

    @property
    def said(self) -> str:
        if isinstance(self.value, Text):
            return str(self.value)
        return self.value if self.literal or not self.value else gettext(self.value)

    @property
    def sentence(self) -> Markup:
        what = Markup("<b>{}</b>").format(self.named)
        if self.do == "open":
            what = Markup('<a href="{}">{}</a>').format(self.target, self.named)
        said = Markup("<b>{}</b>").format(self.said)
        return Markup(escape(gettext(SENTENCES[self.do]))) % {"what": what, "value": said}  # noqa: S704 - escaped


@dataclass(frozen=True, slots=True)
class Example:
    """A task that analysts have, from its first press to what they see at the end."""

    name: str
    title: str
    why: str
    steps: tuple[Step, ...]


def page(endpoint: str, label: str, **values: Any) -> Step:
    return Step("open", label, target=url_for(endpoint, **values))
