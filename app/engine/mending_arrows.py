"""Fixes of the flow: default arrows, conditions that nothing looks at, parts that nobody can reach."""

from collections.abc import Mapping

from app.engine.lint_diagram import Flow, bpmn
from app.engine.mending_fix import Choose, Fix, Nothing, Place
from app.engine.mending_parts import remove
from app.i18n import Text


def _called(flow: Flow) -> Text:
    target = flow.target.element if flow.target is not None else flow.element
    name = flow.element.get("name") or target.get("name") or flow.id
    return Text(ru=f"«{name}»", en=f"“{name}”")


def _drop_condition(flow: Flow) -> bool:
    found = flow.element.find(bpmn("conditionExpression"))
    if found is not None:
        flow.element.remove(found)
    return found is not None


def default_flow(place: Place) -> Text:
    node = place.node
    if not place.choice:
        raise Choose(
            Text(
                ru="По какой стрелке идти, когда ни одно условие не выполнено?",
                en="Which arrow is taken when no condition holds?",
            ),
            tuple((flow.id, _called(flow)) for flow in node.outgoing),
        )
    chosen = next((flow for flow in node.outgoing if flow.id == place.choice), None)
    if chosen is None:
        raise Nothing
    node.element.set("default", chosen.id)
    dropped = _drop_condition(chosen)
    name = _called(chosen)
    return Text(
        ru=f"Стрелка {name.ru} станет стрелкой по умолчанию" + ("; ее условие удаляется." if dropped else "."),
        en=f"The arrow {name.en} becomes the default" + ("; its condition is removed." if dropped else "."),
    )


def default_by_lack(place: Place) -> Text:
    """The one arrow without a condition becomes the default, where the gateway has none."""
    flow = place.flow
    source = flow.source
    if source is None or source.default is not None:
        raise Nothing
    source.element.set("default", flow.id)
    return Text(
        ru=f"Стрелка {_called(flow).ru} станет стрелкой по умолчанию.",
        en=f"The arrow {_called(flow).en} becomes the default.",
    )


def condition_away(place: Place) -> Text:
    flow = place.flow
    if not _drop_condition(flow):
        raise Nothing
    return Text(
        ru=f"Условие стрелки {_called(flow).ru} удаляется.",
        en=f"The condition of the arrow {_called(flow).en} is removed.",
    )


def default_away(place: Place) -> Text:
    if place.element.attrib.pop("default", None) is None:
        raise Nothing
    return Text(ru="Отметка «по умолчанию» снимается.", en="The default mark is taken off.")


def arrow_away(place: Place) -> Text:
    flow = place.flow
    name = _called(flow)
    remove(place.root, {flow.id})
    return Text(ru=f"Лишняя стрелка к {name.ru} удаляется.", en=f"The second arrow to {name.en} is removed.")


def unreachable_away(place: Place) -> Text:
    node = place.node
    remove(place.root, {node.id})
    return Text(
        ru=f"«{place.name}» удаляется вместе со своими стрелками.", en=f"“{place.name}” is removed with its arrows."
    )


def interrupting(place: Place) -> Text:
    if place.element.attrib.pop("cancelActivity", None) is None:
        raise Nothing
    return Text(
        ru=f"Событие «{place.name}» будет прерывать шаг.", en=f"The event “{place.name}” will interrupt its step."
    )


def executable(place: Place) -> Text:
    process = place.element if place.element.tag == bpmn("process") else place.root.find(bpmn("process"))
    if process is None:
        raise Nothing
    process.set("isExecutable", "true")
    return Text(ru="Процесс помечается как выполняемый.", en="The process is marked as executable.")


ARROWS: Mapping[str, Fix] = {
    "gateway-no-default": default_flow,
    "gateway-default-unknown": default_flow,
    "condition-missing": default_by_lack,
    "default-condition": condition_away,
    "condition-ignored": condition_away,
    "condition-alone": condition_away,
    "default-ignored": default_away,
    "arrow-twice": arrow_away,
    "unreachable": unreachable_away,
    "error-goes-on": interrupting,
    "not-executable": executable,
}
