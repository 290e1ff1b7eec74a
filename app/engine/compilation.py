"""A release's files -> what runs, or everything that is wrong with them."""

from collections.abc import Mapping

from app.engine.diagrams import read_release
from app.engine.lint import examine
from app.engine.lint_catalogue import Catalogue
from app.engine.specification import DefinitionErrors, Specification


def compile_release(files: Mapping[str, bytes], catalogue: Catalogue | None = None) -> Specification:
    """Raises DefinitionErrors with all findings when one of them is an error."""
    specification, findings = examine(files, catalogue)
    if specification is None:
        raise DefinitionErrors(findings)
    return specification


def reopen_release(files: Mapping[str, bytes]) -> Specification:
    """A release that was published before: taken as it is, so that its instances go on under a stricter check.

    Raises DefinitionErrors only where nothing can be made of the files.
    """
    specification, findings = read_release(files)
    if specification is None:
        raise DefinitionErrors(findings)
    return specification
