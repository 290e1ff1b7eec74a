"""The studio's pages: process analysts change the procedures here."""

from app.web.studio import studio, studio_diagrams, studio_files

PARTS = (
    studio,
    studio_diagrams,
    studio_files,
)
"""The modules that serve pages; each part of the studio joins by one line."""
