"""Which fields are shown, given the answers before them."""

from collections.abc import Mapping

from app.engine import Json
from app.forms.conversion import same
from app.forms.model import Condition


def holds(condition: Condition | None, answers: Mapping[str, Json]) -> bool:
    """Whether a field with that condition is shown; `answers` holds only answers that are themselves shown."""
    if condition is None:
        return True
    if condition.field not in answers:
        return False
    given = answers[condition.field]
    several = given if isinstance(given, list) else [given]
    found = any(same(one, wanted) for one in several for wanted in condition.values)
    return found != condition.negated
