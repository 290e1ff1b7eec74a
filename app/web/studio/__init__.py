"""The studio's pages: process analysts change the procedures here."""

from app.web.studio import moves, studio, studio_files

PARTS = (
    moves,
    studio,
    studio_files,
)
"""The modules that serve pages; each part of the studio joins by one line."""
