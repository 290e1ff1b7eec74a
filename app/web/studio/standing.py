"""The draft that a page of the studio works on, and what stands beside it on every page."""

from app.web.access import database
from app.workflow.models_studio import StudioDraft
from app.workflow.studio import drafts

ANALYST = "analyst"


def draft() -> StudioDraft:
    """The open draft; Conflict, with the way out, where none is open."""
    return drafts.current(database())
