"""The properties of one element before and after, each that differs once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from app.engine.comparison import NOTHING, Difference, changed, plain, quoted
from app.engine.comparison_values import code, known, quote, time, worded, yes
from app.engine.specification import Element, Event, MultiInstance
from app.i18n import Text

KINDS: Mapping[str, Text] = {
    "startEvent": Text("начальное событие", "start event"),
    "endEvent": Text("конечное событие", "end event"),
    "intermediateCatchEvent": Text("ожидание", "waiting event"),
    "intermediateThrowEvent": Text("событие", "event"),
    "boundaryEvent": Text("граничное событие", "boundary event"),
    "userTask": Text("задача", "task"),
    "manualTask": Text("ручная задача", "manual task"),
    "scriptTask": Text("вычисление", "calculation"),
    "serviceTask": Text("действие системы", "system step"),
    "businessRuleTask": Text("решение по таблице", "decision by a table"),
    "sendTask": Text("отправка сообщения", "sending of a message"),
    "receiveTask": Text("получение сообщения", "receipt of a message"),
    "exclusiveGateway": Text("развилка «или»", "choice"),
    "parallelGateway": Text("развилка «и»", "parallel gateway"),
    "inclusiveGateway": Text("развилка «и/или»", "inclusive gateway"),
    "eventBasedGateway": Text("развилка по событию", "gateway by event"),
    "subProcess": Text("подпроцесс", "sub-process"),
    "callActivity": Text("вызов процедуры", "call of a procedure"),
    "sequenceFlow": Text("переход", "flow"),
    "lane": Text("дорожка", "lane"),
}
_STEP = Text("шаг", "step")

LABELS: Mapping[str, Text] = {
    "clause": Text("пункт рекомендации", "clause of the recommendation"),
    "form": Text("форма", "form"),
    "outputs": Text("ответы, которые идут дальше", "answers that go on"),
    "result": Text("переменная результата", "variable of the result"),
    "organisation": Text("организация", "organisation"),
    "person": Text("исполнитель", "person asked"),
    "subject": Text("предмет", "subject"),
    "exclude": Text("кто не допускается", "list of those excluded"),
    "title": Text("заголовок задачи", "title of the task"),
    "due": Text("срок", "deadline"),
    "operation": Text("операция", "operation"),
    "table": Text("таблица решений", "decision table"),
    "script": Text("вычисление", "calculation"),
    "called": Text("вызываемая процедура", "called procedure"),
    "attached_to": Text("задача, на которой стоит событие", "activity that it is on"),
    "source": Text("начало", "beginning"),
    "target": Text("конец", "end"),
    "condition": Text("условие", "condition"),
    "default": Text("переход по умолчанию", "default flow"),
    "role": Text("роль", "role"),
    "lane": Text("дорожка", "lane"),
    "parent": Text("подпроцесс", "sub-process"),
    "quiet": Text("без письма о задаче", "suppression of its letter"),
    "immediate": Text("сразу, без очереди", "immediate running"),
    "interrupting": Text("прерывает задачу", "interruption of the task"),
}
_MAPPINGS: Mapping[str, tuple[str, str]] = {
    "deadlines": ("срок «{}»", "deadline “{}”"),
    "parameters": ("параметр «{}»", "parameter “{}”"),
    "inputs": ("входная переменная «{}»", "input “{}”"),
    "returned": ("возвращаемая переменная «{}»", "returned variable “{}”"),
}
_MULTI: Mapping[str, Text] = {
    "sequential": Text("по очереди", "taking of turns"),
    "collection": Text("список, по которому повторяется", "list that it is repeated for"),
    "cardinality": Text("число повторений", "number of repetitions"),
    "item": Text("переменная повторения", "variable of a repetition"),
    "output_collection": Text("список результатов", "list of results"),
    "output_item": Text("переменная результата повторения", "variable of a repetition's result"),
    "completion": Text("условие завершения", "completion condition"),
}
_EVENT: Mapping[str, Text] = {
    "kind": Text("вид события", "kind of event"),
    "timer": Text("вид таймера", "kind of timer"),
    "expression": Text("время", "time"),
    "name": Text("сообщение", "message"),
    "key": Text("ключ сообщения", "key of the message"),
    "code": Text("код ошибки", "error code"),
}
_READ = {name: attrgetter(name) for name in LABELS}
_READ_MAPPING = {name: attrgetter(name) for name in _MAPPINGS}


@dataclass(frozen=True, slots=True)
class Naming:
    """How the elements of one process are called, and the words for roles and forms."""

    elements: Mapping[str, Element]
    words: Mapping[str, Text]

    def of(self, ident: str | None) -> Text:
        """An element by its name; one without a name by its kind and id."""
        element = self.elements.get(ident or "")
        if element is None:
            return plain(ident or "")
        if element.name.ru or element.name.en:
            return quoted(element.name)
        if element.kind == "sequenceFlow":
            ends = self.of(element.source), self.of(element.target)
            return Text(f"переход {ends[0].ru} → {ends[1].ru}", f"the flow {ends[0].en} → {ends[1].en}")
        kind = KINDS.get(element.kind, _STEP)
        return Text(f"{kind.ru} {ident}", f"the {kind.en} {ident}")


def differences(file: str, before: Element, after: Element, was: Naming, now: Naming) -> Iterator[Difference]:
    subject = now.of(after.id)
    yield from _named(file, before, after, was, now)
    for name, read in _READ.items():
        first, second = read(before), read(after)
        if first != second and not (name == "role" and after.kind != "lane"):
            said = _of_field(name, first, was), _of_field(name, second, now)
            yield changed(file, subject, LABELS[name], *said, after.id)
    for name, labels in _MAPPINGS.items():
        say = time if name == "deadlines" else code
        rows = _mapped(_READ_MAPPING[name](before) or {}, _READ_MAPPING[name](after) or {})
        for key, (first, second) in rows.items():
            label = Text(labels[0].format(key), labels[1].format(key))
            yield changed(file, subject, label, worded(first, say), worded(second, say), after.id)
    yield from _parts(file, subject, after.id, _MULTI, before.multi, after.multi)
    yield from _parts(file, subject, after.id, _EVENT, before.event, after.event)


def _of_field(name: str, value: Any, naming: Naming) -> Text:
    if name in ("attached_to", "source", "target", "default", "lane", "parent"):
        return naming.of(value) if value else NOTHING
    if name == "due":
        return worded(value, time)
    if name in ("role", "form"):
        return worded(value, known(naming.words, name))
    return worded(value)


def _named(file: str, before: Element, after: Element, was: Naming, now: Naming) -> Iterator[Difference]:
    old, new = was.of(before.id), now.of(after.id)
    if before.kind != after.kind:
        label = Text("вид элемента", "kind")
        was_kind, now_kind = (KINDS.get(one.kind, plain(one.kind)) for one in (before, after))
        yield changed(file, new, label, was_kind, now_kind, after.id)
    if before.name != after.name:
        label = Text("название", "name")
        both = Text(f"{old.ru} теперь называется {new.ru}.", f"{_capital(old.en)} is called {new.en} now.")
        said = both if _both(before.name, after.name) else _one_language(before.name, after.name, new)
        yield Difference(file, "changed", said, new, label, quote(before.name), quote(after.name), after.id)
    if before.instructions != after.instructions:
        label = Text("указание", "instructions")
        yield changed(file, new, label, quote(before.instructions), quote(after.instructions), after.id)


def _both(before: Text, after: Text) -> bool:
    return before.ru != after.ru and before.en != after.en


def _one_language(before: Text, after: Text, name: Text) -> Text:
    """Of a name changed in one language only, which readers of the other would not see."""
    if before.ru != after.ru:
        old, new, words = before.ru, after.ru, ("русское название", "Russian name")
    else:
        old, new, words = before.en, after.en, ("английское название", "English name")
    return Text(
        f"{name.ru}: {words[0]} – «{new or '–'}»; было «{old or '–'}».",
        f"The {words[1]} of {name.en} is “{new or '–'}”; it was “{old or '–'}”.",
    )


def _mapped(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    names = [*after, *(name for name in before if name not in after)]
    rows = {name: (before.get(name), after.get(name)) for name in names}
    return {name: both for name, both in rows.items() if both[0] != both[1]}


def _parts(
    file: str,
    subject: Text,
    element: str,
    labels: Mapping[str, Text],
    before: MultiInstance | Event | None,
    after: MultiInstance | Event | None,
) -> Iterator[Difference]:
    """What stands in a part that may be absent as a whole."""
    for name in labels if before != after else ():
        read = attrgetter(name)
        first, second = (read(part) if part is not None else None for part in (before, after))
        if first != second:
            say = time if name == "expression" else code
            yield changed(file, subject, labels[name], _part(first, say), _part(second, say), element)


def _part(value: Any, say: Any) -> Text:
    return yes(value) if isinstance(value, bool) else worded(value, say)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
