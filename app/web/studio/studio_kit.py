"""What the diagram editor needs to begin: its words, what may be drawn, and what a diagram of the draft may name."""

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.engine import offering
from app.engine.lint_diagram import bpmn
from app.engine.xml import parse_xml
from app.i18n import current_locale, gettext
from app.web.icons import icon
from app.web.studio.studio_panel_words import ELEMENTS, PANEL
from app.web.studio.studio_words import LIBRARY, known
from app.workflow import releases
from app.workflow.studio import catalogue

_KEPT = 8
_made: "OrderedDict[tuple[str, str], dict[str, Any]]" = OrderedDict()

ICONS = {"error": "circle-slash", "publishing": "ban", "warning": "triangle-alert"}


def words() -> dict[str, str]:
    named = {f"element {kind}": gettext(name) for kind, name in ELEMENTS.items()}
    return known((*LIBRARY, *PANEL)) | named


def offer() -> dict[str, Any]:
    """The check's own tables: there is no second list of what runs."""
    return {
        "elements": offering.elements(),
        "events": offering.events(),
        "places": offering.places(),
        "vocabulary": offering.vocabulary(),
    }


def icons() -> dict[str, str]:
    return {severity: str(icon(name)) for severity, name in ICONS.items()}


def named(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Operations, roles, events, forms, tables and processes by name, in the reader's language."""
    forms = {path: data for path, data in files.items() if path.startswith("forms/")}
    key = (releases.content_hash(releases.manifest_of(forms)), current_locale())
    if key not in _made:
        _made[key] = _offered(forms)
        while len(_made) > _KEPT:
            _made.popitem(last=False)
    drawn = [_elements(data) for path, data in sorted(files.items()) if path.endswith((".bpmn", ".dmn"))]
    return _made[key] | {
        kind: [{"name": name, "label": label} for found in drawn for tag, name, label in found if tag == kind]
        for kind in ("decisions", "processes")
    }


def _offered(forms: Mapping[str, bytes]) -> dict[str, Any]:
    found = catalogue.offered(forms)
    operations = [
        {
            "name": one["name"],
            "params": {param["name"]: param["required"] for param in one["params"]},
            "immediate": one["immediate"],
            "result": one["result"],
        }
        for one in found["operations"]
    ]
    return {
        "operations": operations,
        "forms": [{"name": one["name"], "fields": _labelled(one["fields"])} for one in found["forms"]],
        "roles": _labelled(found["roles"]),
        "events": _labelled(found["events"]),
    }


def _labelled(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    locale = current_locale()
    return [{"name": row["name"], "label": row["label"][locale] or row["name"]} for row in rows]


@lru_cache(maxsize=256)
def _elements(content: bytes) -> tuple[tuple[str, str, str], ...]:
    """The processes and decisions of one file: what they are, id, name."""
    root = parse_xml(content, "")[0]
    tags = {"processes": bpmn("process"), "decisions": "{*}decision"}
    found = [(kind, one) for kind, tag in tags.items() for one in (() if root is None else root.iter(tag))]
    return tuple((kind, one.get("id"), one.get("name") or "") for kind, one in found if one.get("id"))
