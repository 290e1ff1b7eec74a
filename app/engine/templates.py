"""Letters and documents: {{ expression }}, {% if %}, {% for %} on plain data; pure, without files or includes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.engine.expressions import sourced
from app.engine.expressions_errors import FAULTS, error
from app.engine.templates_blocks import Blocks, Rendering, Write
from app.engine.values import Fuel, Json

MAX_TEMPLATE = 200_000
FUEL = 1_000_000
SECONDS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A text with places, ready to be rendered."""

    source: str
    html: bool
    fields: frozenset[str]
    write: Write = field(repr=False)

    def render(self, data: Mapping[str, Json], fuel: Fuel | None = None) -> str:
        """The text with the data in it; with html=True every value is escaped.

        None leaves nothing; date() writes in the current locale. Raises ExpressionError with the template's line.
        """
        rendering = Rendering(dict(data), fuel or Fuel(FUEL, SECONDS))
        try:
            self.write(rendering)
        except FAULTS as fault:
            raise sourced(fault, self.source) from None
        return "".join(rendering.written)


def compile_template(source: str, *, html: bool) -> Template:
    """Raises ExpressionError with the line of the template."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    try:
        if len(source) > MAX_TEMPLATE:
            raise error("source_long", given=len(source), most=MAX_TEMPLATE)
        blocks = Blocks(source, html)
        write = blocks.whole()
    except FAULTS as fault:
        raise sourced(fault, source) from None
    return Template(source, html, frozenset(blocks.fields), write)


def fields(template: Template) -> frozenset[str]:
    """The names of data that the template uses, loop variables left out."""
    return template.fields
