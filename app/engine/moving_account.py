"""What a move of an instance to another release does, as plain data, and why one is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.engine.advance import Advance, Snapshot
from app.engine.specification import Element
from app.i18n import Text

What = Literal["task", "timer", "call", "receiver", "event"]
"""`event`: a boundary event that asks the world for nothing (an error); the others as in Snapshot."""
How = Literal["kept", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Item:
    """One waiting thing of the instance and what becomes of it."""

    what: What
    how: How
    id: str
    """The engine's id; kept by everything but what is added."""
    process: str
    element: str
    """In the new release; of what is removed, in the old one."""
    name: Text
    was: str | None = None
    """The element's id in the old release, where it has another now."""
    changes: tuple[str, ...] = ()
    """What differs: names of fields of OpenTask, Timer, Call, Receiver or Element."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Why an instance cannot be moved, or what its people should know; in words for the analyst."""

    reason: str
    """Key of REASONS."""
    process: str
    element: str
    message: Text
    hint: Text


@dataclass(frozen=True, slots=True)
class Move:
    """The whole plan for one instance. Nothing has been changed; `state` is None when it is refused."""

    state: bytes | None
    items: tuple[Item, ...] = ()
    refusals: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    advance: Advance = field(default_factory=Advance)
    """Timers and receivers to be set and taken away, and the journal of what came and went."""
    snapshot: Snapshot | None = None
    """What the moved instance waits for."""


@dataclass(frozen=True, slots=True)
class Reason:
    ru: str
    en: str
    hint_ru: str
    hint_en: str


REASONS: Mapping[str, Reason] = {
    "process": Reason(
        "Процедуры «{name}» в этом выпуске нет.",
        "The release has no procedure “{name}”.",
        "Верните процедуру в выпуск или дождитесь завершения экземпляра.",
        "Put the procedure back into the release, or let the instance finish.",
    ),
    "removed": Reason(
        "Процедура стоит на шаге «{name}», а в этом выпуске такого шага нет.",
        "The procedure stands at “{name}”, which this release does not have.",
        "Дождитесь, пока шаг будет пройден, верните его или укажите шаг того же вида, который стоит на его месте.",
        "Wait until the step is done, put it back, or name the step of the same kind that has taken its place.",
    ),
    "kind": Reason(
        "Шаг «{name}» в этом выпуске другого вида.",
        "The step “{name}” is of another kind in this release.",
        "Дождитесь, пока шаг будет пройден, или дайте новому шагу другой идентификатор.",
        "Wait until the step is done, or give the new step another id.",
    ),
    "place": Reason(
        "Шаг «{name}» в этом выпуске нарисован в другом подпроцессе.",
        "The step “{name}” is drawn in another sub-process in this release.",
        "Дождитесь, пока шаг будет пройден, или верните его на прежнее место.",
        "Wait until the step is done, or draw it where it was.",
    ),
    "repeats": Reason(
        "Шаг «{name}» уже повторяется, а в этом выпуске он повторяется иначе.",
        "The step “{name}” is already being repeated, and this release repeats it differently.",
        "Дождитесь завершения всех повторений или оставьте список, переменные и порядок повторения прежними.",
        "Wait until all repetitions are done, or leave the list, the variables and the order as they were.",
    ),
    "called": Reason(
        "Шаг «{name}» уже вызвал одну процедуру, а в этом выпуске вызывает другую.",
        "The step “{name}” has called one procedure, and calls another in this release.",
        "Дождитесь завершения вызванной процедуры.",
        "Wait until the called procedure has finished.",
    ),
    "operation": Reason(
        "Шаг «{name}» ждет ответа одной операции, а в этом выпуске просит другую.",
        "The step “{name}” waits for the answer of one operation, and asks for another in this release.",
        "Дождитесь ответа или ответьте вручную, затем перенесите.",
        "Wait for the answer or give it by hand, then move.",
    ),
    "flow": Reason(
        "Ветвь уже дошла до соединения «{name}», а в этом выпуске неясно, по какой стрелке она пришла.",
        "A branch has come to the join “{name}”, and in this release it is not clear by which flow.",
        "Дождитесь соединения или оставьте стрелкам, входящим в него, прежние идентификаторы.",
        "Wait for the join, or leave the ids of the flows into it as they were.",
    ),
    "unreachable": Reason(
        "В этом выпуске процедура не может стоять одновременно там, где она стоит сейчас: {name}.",
        "In this release the procedure cannot stand at once where it stands now: {name}.",
        "Параллельные ветви изменились. Дождитесь их соединения, затем перенесите.",
        "The parallel ways have changed. Wait until they have joined, then move.",
    ),
    "tangled": Reason(
        "Параллельных путей слишком много, чтобы проверить, может ли процедура стоять там, где она стоит.",
        "There are too many parallel ways to check whether the procedure can stand where it stands.",
        "Дождитесь соединения путей, затем перенесите.",
        "Wait until the ways have joined, then move.",
    ),
    "variable": Reason(
        "Шагу «{name}» нужна переменная «{variable}», которую записывают шаги, пройденные до переноса.",
        "The step “{name}” needs the variable “{variable}”, which is written by steps that lie behind.",
        "Проверьте на диаграмме, что переменная есть и без этих шагов, или перенесите только тех, кто до них не дошел.",
        "Let the diagram do without these steps, or move only instances that have not come to them.",
    ),
    "variable_perhaps": Reason(
        "Шагу «{name}» понадобится переменная «{variable}»; может случиться, что ее не будет.",
        "The step “{name}” will need the variable “{variable}”, which may not be there.",
        "Проверьте условия на пути к этому шагу.",
        "Check the conditions on the way to this step.",
    ),
    "expression": Reason(
        "Выражение шага «{name}» не вычисляется на данных этой процедуры: {detail}",
        "An expression of the step “{name}” cannot be evaluated on the data of this procedure: {detail}",
        "Исправьте выражение или дождитесь, пока шаг будет пройден.",
        "Correct the expression, or wait until the step is done.",
    ),
    "unreadable": Reason(
        "Сохраненное состояние процедуры не читается.",
        "The stored state of the procedure cannot be read.",
        "Сообщите администратору системы: сначала нужно исправить процедуру.",
        "Tell the system administrator: the procedure has to be mended first.",
    ),
    "unequal": Reason(
        "Перенесенное состояние прочиталось иначе, чем было записано; перенос отменен.",
        "The moved state was read differently from what was written; the move is withdrawn.",
        "Сообщите об этом разработчикам, приложив номер процедуры.",
        "Report this to the developers with the number of the procedure.",
    ),
}


def remark(reason: str, process: str, element: Element | None, **given: str) -> Remark:
    """A refusal or warning about the element (None: about the process as a whole)."""
    found = REASONS[reason]
    own = element.name if element else Text("", "")
    ident = element.id if element else process
    ru = {"name": own.ru or ident, **given}
    en = {"name": own.en or own.ru or ident, **given}
    for key, value in given.items():
        if key.endswith("_ru"):
            ru[key.removesuffix("_ru")] = value
        elif key.endswith("_en"):
            en[key.removesuffix("_en")] = value
    message = Text(found.ru.format(**ru), found.en.format(**en))
    return Remark(reason, process, element.id if element else "", message, Text(found.hint_ru, found.hint_en))
