"""Two states of one form, field by field, told in a sentence a change."""

from collections.abc import Iterator, Mapping
from operator import attrgetter

from app.engine import DefinitionErrors
from app.engine.comparison import NOTHING, Difference, changed, plain, quoted
from app.engine.comparison_values import quote, worded, yes
from app.forms.loading import load_form
from app.forms.model import Condition, Field, Form, Group
from app.forms.strict_json import read_json
from app.i18n import Text

_LABELS: Mapping[str, Text] = {
    "kind": Text("вид поля", "kind"),
    "type": Text("тип значения", "type of value"),
    "required": Text("обязательность", "duty to answer"),
    "help": Text("пояснение", "help"),
    "bind": Text("место в данных курса", "place in the course's data"),
    "options_from": Text("источник вариантов", "source of options"),
    "add": Text("кнопка добавления", "button that adds a row"),
    "row": Text("название строки", "name of a row"),
    "min_items": Text("наименьшее число", "least number"),
    "max_items": Text("наибольшее число", "greatest number"),
    "multiple": Text("несколько файлов", "taking of several files"),
    "accept": Text("виды файлов", "kinds of file"),
    "max_bytes": Text("наибольший размер", "greatest size"),
    "read_only": Text("только для чтения", "reading only"),
    "max_length": Text("наибольшая длина", "greatest length"),
    "not_before": Text("не раньше", "earliest date"),
    "email": Text("адрес почты", "check for a mail address"),
    "autocomplete": Text("назначение", "purpose"),
}
_READ = {name: attrgetter(name) for name in _LABELS}
_SHOWN = Text("условие показа", "condition of showing")
_CONDITIONS = Text("связи между ответами", "conditions between answers")


def compare_forms(name: str, before: tuple[bytes, bytes], after: tuple[bytes, bytes]) -> list[Difference] | None:
    """The halves (schema, ui) before and after. None where one of the two forms cannot be read."""
    try:
        was, now = load_form(*before, name), load_form(*after, name)
    except DefinitionErrors:
        return None
    file = f"forms/{name}.ui.json"
    form = _called(now)
    found = list(_heads(file, form, was, now))
    found += _groups(file, form, was.group, now.group)
    if _rules(before[0]) != _rules(after[0]):
        said = Text(
            f"{form.ru}: изменены связи между ответами.", f"The conditions between answers of {form.en} differ."
        )
        found.append(Difference(f"forms/{name}.schema.json", "changed", said, form, _CONDITIONS))
    return found


def _called(form: Form) -> Text:
    name = quoted(form.title if form.title.ru or form.title.en else plain(form.name))
    return Text(f"форма {name.ru}", f"the form {name.en}")


def _heads(file: str, form: Text, was: Form, now: Form) -> Iterator[Difference]:
    for label, before, after in (
        (Text("заголовок", "title"), was.title, now.title),
        (Text("вступление", "introduction"), was.intro, now.intro),
    ):
        if before != after:
            yield changed(file, form, label, *_texts(before, after))


def _texts(before: Text, after: Text) -> tuple[Text, Text]:
    """In each language its own; where only one language has changed, that one for readers of both."""
    if before.ru != after.ru and before.en == after.en:
        return quote(plain(before.ru)), quote(plain(after.ru))
    if before.en != after.en and before.ru == after.ru:
        return quote(plain(before.en)), quote(plain(after.en))
    return quote(before), quote(after)


