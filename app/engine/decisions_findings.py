"""What the check says of a table that runs but overlaps, leaves a gap, or has a rule that is never taken."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.decisions_coverage import Flaw, Kind, examine, tables_of
from app.engine.decisions_reading import Table
from app.engine.decisions_tables import Decision
from app.engine.specification import Finding, Severity
from app.i18n import Locale, Text

_RULES: Mapping[Kind, tuple[str, Severity]] = {
    "overlap": ("decision-overlap", "error"),
    "differ": ("decision-differ", "error"),
    "gap": ("decision-gap", "warning"),
    "never": ("decision-never", "warning"),
    "shadowed": ("decision-never", "warning"),
}


def of_tables(path: str, root: Any, decisions: Mapping[str, Decision]) -> Iterator[Finding]:
    """An overlap or a difference is an error where any value may come, and a warning where the values depend."""
    tables = tables_of(root)
    for name, decision in decisions.items():
        for flaw in examine(tables[name], decision):
            if flaw.kind != "unjudged":
                yield finding(path, flaw, tables[name])


def finding(path: str, flaw: Flaw, table: Table) -> Finding:
    rule, severity = _RULES[flaw.kind]
    element = flaw.rules[-1] if flaw.rules else table.id
    serious: Severity = severity if flaw.certain else "warning"
    return Finding(path, element, rule, serious, message(flaw, table), hint(flaw), None)


def message(flaw: Flaw, table: Table) -> Text:
    """What happens, with the rules by number and an example."""
    numbers = {rule: str(number) for number, (rule, _, _) in enumerate(table.rules, 1)}
    which = [numbers[rule] for rule in flaw.rules]
    ru, en = (example(flaw, table, locale) for locale in ("ru", "en"))
    if flaw.kind == "overlap":
        return Text(
            ru=f"Правила {' и '.join(which)} подходят одновременно, например при {ru}.",
            en=f"Rules {' and '.join(which)} hold at the same time, for example when {en}.",
        )
    if flaw.kind == "differ":
        return Text(
            ru=f"Правила {' и '.join(which)} подходят одновременно с разными результатами, например при {ru}.",
            en=f"Rules {' and '.join(which)} hold at the same time with different results, for example when {en}.",
        )
    if flaw.kind == "gap":
        return Text(ru=f"Нет правила на случай: {ru}.", en=f"No rule holds when {en}.")
    if flaw.kind == "shadowed":
        return Text(
            ru=f"До правила {which[0]} дело не доходит: раньше всегда подходит другое.",
            en=f"Rule {which[0]} is never taken: an earlier one always holds.",
        )
    return Text(ru=f"Правило {which[0]} никогда не подходит.", en=f"Rule {which[0]} never holds.")


def hint(flaw: Flaw) -> Text:
    if flaw.kind in ("overlap", "differ"):
        return Text(
            ru="Уточните условия, чтобы подходило одно, или выберите FIRST: действует первое подходящее.",
            en="Make the conditions exclude each other, or choose FIRST: the first that holds is taken.",
        )
    if flaw.kind == "gap":
        return Text(
            ru="Добавьте правило на этот случай или последнее правило из прочерков. Без правила результат – null.",
            en="Add a rule for it, or a last rule of dashes. Without a rule the result is null.",
        )
    return Text(ru="Измените его условия или удалите правило.", en="Change its conditions or remove the rule.")


def example(flaw: Flaw, table: Table, locale: Locale) -> str:
    """`Initiator = "nmi", Days = 3`."""
    joined = {"ru": " и ", "en": " and "}[locale]
    pairs = zip(table.inputs, flaw.values, strict=True) if flaw.values else ()
    return joined.join(f"{column.name} = {json.dumps(value, ensure_ascii=False)}" for column, value in pairs)
