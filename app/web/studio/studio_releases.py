"""All releases: what each was for, who made it, how many instances stay on it; its files; and the way back to it."""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.errors import N_, NotFound
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed
from app.web.numbers import whole
from app.web.redirects import see
from app.web.studio.standing import ANALYST, called
from app.workflow import releases
from app.workflow.studio import drafts, listing, publishing, titles

blueprint = Blueprint("studio_releases", __name__, url_prefix="/studio/releases")

PAGE = 25
BOTH = N_(
    "These files were changed in the release as well: %(files)s. The draft's stand; the release's are set aside in the "
    "history."
)


@blueprint.get("")
@open_to(ANALYST)
def listed() -> str:
    page = max(1, whole(request.args.get("page"), 1))
    session = database()
    found = listing.releases_of(session, (page - 1) * PAGE, PAGE + 1)
    asked = listing.requests_of(session, [one.id for one in found])
    people = [one.by for one in found] + [one.by for one in asked.values()]
    return render_template(
        "studio/releases.html",
        found=found[:PAGE],
        more=len(found) > PAGE,
        page=page,
        asked=asked,
        names=called(people),
        running=publishing.running(session),
        newest=releases.current(session),
        draft=drafts.find(session),
    )


@blueprint.get("/<int:number>")
@open_to(ANALYST)
def show(number: int) -> str:
    session = database()
    release = releases.get(session, number)
    files = releases.export(session, release.id)
    return render_template(
        "studio/release.html",
        release=release,
        files={path: (titles.of(path, files), len(files[path])) for path in sorted(files)},
        kind=titles.kind,
        names=called([release.by]),
        running=publishing.running(session).get(release.id, 0),
        newest=releases.current(session),
    )


@blueprint.get("/<int:number>/files/<path:path>")
@open_to(ANALYST)
def read(number: int, path: str) -> Response:
    """One file as it is, to be looked at; a browser does nothing with it."""
    content = releases.file_of(database(), releases.get(database(), number).id, path)
    if content is None:
        raise NotFound
    return closed(Response(content, mimetype="text/plain"))


@blueprint.post("/bring-up")
@open_to(ANALYST)
def bring_up() -> Response:
    """Lay the open draft over the newest release."""
    with writing() as session:
        newest = releases.current(session)
        if newest is None:
            raise NotFound
        both = drafts.bring_up(session, drafts.current(session), newest, current_actor().person_id)
    if both:
        flash(gettext(BOTH, files=", ".join(both)), "warn")
    else:
        flash(gettext("The draft now begins from release %(number)s.", number=newest.number), "done")
    return see("studio.overview")
