"""The addresses of structural bodies, institutes and secretariats, kept by the Secretariat."""

from dataclasses import replace

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.errors import N_, Invalid, Problem
from app.i18n import gettext
from app.identity import organisations
from app.identity.organisations import details_of
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")

KEEPERS = ("secretariat",)
KINDS = {
    "nmi": N_("National metrology institutes"),
    "national_secretariat": N_("National secretariats"),
    "body": N_("Structural bodies"),
    "secretariat": N_("COOMET Secretariat"),
}
"""Kinds that get letters, in the order of the page; msgids."""


@blueprint.get("")
@open_to(*KEEPERS)
def listed() -> str:
    search, without = request.args.get("q", "")[:200], bool(request.args.get("without"))
    found = [one for one in organisations.search(database(), search) if not (without and one.email)]
    groups = {label: [one for one in found if one.kind == kind] for kind, label in KINDS.items()}
    return render_template("organisations.html", groups=groups, search=search, without=without)


@blueprint.get("/<organisation_id>")
@open_to(*KEEPERS)
def show(organisation_id: str) -> str:
    found = organisations.get(database(), organisation_id)
    return render_template("organisation.html", organisation=found, typed={"email": found.email}, errors={})


@blueprint.post("/<organisation_id>")
@open_to(*KEEPERS)
def change(organisation_id: str) -> Response | tuple[str, int]:
    """The address only: codes and names are those of the reference data."""
    typed = {"email": request.form.get("email", "").strip()[:300]}
    found = organisations.get(database(), organisation_id)
    try:
        with writing() as session:
            fresh = replace(details_of(organisations.get(session, organisation_id)), email=typed["email"])
            organisations.change(session, organisation_id, fresh, current_actor().person_id)
    except Problem as problem:
        database().rollback()
        errors = {"": problem, **(problem.fields if isinstance(problem, Invalid) else {})}
        page = render_template("organisation.html", organisation=found, typed=typed, errors=errors)
        return page, problem.status
    flash(gettext("Saved."), "done")
    return see("organisations.show", organisation_id=organisation_id)
