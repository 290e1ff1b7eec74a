"""The studio's pages: process analysts change the procedures here."""

from app.web.studio import (
    sandbox,
    sandbox_answers,
    sandbox_begin,
    sandbox_keeping,
    sandbox_tasks,
    scenarios,
    studio,
    studio_files,
)

PARTS = (
    studio,
    studio_files,
    sandbox,
    sandbox_answers,
    sandbox_begin,
    sandbox_keeping,
    sandbox_tasks,
    scenarios,
)
"""The modules that serve pages; each part of the studio joins by one line."""
