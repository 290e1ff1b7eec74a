"""Two states of a file with decision tables: columns, hit policy and rules, rule by rule."""

from collections.abc import Iterator
from typing import Any

from app.engine.comparison import Difference, changed, plain, quoted
from app.engine.comparison_values import code, worded
from app.engine.decisions_reading import Cell, Column, Reader, Table
from app.engine.xml import OURS, parse_xml
from app.i18n import Text

_POLICY = Text("правило выбора", "hit policy")
_NAME = Text("название", "name")


def compare_tables(file: str, before: bytes, after: bytes) -> list[Difference] | None:
    """None where one of the two cannot be read."""
    roots = [parse_xml(content, file)[0] for content in (before, after)]
    if roots[0] is None or roots[1] is None:
        return None
    was, now = ({table.id: table for table in Reader(root).tables()} for root in roots)
    names = named(roots[0]) | named(roots[1])
    found: list[Difference] = []
    for ident in [*now, *(one for one in was if one not in now)]:
        name = quoted(names.get(ident, plain(ident)))
        subject = Text(f"таблица {name.ru}", f"the table {name.en}")
        found += _tables(file, subject, was.get(ident), now.get(ident))
    return found


def named(root: Any) -> dict[str, Text]:
    """Decision -> its name in both languages: ours in English, the attribute in Russian."""
    found = {}
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.endswith("}decision"):
            english = next((text.get("name", "") for text in node.iter(OURS + "text") if text.get("lang") == "en"), "")
            found[node.get("id") or ""] = Text(node.get("name") or node.get("id") or "", english)
    return found


def _tables(file: str, subject: Text, before: Table | None, after: Table | None) -> Iterator[Difference]:
    if before is None:
        said = Text(f"Новая {subject.ru}.", f"{_capital(subject.en)} is new.")
        yield Difference(file, "added", said, subject)
    elif after is None:
        said = Text(f"Удалена {subject.ru}.", f"{_capital(subject.en)} is removed.")
        yield Difference(file, "removed", said, subject)
    else:
        if before.name != after.name:
            yield changed(file, subject, _NAME, plain(before.name), plain(after.name), after.id)
        if before.hit_policy != after.hit_policy:
            yield changed(file, subject, _POLICY, plain(before.hit_policy), plain(after.hit_policy), after.id)
        yield from _columns(file, subject, before, after)
        yield from _rules(file, subject, before, after)


def _columns(file: str, subject: Text, before: Table, after: Table) -> Iterator[Difference]:
    for sort, was, now in (
        (Text("условие", "condition"), before.inputs, after.inputs),
        (Text("результат", "result"), before.outputs, after.outputs),
    ):
        for number in range(max(len(was), len(now))):
            first, second = (_column(row[number]) if number < len(row) else plain("") for row in (was, now))
            if first != second:
                label = Text(f"{sort.ru} {number + 1}", f"{sort.en} {number + 1}")
                yield changed(file, subject, label, first, second, after.id)


def _column(column: Column) -> Text:
    """Label, expression, type and the values allowed."""
    allowed = f" ({column.allowed.text})" if column.allowed and column.allowed.text else ""
    parts = (column.name, column.cell.text if column.cell.text != column.name else "", column.type)
    return code(", ".join(part for part in parts if part) + allowed)


def _rules(file: str, subject: Text, before: Table, after: Table) -> Iterator[Difference]:
    was = {ident: (number, row) for number, (ident, *row) in enumerate(before.rules, 1)}
    now = {ident: (number, row) for number, (ident, *row) in enumerate(after.rules, 1)}
    for ident, (number, row) in now.items():
        if ident not in was:
            rule = _rule(after, row)
            said = Text(
                f"{_capital(subject.ru)}: новое правило {number} – {rule.ru}.",
                f"{_capital(subject.en)} has a new rule {number}: {rule.en}.",
            )
            yield Difference(file, "added", said, subject, after=rule, element=ident)
            continue
        first, second = _rule(before, was[ident][1]), _rule(after, row)
        if first != second:
            said = Text(
                f"{_capital(subject.ru)}, правило {number}: {second.ru}; было: {first.ru}.",
                f"Rule {number} of {subject.en}: {second.en}; it was: {first.en}.",
            )
            label = Text(f"правило {number}", f"rule {number}")
            yield Difference(file, "changed", said, subject, label, first, second, ident)
    for ident, (number, row) in was.items():
        if ident not in now:
            rule = _rule(before, row)
            said = Text(
                f"{_capital(subject.ru)}: больше нет правила {number} – {rule.ru}.",
                f"{_capital(subject.en)} has no rule {number} any more: {rule.en}.",
            )
            yield Difference(file, "removed", said, subject, before=rule, element=ident)
    kept = [ident for ident in was if ident in now]
    if kept != [ident for ident in now if ident in was]:
        said = Text(
            f"{_capital(subject.ru)}: правила стоят в другом порядке.",
            f"The rules of {subject.en} stand in another order.",
        )
        yield Difference(file, "moved", said, subject, element=after.id)


def _rule(table: Table, row: list[list[Cell]]) -> Text:
    """If A is … and B is …, then C is …; a condition that is left open is not told."""
    tests, values = row
    ifs = [_cell(column, cell) for column, cell in zip(table.inputs, tests, strict=False) if cell.text not in ("", "-")]
    thens = [_cell(column, cell) for column, cell in zip(table.outputs, values, strict=False)]
    condition = Text("если " + " и ".join(one.ru for one in ifs), "if " + " and ".join(one.en for one in ifs))
    if not ifs:
        condition = Text("всегда", "always")
    return Text(
        f"{condition.ru}, то {', '.join(one.ru for one in thens)}",
        f"{condition.en}, then {', '.join(one.en for one in thens)}",
    )


def _cell(column: Column, cell: Cell) -> Text:
    said = worded(cell.text)
    return Text(f"{column.name} – {said.ru}", f"{column.name} is {said.en}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
