"""The studio's pages: process analysts change the procedures here."""

from app.web.studio import (
    guide,
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
    studio_texts,
)

PARTS = (
    guide,
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
    studio_texts,
)
"""The modules that serve pages; each part of the studio joins by one line."""
