"""Fixes of identifiers and of lists that name elements."""

from collections.abc import Mapping

from app.engine.lint_diagram import Flow, Level, Node, bpmn, local, text_of
from app.engine.lint_ids import is_name
from app.engine.mending_fix import Fix, Nothing, Place
from app.engine.mending_parts import by_id, free_id, rename
from app.i18n import Text


def ids_given(place: Place) -> Text:
    count = 0
    for level in place.diagram.levels:
        drawn: list[Level | Node | Flow] = [level, *level.nodes.values(), *level.flows]
        for one in drawn:
            if not one.element.get("id"):
                one.element.set("id", free_id(place.root, f"{local(one.element)}_1"))
                count += 1
    if not count:
        raise Nothing
    return Text(ru=f"Элементов, получающих идентификатор: {count}.", en=f"Elements that are given an id: {count}.")


def ids_apart(place: Place) -> Text:
    """Of several elements with one id the first keeps it, with all that points to it; shapes go in their order."""
    name = place.element.get("id")
    same = [one for one in place.root.iter("{*}*") if one.get("id") == name]
    shapes = [one for one in place.root.iter("{*}*") if one.get("bpmnElement") == name]
    if len(same) < 2:
        raise Nothing
    for number, one in enumerate(same[1:], 1):
        fresh = free_id(place.root, f"{name}_{number + 1}")
        one.set("id", fresh)
        if number < len(shapes):
            shapes[number].set("bpmnElement", fresh)
    return Text(
        ru=f"Первый «{name}» остается, остальные получают другие идентификаторы.",
        en=f"The first “{name}” stays, the others are given ids of their own.",
    )


def id_named(place: Place) -> Text:
    name = str(place.element.get("id") or "")
    if is_name(name) and name not in ("Start", "End") and not name.endswith(("Join", "Split")):
        unsafe = [one for one in place.root.iter("{*}*") if one.get("id") is not None and not is_name(one.get("id"))]
        if not unsafe:
            raise Nothing
        place = Place(place.root, unsafe[0], place.diagram, place.release, place.choice)
        name = str(place.element.get("id"))
    fresh = free_id(place.root, f"course_{name}")
    rename(place.root, place.element, fresh)
    return Text(
        ru=f"Элемент «{name[:40]}» получает идентификатор «{fresh}».",
        en=f"The element “{name[:40]}” is given the id “{fresh}”.",
    )


def refs_away(place: Place) -> Text:
    """Lanes list only what is there, and each but once."""
    seen: set[str] = set()
    count = 0
    for ref in list(place.root.iter(bpmn("flowNodeRef"))):
        name = text_of(ref)
        if name in seen or by_id(place.root, name) is None:
            ref.getparent().remove(ref)
            count += 1
        seen.add(name)
    if not count:
        raise Nothing
    return Text(ru=f"Лишних записей на дорожках удаляется: {count}.", en=f"Entries removed from lanes: {count}.")


IDS: Mapping[str, Fix] = {
    "id-missing": ids_given,
    "id-twice": ids_apart,
    "id-unsafe": id_named,
    "id-reserved": id_named,
    "lane-unknown": refs_away,
    "lane-twice": refs_away,
}
