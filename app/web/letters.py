"""The letters that the program has written, what became of each, and notifications of those that came back."""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.connectors.mail.reports import LARGEST
from app.courses.letters import bounces, register
from app.courses.letters.delivery import KEY, LINK
from app.courses.letters.register import Asked
from app.errors import N_, Invalid, Problem
from app.i18n import gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.numbers import whole
from app.web.redirects import see

blueprint = Blueprint("letters", __name__, url_prefix="/letters")

SIZE = 50
STATES = {
    "waiting": N_("waiting"),
    "sent": N_("sent"),
    "refused": N_("refused"),
    "bounced": N_("came back"),
    "dropped": N_("no longer needed"),
}
MARKS = {"waiting": "others", "sent": "done", "refused": "late", "bounced": "late", "dropped": "others"}


@blueprint.get("")
@open_to(*register.READERS)
def listed() -> str:
    values = request.args
    asked = Asked(
        search=values.get("q", "")[:200],
        state=register.states(values.get("state", "")),
        course=values.get("course", "")[:100],
        instance=values.get("instance", "")[:100],
    )
    page = max(whole(values.get("page"), 1), 1)
    found, more = register.listed(database(), current_actor(), asked, page, SIZE)
    shown = {"asked": asked, "page": page, "more": more, "states": STATES, "marks": MARKS}
    return render_template("letters.html", letters=found, **shown)


@blueprint.get("/<letter_id>")
@open_to(*register.READERS)
def show(letter_id: str) -> str:
    line = register.get(database(), current_actor(), letter_id)
    text = line.letter.text.replace(LINK, gettext("(the one-time link stands here)"))
    text = text.replace(KEY, gettext("(the enrolment key stands here)"))
    may_send = current_actor().holds(*register.SENDERS) and line.state in ("refused", "bounced")
    return render_template("letter.html", line=line, text=text, states=STATES, marks=MARKS, may_send=may_send)


@blueprint.post("/<letter_id>/send")
@open_to(*register.SENDERS)
def send_again(letter_id: str) -> Response:
    with writing() as session:
        register.send_again(session, current_actor(), letter_id)
    flash(gettext("The letter goes out once more."), "done")
    return see("letters.show", letter_id=letter_id)


@blueprint.get("/returned")
@open_to(*register.SENDERS)
def returned() -> str:
    return render_template("letters_returned.html", problem=None, pasted="")


@blueprint.post("/returned")
@open_to(*register.SENDERS)
def take_returned() -> Response | tuple[str, int]:
    """A notification as the mail program saves it, or its source pasted."""
    sent, pasted = request.files.get("file"), request.form.get("text", "")
    raw = (sent.stream.read(LARGEST + 1) if sent and sent.filename else b"") or pasted.encode("utf-8", "replace")
    try:
        if not raw.strip():
            raise Invalid(N_("Choose a file, or paste the source of the notification."))
        with writing() as session:
            letter = bounces.take(session, raw, current_actor().person_id)
    except Problem as problem:
        database().rollback()
        return render_template("letters_returned.html", problem=problem, pasted=pasted), problem.status
    flash(gettext("The letter is marked as come back, and an incident is open."), "done")
    return see("letters.show", letter_id=letter.id)
