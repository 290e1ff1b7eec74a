"""The inbox: what waits for the reader."""

from flask import Blueprint, render_template

from app.errors import N_

blueprint = Blueprint("inbox", __name__)
TITLES = {"mine": N_("Mine"), "roles": N_("My roles"), "done": N_("Done")}
EMPTY = {
    "mine": (N_("Nothing waits for you"), N_("Tasks that you claimed or that name you come here.")),
    "roles": (N_("Nothing to claim"), N_("Tasks for any holder of your roles come here until somebody claims one.")),
    "done": (N_("Nothing done yet"), N_("What you complete is kept here.")),
}
SORTS = {"due": N_("By deadline"), "newest": N_("Newest first"), "oldest": N_("Oldest first")}


@blueprint.get("/")
def front() -> str:
    return render_template(
        "inbox.html",
        view="mine",
        titles=TITLES,
        numbers={},
        overdue=0,
        search="",
        sort="due",
        sorts=SORTS,
        empty=EMPTY,
        groups=[],
        next=None,
    )
