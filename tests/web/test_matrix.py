"""Who may reach what: every route, asked by every kind of person, against the table that is kept beside this test.

The rules come from the URL map, so a new page is in the table or the test fails (S38, S39). Read the table's changes
as you would read a contract. To write it anew: `python -m pytest tests/web/test_matrix.py --write-matrix`.
"""

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.web.access import audience
from tests.web.addresses import Things
from tests.web.conftest import Enter
from tests.web.furnished import furnish

TABLE = Path(__file__).parent / "matrix.txt"
PERSONAS = (
    "",
    "guest",
    "admin-by",
    "ns-kz",
    "chair-14",
    "chair-15",
    "member-16",
    "creator-by",
    "secretariat",
    "tc4",
    "analyst",
    "operator",
    "auditor",
)
UNTOUCHED = {"assets.styles", "static", "account.set_language", "account.set_theme", "account.sign_out"}
UNTOUCHED |= {"personas.sign_in", "clock.move"}


@pytest.fixture
def asked_for(busy_site: Flask, found: Things) -> dict[str, str]:
    """Variable of a rule -> id."""
    return furnish(busy_site, found)


def rules(app: Flask) -> list[tuple[str, Rule]]:
    """Method and rule of everything that a person can ask for, in a fixed order."""
    found = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if rule.endpoint not in UNTOUCHED
    ]
    return sorted(found, key=lambda pair: (pair[1].rule, pair[0]))


def address(rule: Rule, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)


def asked(enter: Enter, app: Flask, values: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    """For each method and rule the status that each persona gets. A POST is empty: what passes may be 409 or 422."""
    table: dict[tuple[str, str], list[str]] = {}
    for key in PERSONAS:
        client = enter(key)
        token = client.token()
        for method, rule in rules(app):
            where = address(rule, values)
            if method == "GET":
                answer = client.browser.get(where, buffered=True)
            else:
                answer = client.browser.post(where, data={"csrf_token": token, "nonce": "", "revision": "99"})
            said = str(answer.status_code)
            if answer.headers.get("Location", "").startswith("/demo?next"):
                said = "in"
            table.setdefault((method, rule.rule), []).append(said)
    return table


def written(table: dict[tuple[str, str], list[str]], app: Flask) -> str:
    endpoints = {(method, rule.rule): rule.endpoint for method, rule in rules(app)}
    width = max(len(rule.rule) for _method, rule in rules(app)) + 2
    head = f"{'':5}{'':{width}}" + "".join(f"{key or 'nobody':>12}" for key in PERSONAS) + "  audience"
    lines = [head]
    for (method, rule), cells in table.items():
        row = f"{method:5}{rule:{width}}" + "".join(f"{cell:>12}" for cell in cells)
        lines.append(f"{row}  {audience(endpoints[method, rule])}")
    return "\n".join(lines) + "\n"


def test_every_route_answers_every_persona_as_the_table_says(
    busy_site: Flask, enter_busy: Enter, asked_for: dict[str, str], request: pytest.FixtureRequest
) -> None:
    text = written(asked(enter_busy, busy_site, asked_for), busy_site)
    if request.config.getoption("--write-matrix"):
        TABLE.write_text(text, "utf-8")
    assert text == TABLE.read_text("utf-8")


def test_who_holds_nothing_reaches_nothing_of_others() -> None:
    """Read from the table: the guest gets 404 wherever an id stands, and never a 403 that tells that it exists.

    But for pages that are for everybody, such as the one on which a learner asks for a certificate.
    """
    lines = TABLE.read_text("utf-8").splitlines()[1:]
    guest = PERSONAS.index("guest")
    for line in lines:
        cells = line.split()[2:]
        if "_id>" in line and not line.endswith("  public"):
            assert cells[guest] in {"404", "405"}, line
        assert "403" not in cells
        assert "500" not in cells
