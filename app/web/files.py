"""Files that the reader has uploaded and not yet sent with a form."""

from flask import Blueprint
from werkzeug import Response

from app.errors import Denied, NotFound
from app.files.models import File
from app.web.access import current_actor, database
from app.web.downloads import send

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<file_id>")
def download(file_id: str) -> Response:
    """One's own upload; what belongs to a course is fetched at the course."""
    found = database().get(File, file_id)
    if found is None:
        raise NotFound
    if found.created_by != current_actor().person_id:
        raise Denied(kind="file", id=file_id)
    return send(found)
