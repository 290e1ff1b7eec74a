"""The Secretariat's archive: what was agreed, frozen, with its checksum."""

from flask import Blueprint, current_app, render_template, request
from werkzeug import Response

from app.config import Config
from app.courses import archive
from app.courses.documents import kept
from app.web.access import current_actor, database, open_to
from app.web.downloads import send_text
from app.web.numbers import whole

blueprint = Blueprint("archive", __name__, url_prefix="/archive")
SIZE = 50


@blueprint.get("")
@open_to(*archive.READERS)
def listed() -> str:
    page = max(whole(request.args.get("page"), 1), 1)
    search = request.args.get("q", "")[:200]
    found = archive.query(database(), current_actor(), search=search, page=page, size=SIZE)
    return render_template("archive.html", found=found, search=search, page=page, more=page * SIZE < found.total)


@blueprint.get("/<entry_id>")
@open_to(*archive.READERS)
def show(entry_id: str) -> str:
    entry = archive.get_entry_for(database(), current_actor(), entry_id)
    config: Config = current_app.extensions["config"]
    files = archive.files_of(database(), entry.id)
    intact = archive.is_intact(entry) and archive.are_intact(files, config.files)
    sealed = kept.is_sealed(entry) if files else None
    return render_template("archive_entry.html", entry=entry, files=files, intact=intact, sealed=sealed)


@blueprint.get("/<entry_id>/text")
@open_to(*archive.READERS)
def download(entry_id: str) -> Response:
    """The bytes that the checksum is of."""
    entry = archive.get_entry_for(database(), current_actor(), entry_id)
    return send_text(entry.body, f"{entry.number}.json", "application/json")