def _groups(file: str, form: Text, was: Group, now: Group) -> Iterator[Difference]:
    before, after = _by_name(was), _by_name(now)
    for name, field in after.items():
        old = before.get(name)
        subject = _field(form, field)
        if old is None:
            required = Text(", обязательное", ", which must be answered") if field.required else NOTHING
            said = Text(
                f"{_capital(form.ru)}: новое поле {_name(field).ru}{required.ru}.",
                f"{_capital(form.en)} has a new field {_name(field).en}{required.en}.",
            )
            yield Difference(file, "added", said, subject, element=name)
        elif old != field:
            yield from _fields(file, subject, old, field)
    for name, field in before.items():
        if name not in after:
            said = Text(
                f"{_capital(form.ru)}: больше нет поля {_name(field).ru}.",
                f"{_capital(form.en)} has no field {_name(field).en} any more.",
            )
            yield Difference(file, "removed", said, _field(form, field), element=name)
    kept = [name for name in before if name in after]
    if kept != [name for name in after if name in before]:
        said = Text(
            f"{_capital(form.ru)}: поля стоят в другом порядке.", f"The fields of {form.en} stand in another order."
        )
        yield Difference(file, "moved", said, form)


def _by_name(group: Group) -> dict[str, Field]:
    """Headings have no name: they are told by their place among headings."""
    found: dict[str, Field] = {}
    for field in group.fields:
        headings = sum(1 for name in found if name.startswith("#"))
        found[field.name if field.kind != "heading" else f"#{headings + 1}"] = field
    return found


def _fields(file: str, subject: Text, before: Field, after: Field) -> Iterator[Difference]:
    if before.label != after.label:
        yield changed(file, subject, Text("подпись", "label"), *_texts(before.label, after.label), after.name)
    for name, label in _LABELS.items():
        first, second = _READ[name](before), _READ[name](after)
        if first != second:
            both = _texts(first, second) if isinstance(first, Text) else (_value(first), _value(second))
            yield changed(file, subject, label, *both, after.name)
    if before.visible_if != after.visible_if:
        conditions = _condition(before.visible_if), _condition(after.visible_if)
        yield changed(file, subject, _SHOWN, *conditions, after.name)
    yield from _options(file, subject, before, after)
    for keyword in sorted({*before.messages, *after.messages}):
        first, second = (one.messages.get(keyword, NOTHING) for one in (before, after))
        if first != second:
            label = Text(f"сообщение «{keyword}»", f"message “{keyword}”")
            yield changed(file, subject, label, *_texts(first, second), after.name)
    if before.rows and after.rows:
        yield from _groups(file, subject, before.rows, after.rows)


def _options(file: str, subject: Text, before: Field, after: Field) -> Iterator[Difference]:
    was = {one.value: one.label for one in before.options}
    now = {one.value: one.label for one in after.options}
    for value, label in now.items():
        name = quoted(label)
        if value not in was:
            said = Text(
                f"{_capital(subject.ru)}: новый вариант {name.ru}.",
                f"{_capital(subject.en)} has a new option {name.en}.",
            )
            yield Difference(file, "added", said, subject, after=name, element=after.name)
        elif was[value] != label:
            yield changed(file, subject, Text(f"вариант «{value}»", f"option “{value}”"), *_texts(was[value], label))
    for value, label in was.items():
        if value not in now:
            name = quoted(label)
            said = Text(
                f"{_capital(subject.ru)}: больше нет варианта {name.ru}.",
                f"{_capital(subject.en)} has no option {name.en} any more.",
            )
            yield Difference(file, "removed", said, subject, before=name, element=after.name)


def _value(value: object) -> Text:
    return yes(value) if isinstance(value, bool) else worded(value)


def _condition(condition: Condition | None) -> Text:
    if condition is None:
        return NOTHING
    values = ", ".join(str(one) for one in condition.values)
    sign = ("не ", "is not") if condition.negated else ("", "is")
    return Text(f"если «{condition.field}» – {sign[0]}{values}", f"“{condition.field}” {sign[1]} {values}")


def _name(field: Field) -> Text:
    return quoted(field.label if field.label.ru or field.label.en else plain(field.name))


def _field(form: Text, field: Field) -> Text:
    name = _name(field)
    return Text(f"{form.ru}, поле {name.ru}", f"the field {name.en} of {form.en}")


def _rules(schema: bytes) -> object:
    read = read_json(schema)
    return [read.get(key) for key in ("if", "then", "else", "allOf")] if isinstance(read, dict) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
