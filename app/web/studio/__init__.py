"""The studio's pages: process analysts change the procedures here."""

from app.web.studio import (
    moves,
    sandbox,
    sandbox_answers,
    sandbox_begin,
    sandbox_keeping,
    sandbox_tasks,
    scenarios,
    studio,
    studio_decisions,
    studio_diagrams,
    studio_files,
    studio_forms,
    studio_import,
    studio_texts,
)

PARTS = (
    moves,
    sandbox,
    sandbox_answers,
    sandbox_begin,
    sandbox_keeping,
    sandbox_tasks,
    scenarios,
    studio,
    studio_decisions,
    studio_diagrams,
    studio_files,
    studio_forms,
    studio_import,
    studio_texts,
)
"""The modules that serve pages; each part of the studio joins by one line."""
