"""Documents of a course as PDF: fetched where the course, the sheet and the archive name them."""

from flask import Blueprint
from werkzeug import Response

from app.courses import archive
from app.courses.documents import kept
from app.web.access import current_actor, database, open_to
from app.web.downloads import send

blueprint = Blueprint("documents", __name__)


@blueprint.get("/documents/<entry_id>/<int:position>")
def download(entry_id: str, position: int) -> Response:
    """One language of a document, for everybody who may read the sheet or form itself."""
    return send(kept.get_file_for(database(), current_actor(), entry_id, position))


@blueprint.get("/archive/<entry_id>/files/<int:position>")
@open_to(*archive.READERS)
def archived(entry_id: str, position: int) -> Response:
    """A file of any entry of the archive."""
    entry = archive.get_entry_for(database(), current_actor(), entry_id)
    return send(archive.get_file(database(), entry.id, position))
