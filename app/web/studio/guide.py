"""The guide for process analysts: how the studio works, and worked examples that can be followed step by step."""

from flask import Blueprint, render_template

from app.i18n import current_locale
from app.web.access import open_to
from app.web.studio.guide_examples import examples
from app.web.studio.standing import ANALYST

blueprint = Blueprint("guide", __name__, url_prefix="/studio/guide")


@blueprint.get("")
@open_to(ANALYST)
def show() -> str:
    return render_template("studio/guide.html", examples=examples(), prose=f"studio/guide.{current_locale()}.html")
