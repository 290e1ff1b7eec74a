"""Sending what people have uploaded: never shown inside our pages, always to be saved."""

from flask import current_app, send_file
from werkzeug import Response

from app.config import Config
from app.files.models import File
from app.files.store import open_file

_SANDBOX = "default-src 'none'; sandbox"


def send(file: File) -> Response:
    """The file as an attachment, under the name it was given, in a policy that lets it do nothing (S26)."""
    config: Config = current_app.extensions["config"]
    answer = send_file(
        open_file(config.files, file),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        etag=False,
        max_age=0,
    )
    answer.headers["Content-Length"] = str(file.size)
    return closed(answer)


def send_text(text: str, name: str, mimetype: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return closed(answer)


def closed(answer: Response) -> Response:
    """In a policy that lets it do nothing, and kept by no cache."""
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["Cache-Control"] = "no-store"
    return answer
