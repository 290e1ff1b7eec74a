"""What the checks of a form work on, and all that they say."""

from dataclasses import dataclass

from app.engine.specification import Severity
from app.forms.building import Node
from app.forms.dialect import Half
from app.forms.model import Group
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding of the form at hand, before its file is named."""

    half: Half
    element: str | None
    rule: str
    message: Text
    hint: Text
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Part:
    """The form itself, or one row of a table of it: both files' nodes and the fields built from them."""

    schema: Node
    ui: Node
    shared: Node
    group: Group
    above: str | None = None
    """Name of the table."""

    @property
    def properties(self) -> Node:
        found: Node = self.schema["properties"]
        return found

    @property
    def asked(self) -> Node:
        found: Node = self.ui.get("fields", {})
        return found

    def path(self, name: str) -> str:
        return f"{self.above}.{name}" if self.above else name


def say(saying: str, half: Half, element: str | None, severity: Severity = "error", **params: object) -> Remark:
    """The remark with that id, its {places} filled."""
    rule, ru, en, hint_ru, hint_en = _SAYINGS[saying]
    return Remark(
        half,
        element,
        rule,
        Text(ru=ru.format(**params), en=en.format(**params)),
        Text(ru=hint_ru.format(**params), en=hint_en.format(**params)),
        severity,
    )


