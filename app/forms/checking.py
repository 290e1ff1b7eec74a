"""What was typed becomes values of the right type, or a fault that says what to do."""

from collections.abc import Iterable, Mapping

from app.engine import Json
from app.forms.model import Checked, Context, Draft, Form


def check(form: Form, answers: Draft | Mapping[str, Json], context: Context | None = None) -> Checked:
    """Judge a draft, or values from elsewhere (typed or as text). Values of fields that are not shown are dropped.

    Given a Draft, its own faults and refused names are among the errors.
    """
    raise NotImplementedError


def outputs(form: Form, checked: Checked, names: Iterable[str]) -> dict[str, Json]:
    """Values for task data, one for each name: None, or [] for lists, where nothing was answered.

    So that a second round never meets the answer of the first.
    """
    raise NotImplementedError
