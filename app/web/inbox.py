"""The inbox: what waits for the reader."""

from flask import Blueprint, render_template

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/")
def front() -> str:
    return render_template("inbox.html")
