"""The letters that the demo's stand-in for mail has taken: whose, about what, and the letter itself."""

from flask import Blueprint, current_app, render_template, request
from flask import Response as Answer
from werkzeug import Response

from app.connectors.mail import Mailbox
from app.errors import NotFound
from app.web.access import public
from app.web.downloads import closed
from app.web.numbers import whole

blueprint = Blueprint("mailbox", __name__, template_folder="templates")
_SHOWN = 200


def box() -> Mailbox:
    found: Mailbox = current_app.extensions["demo_mailbox"]
    return found


@blueprint.get("/demo/mailbox")
@public
def page() -> str:
    to = request.args.get("to", "")[:200]
    number = max(whole(request.args.get("page"), 1), 1)
    letters, until = box().messages(to), number * _SHOWN
    shown = {"letters": letters[until - _SHOWN : until], "page": number, "more": len(letters) > until}
    return render_template("demo/mailbox.html", to=to, **shown)


@blueprint.get("/demo/mailbox/<letter_id>")
@public
def letter(letter_id: str) -> str:
    found = box().get(letter_id)
    if found is None:
        raise NotFound
    return render_template("demo/letter.html", letter=found)


@blueprint.get("/demo/mailbox/<letter_id>/<int:position>")
@public
def attachment(letter_id: str, position: int) -> Response:
    """A file that came with the letter."""
    found = box().get(letter_id)
    if found is None or position >= len(found.attachments):
        raise NotFound
    name, content = found.attachments[position]
    answer = Answer(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return closed(answer)
