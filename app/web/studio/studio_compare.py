"""Two states beside each other: what differs, a sentence a change, and diagrams drawn side by side."""

from flask import Blueprint, render_template, request
from werkzeug import Response

from app.engine.xml import parse_xml
from app.errors import NotFound
from app.i18n import current_locale
from app.web import diagrams
from app.web.access import database, open_to
from app.web.studio.standing import ANALYST, Side, side
from app.workflow import releases
from app.workflow.studio import comparison, drafts, listing

blueprint = Blueprint("studio_compare", __name__, url_prefix="/studio/compare")


@blueprint.get("")
@open_to(ANALYST)
def overview() -> str:
    """`from`, `to`: draft, base or the number of a release; `file`: one file alone, a diagram with its drawings."""
    known = listing.releases_of(database(), 0, 200)
    if not known:
        raise NotFound
    before, after = _sides([str(one.number) for one in known])
    changes = comparison.compare(before.files, after.files)
    wanted = request.args.get("file", "")
    one = next((change for change in changes if change.path == wanted), None)
    return render_template(
        "studio/compare.html",
        before=before,
        after=after,
        changes=[one] if one else changes,
        one=one,
        known=known,
        draft=drafts.find(database()),
    )


def _sides(numbers: list[str]) -> tuple[Side, Side]:
    """What is asked for, or the draft against its base, or the newest release against the one before."""
    opened = drafts.find(database()) is not None
    usual = ("base", "draft") if opened else (numbers[min(1, len(numbers) - 1)], numbers[0])
    first, second = (request.args.get(name) or usual[place] for place, name in enumerate(("from", "to")))
    return side(first), side(second)


@blueprint.get("/diagrams/<path:path>")
@open_to(ANALYST)
def diagram(path: str) -> Response:
    """The diagram of one `side` in the reader's language, to be drawn."""
    key = request.args.get("side", "draft")
    content = _content(key, path)
    root, _findings = parse_xml(content or b"", path)
    if root is None or not path.endswith(".bpmn"):
        raise NotFound
    return Response(diagrams.in_language(content or b"", current_locale()), mimetype="application/xml")


def _content(key: str, path: str) -> bytes | None:
    session = database()
    if key == "draft":
        return drafts.read(session, drafts.current(session), path).data
    if key == "base":
        return releases.file_of(session, drafts.current(session).base_release_id, path)
    release = side(key).release
    return releases.file_of(session, release.id, path) if release else None
