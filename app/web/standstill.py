"""A restored site stands still: every page tells those who can let it go on, and here they do."""

from flask import Blueprint, flash, render_template
from werkzeug import Response

from app.errors import N_, Conflict
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, visitor, writing
from app.web.redirects import see
from app.workflow import standstill

blueprint = Blueprint("standstill", __name__, url_prefix="/standstill")

READERS = ("operator",)


def shown() -> bool:
    """Whether the visitor is to be told that nothing goes out."""
    me = visitor()
    return me is not None and not me.roles.isdisjoint(READERS) and standstill.is_on(database())


@blueprint.get("")
@open_to(*READERS)
def page() -> str:
    return render_template("standstill.html", on=standstill.is_on(database()))


@blueprint.post("/end")
@open_to(*READERS)
def end() -> Response:
    with writing() as session:
        if not standstill.end(session, current_actor().person_id):
            raise Conflict(N_("The site does not stand still: somebody has let it go on already."))
    flash(gettext("The site goes on. What waited goes out now; what creates something outside looks first."), "done")
    return see("incidents.listed")
