"""What the parts of the studio tell each other: which editor opens which file, and the pages of its own navigation.

A part joins by two lines of its module: `editor(r"(?P<path>processes/.*\\.bpmn)", "diagrams.edit")`, whose named groups
become the variables of the address, and `tab(N_("Try"), "sandbox.overview", 30)`.
"""

import re
from dataclasses import dataclass

from flask import current_app, request, url_for

from app.errors import N_
from app.web.access import may_open


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the studio's navigation; `parts`: the blueprints on whose pages it is the present one."""

    place: int
    label: str
    """English msgid."""
    endpoint: str

    @property
    def href(self) -> str:
        return url_for(self.endpoint)

    @property
    def here(self) -> bool:
        present, part = request.blueprint or "", self.endpoint.partition(".")[0]
        known = {one.endpoint.partition(".")[0] for one in _TABS}
        return present == part or (part == "studio" and present not in known)


_TABS = [
    Tab(10, N_("Draft"), "studio.overview"),
    Tab(20, N_("Sandbox"), "sandbox.listed"),
    Tab(30, N_("Scenarios"), "scenarios.listed"),
    Tab(40, N_("Compare"), "studio_compare.overview"),
    Tab(50, N_("Publish"), "studio_publish.overview"),
    Tab(60, N_("Releases"), "studio_releases.listed"),
    Tab(65, N_("Running procedures"), "moves.overview"),
    Tab(70, N_("History"), "studio_history.listed"),
    Tab(80, N_("Import and export"), "studio_archive.overview"),
    Tab(90, N_("Guide"), "guide.show"),
]
_EDITORS = [
    (re.compile(pattern, re.ASCII), endpoint)
    for pattern, endpoint in (
        (r"(?P<path>processes/.*\.bpmn)", "studio_diagrams.show"),
        (r"(?P<path>processes/.*\.dmn)", "studio_decisions.show"),
        (r"processes/(?P<folder>\w+)/scenarios\.yaml", "scenarios.show"),
        (r"(?P<path>processes/.*\.(?:txt|html|css))", "studio_texts.show"),
        (r"forms/(?P<name>\w+)\.(?:schema|ui)\.json", "studio_forms.show"),
    )
]


def tab(label: str, endpoint: str, place: int) -> None:
    """Join the navigation: Draft stands at 10, Compare at 40, Publish at 50, Releases at 60."""
    if endpoint not in {one.endpoint for one in _TABS}:
        _TABS.append(Tab(place, label, endpoint))


def editor(pattern: str, endpoint: str) -> None:
    """Offer an editor for the files whose whole path the pattern matches; who joins later goes first."""
    _EDITORS.insert(0, (re.compile(pattern, re.ASCII), endpoint))


def tabs() -> list[Tab]:
    """Those whose pages are there."""
    there = [one for one in _TABS if one.endpoint in current_app.view_functions and may_open(one.endpoint)]
    return sorted(there, key=lambda one: one.place)


def editor_of(path: str) -> str:
    """Where the file is edited: its own editor, or the source."""
    for pattern, endpoint in _EDITORS:
        found = pattern.fullmatch(path)
        if found and endpoint in current_app.view_functions:
            return url_for(endpoint, **found.groupdict())  # type: ignore[arg-type]  # groups are path parts
    return url_for("studio_source.edit", path=path)
