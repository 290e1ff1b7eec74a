"""Two files make a form."""

from collections.abc import Mapping

from app.forms.model import Form


def load_form(schema: bytes, ui: bytes, name: str) -> Form:
    """One form. Raises DefinitionErrors where check_form finds errors."""
    raise NotImplementedError


def load_forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    """All forms of a release (path -> bytes), by name. Raises DefinitionErrors with every error found."""
    raise NotImplementedError
