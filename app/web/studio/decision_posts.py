"""What the table editor posts, read into a sheet, and the step that its button asks for."""

from flask import request

from app.engine.decisions_editing import MOST_COLUMNS, MOST_RULES, ColumnText, RuleText, Sheet, Table
from app.errors import N_, Invalid
from app.web.numbers import whole

WINDOW = 100
"""Rules on one page."""
_MOST = 4000
FULL = N_("A table has at most %(rules)s rules and %(columns)s columns.")


def line(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:_MOST]


def first() -> int:
    return whole(request.form.get("first"))


def sheet(known: Sheet) -> Sheet:
    """As typed, in the shape of the table as it is known. Invalid where another shape was sent."""
    rules = known.rules[first() : first() + WINDOW]
    sent = {name for name in request.form if name[:2] in ("t.", "v.")}
    wanted = {
        f"{lead}.{number}.{place}"
        for number, rule in enumerate(rules, first())
        for lead, cells in (("t", rule.tests), ("v", rule.values))
        for place in range(len(cells))
    }
    if sent != wanted:
        raise Invalid(N_("The table has other rules or columns by now. Copy what you typed and open it again."))
    return Sheet(
        known.id,
        line("ru"),
        line("en"),
        line("policy"),
        [_column("i", number) for number in range(len(known.inputs))],
        [_column("o", number) for number in range(len(known.outputs))],
        [_rule(number, rule) for number, rule in enumerate(rules, first())],
    )


def _column(lead: str, number: int) -> ColumnText:
    names = ("label", "expression", "name", "kind", "allowed")
    return ColumnText(*(line(f"{lead}.{number}.{name}") for name in names))


def _rule(number: int, rule: RuleText) -> RuleText:
    tests = [line(f"t.{number}.{place}") for place in range(len(rule.tests))]
    values = [line(f"v.{number}.{place}") for place in range(len(rule.values))]
    return RuleText(rule.id, tests, values, line(f"note.{number}"))


def step(table: Table) -> str:
    """Do what the button says; the id in the page to go on at."""
    word, _, number = request.form.get("do", "").partition(".")
    place, shown = whole(number), table.sheet()
    if word in ("add", "copy") and len(shown.rules) >= MOST_RULES:
        raise Invalid(FULL, rules=MOST_RULES, columns=MOST_COLUMNS)
    if word in ("input", "output") and len(shown.inputs) + len(shown.outputs) >= MOST_COLUMNS:
        raise Invalid(FULL, rules=MOST_RULES, columns=MOST_COLUMNS)
    if word == "drop_output" and len(shown.outputs) < 2:
        raise Invalid(N_("A table needs a result: its last output column stays."))
    try:
        return _take(table, word, place, last=len(shown.rules) - 1)
    except IndexError:
        raise Invalid(N_("This rule or column is not there any more.")) from None


def _take(table: Table, word: str, place: int, last: int) -> str:
    if word == "add":
        table.add_rule(last)
        return f"rule-{last + 1}"
    if word == "copy":
        table.copy_rule(place)
        return f"rule-{place + 1}"
    if word in ("up", "down"):
        by = -1 if word == "up" else 1
        table.move_rule(place, by)
        return f"rule-{max(0, min(last, place + by))}"
    if word == "remove":
        table.remove_rule(place)
        return f"rule-{max(0, place - 1)}"
    if word in ("input", "output"):
        table.add_column(word)
    elif word in ("drop_input", "drop_output"):
        table.remove_column(word.removeprefix("drop_"), place)
    return "columns" if word else ""
