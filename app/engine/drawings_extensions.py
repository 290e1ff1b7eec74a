"""What analysts write into the extension elements `coomet:…`, and texts in both languages."""

from typing import Any

from app.engine.specification import StartForm
from app.engine.xml import BPMN, OURS
from app.i18n import Text

ATTRIBUTES = {
    "task": ("form", "clause", "organisation", "person", "subject", "exclude", "title", "due", "result"),
    "call": ("operation", "result"),
    "decision": ("table", "result"),
    "message": ("result",),
    "error": ("result",),
    "lane": ("role",),
}


def read_extensions(node: Any) -> dict[str, Any]:
    """Fields of Element that the node's extension elements give."""
    found: dict[str, Any] = {}
    for own in _ours(node):
        tag = own.tag.removeprefix(OURS)
        found |= {name: own.get(name) for name in ATTRIBUTES.get(tag, ()) if own.get(name)}
        if tag == "task":
            found["outputs"] = _words(own.get("outputs"))
            found["quiet"] = own.get("quiet") == "true"
        if tag == "call":
            found["immediate"] = own.get("immediate") == "true"
        if tag in ("call", "message"):
            found["parameters"] = _named(own.iterchildren(OURS + "parameter"))
    deadlines = {own.get("name", ""): own.get("due", "") for own in _ours(node, "deadline")}
    return found | _exchange(node) | ({"deadlines": deadlines} if deadlines else {})


def _exchange(node: Any) -> dict[str, Any]:
    """What enters and leaves a called process. Once anything is declared, nothing else comes back."""
    inputs, outputs = _named(_ours(node, "input")), _named(_ours(node, "output"))
    if not inputs and not outputs:
        return {}
    return {"inputs": inputs or None, "returned": outputs}


def read_start(node: Any) -> StartForm | None:
    """The form by which people start the process; None where only an event or a call does."""
    for own in _ours(node, "start"):
        if own.get("event") and not own.get("form") and not own.get("roles"):
            continue
        return StartForm(
            element=node.get("id"),
            form=own.get("form", ""),
            roles=_words(own.get("roles")),
            clause=own.get("clause"),
            outputs=_words(own.get("outputs")),
            result=own.get("result"),
            operation=own.get("operation"),
        )
    return None


def read_start_event(node: Any) -> str | None:
    """The domain event that starts the process."""
    return next((own.get("event") for own in _ours(node, "start") if own.get("event")), None)


def read_texts(node: Any) -> tuple[Text, Text]:
    """Name and instructions. The Russian name is BPMN's own attribute, all else stands in `coomet:text`."""
    own = {text.get("lang"): text for text in _ours(node, "text")}
    english = own["en"].get("name", "") if "en" in own else ""
    documentation = (node.findtext(BPMN + "documentation") or "").strip()
    instructions = {lang: (text.text or "").strip() for lang, text in own.items()}
    name = Text(ru=(node.get("name") or "").strip(), en=english.strip())
    return name, Text(ru=instructions.get("ru") or documentation, en=instructions.get("en", ""))


def _ours(node: Any, tag: str | None = None) -> list[Any]:
    container = node.find(BPMN + "extensionElements")
    if container is None:
        return []
    return [own for own in container if _is_ours(own.tag, tag)]


def _named(elements: Any) -> dict[str, str]:
    return {element.get("name", ""): (element.text or "").strip() for element in elements}


def _words(value: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (value or "").split(",") if word.strip())


def _is_ours(found: Any, tag: str | None) -> bool:
    """Comments have no text for a tag."""
    return isinstance(found, str) and (found.startswith(OURS) if tag is None else found == OURS + tag)