_SAYINGS: dict[str, tuple[str, str, str, str, str]] = {
    "not said": (
        "form-halves",
        "О поле «{name}» ничего не сказано.",
        "Nothing is said of the field “{name}”.",
        "Опишите его в fields: по меньшей мере label.",
        "Describe it in fields: at least its label.",
    ),
    "not in schema": (
        "form-halves",
        "Поля «{name}» нет в схеме.",
        "The schema has no field “{name}”.",
        "Добавьте его в properties или уберите отсюда.",
        "Add it to properties, or take it away here.",
    ),
    "order unknown": (
        "form-order",
        "В order стоит неизвестное поле «{name}».",
        "The order lists an unknown field “{name}”.",
        "Исправьте имя или уберите его.",
        "Correct the name, or take it away.",
    ),
    "order twice": (
        "form-order",
        "В order поле «{name}» стоит дважды.",
        "The order lists the field “{name}” twice.",
        "Оставьте его один раз.",
        "Leave it once.",
    ),
    "order lacks": (
        "form-order",
        "Поле «{name}» не стоит в order.",
        "The field “{name}” does not stand in the order.",
        "Укажите его место.",
        "Give it its place.",
    ),
    "required unknown": (
        "form-required",
        "В required стоит неизвестное поле «{name}».",
        "An unknown field “{name}” is required.",
        "Исправьте имя в required.",
        "Correct the name in required.",
    ),
    "required shown": (
        "form-required",
        "Поле только показывают, но требуют на него ответа.",
        "The field is only shown, and yet an answer is required.",
        "Уберите его из required или then либо уберите read_only.",
        "Take it out of required or then, or take read_only away.",
    ),
    "empty": (
        "form-text",
        "«{key}»: текст пуст.",
        "“{key}”: the text is empty.",
        "Напишите его на обоих языках или уберите ключ.",
        "Write it in both languages, or take the key away.",
    ),
    "no Russian": (
        "form-language",
        "«{key}»: нет русского текста.",
        "“{key}”: the Russian text is missing.",
        "Переведите: оба языка равноправны.",
        "Translate it: the two languages are equal.",
    ),
    "no English": (
        "form-language",
        "«{key}»: нет английского текста.",
        "“{key}”: the English text is missing.",
        "Переведите: оба языка равноправны.",
        "Translate it: the two languages are equal.",
    ),
    "mixed": (
        "form-language",
        "«{key}»: в английском тексте русские буквы.",
        "“{key}”: Cyrillic letters in the English text.",
        "Проверьте, переведен ли он.",
        "See whether it is translated.",
    ),
    "looks nowhere": (
        "form-visible-if",
        "Условие смотрит на поле «{name}», которого перед этим полем нет.",
        "The condition looks at the field “{name}”, which does not stand before this one.",
        "Назовите поле той же формы или строки, стоящее выше; таблицы и файлы не подходят.",
        "Name a field of the same form or row that stands above; tables and files will not do.",
    ),
    "never": (
        "form-never",
        "Ответом на «{name}» никогда не будет {value}.",
        "“{name}” is never answered by {value}.",
        "Сверьте с enum; true, false и числа пишут без кавычек.",
        "Compare with its enum; true, false and numbers stand without quotation marks.",
    ),
    "rule unknown": (
        "form-rule",
        "Условие называет неизвестное поле «{name}».",
        "The condition names an unknown field “{name}”.",
        "Исправьте имя.",
        "Correct the name.",
    ),
    "holds when blank": (
        "form-rule-blank",
        "Условие выполняется и тогда, когда на «{name}» не ответили.",
        "The condition also holds where “{name}” is not answered.",
        'Добавьте в if: "required": ["{name}"].',
        'Add to the if: "required": ["{name}"].',
    ),
    "bound twice": (
        "form-bind",
        "В «{place}» пишут два поля.",
        "Two fields write to “{place}”.",
        "Оставьте одно.",
        "Leave one.",
    ),
    "no place": (
        "form-bind",
        "Места «{place}» здесь нет.",
        "There is no place “{place}” here.",
        "Возьмите место из каталога; в строках таблицы x-bind не бывает.",
        "Take a place of the catalogue; rows of a table have no x-bind.",
    ),
    "widget": (
        "form-widget",
        "«{widget}» не подходит к такому ответу.",
        "“{widget}” does not suit such an answer.",
        "Подходит: {listed}.",
        "Suitable: {listed}.",
    ),
    "idle key": (
        "form-key",
        "Ключ «{key}» у такого поля ничего не значит.",
        "The key “{key}” means nothing for such a field.",
        "Уберите его или измените вид ответа в схеме.",
        "Take it away, or change the answer in the schema.",
    ),
    "no shared options": (
        "form-options",
        "Общих ответов «{name}» нет.",
        "There are no shared options “{name}”.",
        "Опишите их в options всей формы.",
        "Describe them in the form's own options.",
    ),
    "nothing to choose": (
        "form-options",
        "Не из чего выбирать.",
        "There is nothing to choose from.",
        "Добавьте items.enum или options_from.",
        "Add items.enum or options_from.",
    ),
    "no answer": (
        "form-options",
        "Ответа «{value}» в схеме нет.",
        "The schema has no answer “{value}”.",
        "Добавьте его в enum или уберите отсюда.",
        "Add it to the enum, or take it away here.",
    ),
    "no label": (
        "form-options",
        "Как читается ответ «{value}», не сказано.",
        "How the answer “{value}” reads is not said.",
        "Опишите его в options.",
        "Describe it in options.",
    ),
    "named twice": (
        "form-options",
        "Ответы названы и здесь, и программой.",
        "The options are named both here and by the program.",
        "Оставьте options_from либо enum с options.",
        "Leave either options_from, or enum with options.",
    ),
    "no source": (
        "form-options",
        "Списка «{name}» программа не дает.",
        "The program supplies no list “{name}”.",
        "Есть: {listed}.",
        "There are: {listed}.",
    ),
    "crossed limits": (
        "form-limits",
        "{low} больше, чем {high}: ответить нельзя.",
        "{low} is above {high}: nothing can be answered.",
        "Исправьте пределы.",
        "Correct the limits.",
    ),
    "consent": (
        "form-limits",
        "Согласие, которое обязательно дать, отмечают флажком (checkbox).",
        "A consent that must be given is ticked in a checkbox.",
        "Уберите const или widget.",
        "Take const or the widget away.",
    ),
    "no date": (
        "form-limits",
        "x-not-before: «{name}» — не дата этой формы.",
        "x-not-before: “{name}” is not a date of this form.",
        "Возможны today и имена других дат.",
        "Possible are today and the names of other dates.",
    ),
    "pattern unexplained": (
        "form-pattern",
        "Человек не узнает, какой записи от него ждут.",
        "Nobody will know which notation is expected.",
        "Скажите это в help или messages.pattern.",
        "Say so in help or messages.pattern.",
    ),
    "unknown kind": (
        "form-accept",
        "Файлы вида «{kind}» программа не узнает.",
        "The program does not recognise files of the kind “{kind}”.",
        "Узнает: {listed}.",
        "It recognises: {listed}.",
    ),
}
