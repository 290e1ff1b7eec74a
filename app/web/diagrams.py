"""A diagram for the viewer: a copy, in the reader's language, with nothing in it but what is drawn."""

from functools import lru_cache

from lxml import etree

from app.i18n import Locale

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_TEXT = "{urn:coomet:bpmn:1}text"
_HIDDEN = (f"{_BPMN}extensionElements", f"{_BPMN}script", f"{_BPMN}conditionExpression")


@lru_cache(maxsize=64)
def in_language(source: bytes, locale: Locale) -> bytes:
    """Names from the texts beside them; extensions, scripts and conditions are left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    root = etree.fromstring(source, parser)
    if locale == "en":
        for text in root.iter(_TEXT):
            _rename(text)
    for tag in _HIDDEN:
        for node in list(root.iter(tag)):
            node.getparent().remove(node)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _rename(text: "etree._Element") -> None:
    extensions = text.getparent()
    owner = extensions.getparent() if extensions is not None else None
    if owner is not None and text.get("lang") == "en" and text.get("name"):
        owner.set("name", str(text.get("name")))
