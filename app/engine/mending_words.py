"""Fixes of our own words: names in both languages, roles, outputs, parameters."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.lint_diagram import Diagram, bpmn, coomet, local
from app.engine.lint_languages import texts
from app.engine.lint_references import listed
from app.engine.lint_sites import sites
from app.engine.lint_variables import known
from app.engine.mending_fix import Choose, Fix, Nothing, Place
from app.engine.mending_parts import word
from app.i18n import Text

_UNKNOWN = Text(
    ru="В черновике этот текст нигде не переведен: впишите перевод в свойствах элемента.",
    en="The draft translates this text nowhere: write the translation in the element's properties.",
)


def _pairs(diagrams: list[Diagram]) -> Iterator[tuple[str, str]]:
    for diagram in diagrams:
        for text in diagram.root.iter(coomet("text")):
            owner = text.getparent().getparent()
            if text.get("lang") == "en" and text.get("name") and owner is not None and owner.get("name"):
                yield owner.get("name").strip(), text.get("name").strip()


def english(place: Place) -> Text:
    """As the draft translates the same name elsewhere."""
    name = (place.element.get("name") or "").strip()
    found = next((en for ru, en in _pairs(place.release.diagrams) if ru == name), None)
    if not name or found is None:
        raise Nothing(_UNKNOWN)
    word(place.element, "text", lang="en").set("name", found)
    return Text(
        ru=f"По-английски, как в другом месте черновика: «{found}».",
        en=f"In English as elsewhere in the draft: “{found}”.",
    )


def russian(place: Place) -> Text:
    own = texts(place.element).get("en")
    name = "" if own is None else (own.get("name") or "").strip()
    found = next((ru for ru, en in _pairs(place.release.diagrams) if en == name), None)
    if not name or found is None:
        raise Nothing(_UNKNOWN)
    place.element.set("name", found)
    return Text(
        ru=f"По-русски, как в другом месте черновика: «{found}».",
        en=f"In Russian as elsewhere in the draft: “{found}”.",
    )


def lane_role(place: Place) -> Text:
    roles = place.release.catalogue.roles if place.release.catalogue else {}
    if place.choice not in roles:
        raise Choose(Text(ru="Чья это дорожка?", en="Whose lane is it?"), tuple(roles.items()))
    word(place.element, "lane").set("role", place.choice)
    role = roles[place.choice]
    return Text(ru=f"Роль дорожки: {role.ru}.", en=f"The role of the lane: {role.en}.")


def outputs_added(place: Place) -> Text:
    """A variable that nobody writes, but that is a field of a form in this process: the form's task hands it out."""
    forms = place.release.forms or {}
    for name in sorted(_unknown(place)):
        for node in place.diagram.nodes:
            own = node.extension("task")
            if own is None or own.get("form") not in forms or name not in forms[own.get("form")].fields:
                continue
            own.set("outputs", ",".join([*listed(own.get("outputs")), name]))
            task = str(node.element.get("name") or node.id)
            return Text(
                ru=f"Ответ «{name}» задачи «{task}» станет переменной.",
                en=f"The answer “{name}” of “{task}” becomes a variable.",
            )
    raise Nothing


def _unknown(place: Place) -> set[str]:
    """Variables read in the element that its process does not have."""
    level = next(one for one in place.diagram.levels if one.parent is None)
    here = known(level, place.release)
    own = {place.element, *place.element.iter("{*}*")}
    return {name for site in sites(place.diagram) if site.element in own for name in site.names() - here}


def outputs_dropped(place: Place) -> Text:
    forms = place.release.forms or {}
    for own in _own(place, "task", "start"):
        fields = forms[own.get("form")].fields if own.get("form") in forms else frozenset[str]()
        kept = [name for name in listed(own.get("outputs")) if name in fields]
        gone = [name for name in listed(own.get("outputs")) if name not in fields]
        if not gone:
            continue
        if kept:
            own.set("outputs", ",".join(kept))
        else:
            del own.attrib["outputs"]
        return Text(ru=f"Больше не переменные: {', '.join(gone)}.", en=f"No longer variables: {', '.join(gone)}.")
    raise Nothing


def immediate_set(place: Place) -> Text:
    offered = place.release.catalogue.operations if place.release.catalogue else {}
    for own in _own(place, "call"):
        if own.get("operation") in offered:
            if offered[own.get("operation")].immediate:
                own.set("immediate", "true")
                return Text(ru="Операция выполняется сразу.", en="The operation is done at once.")
            own.attrib.pop("immediate", None)
            return Text(ru="Операция выполняется в фоне.", en="The operation is done in the background.")
    raise Nothing


def parameters_dropped(place: Place) -> Text:
    offered = place.release.catalogue.operations if place.release.catalogue else {}
    for own in _own(place, "call"):
        params = offered[own.get("operation")].params if own.get("operation") in offered else {}
        gone = [one for one in own.iterchildren(coomet("parameter")) if one.get("name") not in params]
        if gone and params:
            for one in gone:
                own.remove(one)
            names = ", ".join(str(one.get("name")) for one in gone)
            return Text(ru=f"Параметры удаляются: {names}.", en=f"Parameters removed: {names}.")
    raise Nothing


def result_dropped(place: Place) -> Text:
    for own in _own(place, "call"):
        if own.attrib.pop("result", None) is not None:
            return Text(ru="Переменная результата убирается.", en="The variable for the result is removed.")
    raise Nothing


def twice_dropped(place: Place) -> Text:
    """Of two of the same word, name or language the first stays."""
    seen: set[tuple[str, str | None]] = set()
    count = 0
    for own in [one for holder in _holders(place.element) for one in holder.iterchildren(coomet("*"))]:
        key = (local(own), own.get("name") if local(own) != "text" else own.get("lang"))
        if key in seen:
            own.getparent().remove(own)
            count += 1
        seen.add(key)
    if not count:
        raise Nothing
    return Text(ru=f"Повторов удаляется: {count}.", en=f"Repetitions removed: {count}.")


def _holders(element: Any) -> list[Any]:
    found = list(element.iterchildren(bpmn("extensionElements")))
    return [*found, *(own for holder in found for own in holder.iterchildren(coomet("call"), coomet("message")))]


def _own(place: Place, *words: str) -> Iterator[Any]:
    for holder in place.element.iterchildren(bpmn("extensionElements")):
        yield from holder.iterchildren(*map(coomet, words))


WORDS: Mapping[str, Fix] = {
    "english-missing": english,
    "russian-missing": russian,
    "lane-role": lane_role,
    "name-unknown": outputs_added,
    "output-unknown": outputs_dropped,
    "output-formless": outputs_dropped,
    "immediate-wrong": immediate_set,
    "parameter-unknown": parameters_dropped,
    "result-missing": result_dropped,
    "word-twice": twice_dropped,
    "name-twice": twice_dropped,
    "language-twice": twice_dropped,
}
