"""Names: fit to be variables, the same in both files, all of them in the order."""

from collections.abc import Collection, Iterator

from app.forms import names
from app.forms.remarks import Part, Remark, say
from app.i18n import Text

_RENAME = Text(
    ru="Переименуйте поле в обоих файлах, например «work_length» вместо «len».",
    en="Rename the field in both files, for example “work_length” for “len”.",
)


def of_part(part: Part, functions: Collection[str]) -> Iterator[Remark]:
    """form-field-name, form-halves, form-order, form-required."""
    for name in part.properties:
        fault = names.fault_of(name, functions)
        if fault:
            yield Remark("schema", part.path(name), "form-field-name", fault, _RENAME)
    for name in sorted(set(part.properties) - set(part.asked)):
        yield say("not said", "ui", part.path(name), name=name)
    for name in sorted(set(part.asked) - set(part.properties)):
        yield say("not in schema", "ui", part.path(name), name=name)
    yield from _order(part)
    yield from _required(part)


def _order(part: Part) -> Iterator[Remark]:
    order = [one for one in part.ui.get("order", part.asked) if isinstance(one, str)]
    for name in sorted(set(order) - set(part.properties) - set(part.asked)):
        yield say("order unknown", "ui", part.above, name=name)
    for name in sorted({name for name in order if order.count(name) > 1}):
        yield say("order twice", "ui", part.path(name), name=name)
    for name in sorted(set(part.asked) & set(part.properties) - set(order)):
        yield say("order lacks", "ui", part.path(name), name=name)


def _required(part: Part) -> Iterator[Remark]:
    for name in sorted(set(part.schema.get("required", ())) - set(part.properties)):
        yield say("required unknown", "schema", part.above, name=name)
    for one in part.group.inputs:
        if one.read_only and one.required:
            yield say("required shown", "schema", part.path(one.name))
