"""Letters and documents: {{ expression }}, {% if %}, {% for %} on plain data; pure, without files or includes."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.values import Fuel, Json


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places, ready to be rendered."""

    source: str
    html: bool
    fields: frozenset[str]

    def render(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> str:
        """The text with the data in it; with html=True every value is escaped. Raises ExpressionError."""
        raise NotImplementedError(data, fuel)


def compile_template(source: str, *, html: bool) -> Template:
    """Raises ExpressionError with the line of the template."""
    raise NotImplementedError(source, html)


def fields(template: Template) -> frozenset[str]:
    """The names of data that the template uses, loop variables left out."""
    return template.fields
