"""The letters that the demo's stand-in for mail has taken."""

from flask import Blueprint, render_template

from app.web.access import public

blueprint = Blueprint("mailbox", __name__, template_folder="templates")


@blueprint.get("/demo/mailbox")
@public
def page() -> str:
    return render_template("demo/mailbox.html", letters=[])
