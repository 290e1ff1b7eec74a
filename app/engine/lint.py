"""The check of diagrams, decisions and letters: an element is refused unless we know that it runs correctly."""

from collections.abc import Mapping

from app.engine.lint_catalogue import Catalogue
from app.engine.specification import Finding


def check(files: Mapping[str, bytes], catalogue: Catalogue | None = None) -> list[Finding]:
    """All that is wrong with the files of a release, or with any BPMN or DMN files, worst first within each file.

    Never raises for what a file contains. Without a catalogue the names of operations, forms and roles are not
    compared. `error`: would run wrongly or not at all; `publishing`: stops publishing only; `warning`: look again.
    """
    raise NotImplementedError
