"""For those who watch the program: is it alive, and can it answer?"""

import sqlalchemy as sa
from flask import Blueprint, Response

from app.web.access import database, public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """The database answers too; 503 otherwise."""
    database().execute(sa.select(1))
    return Response("ok\n", mimetype="text/plain")
