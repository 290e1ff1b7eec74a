"""A run becomes a scenario beside the procedure: put into the draft's file, where every other byte stays."""

import re
from dataclasses import dataclass

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import Text, gettext
from app.web.access import current_actor, database, open_to, writing
from app.web.redirects import see
from app.web.studio import sandbox_stand
from app.web.studio.sandbox_stand import Stand
from app.web.studio.standing import ANALYST, draft
from app.workflow.sandbox import Named, record
from app.workflow.sandbox.recording import Beside, new_file
from app.workflow.scenarios import Unreadable, sources, strict_yaml
from app.workflow.scenarios.coverage import play
from app.workflow.scenarios.reading import FILE, read
from app.workflow.studio import drafts
from app.workflow.studio.drafts import Overtaken

blueprint = Blueprint("sandbox_keeping", __name__, url_prefix="/studio/sandbox")

_IDENT = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
NAMELESS = N_("Give the scenario a name of small Latin letters, digits and underscores, such as late_answer.")
TAKEN = N_("A scenario of this procedure is called so already.")
UNNAMED = N_("Say in a few words what happens.")
STUCK = N_("The procedure stands still with an incident: such a run cannot be a scenario.")
WAITS = N_("An operation waits for an answer: give it first.")
UNFIT = N_("The draft does not take a step of this run any more: take it back first.")


@dataclass(frozen=True, slots=True)
class Typed:
    ident: str = ""
    ru: str = ""
    en: str = ""
    clauses: str = ""
    through_program: bool = False


@blueprint.get("/<run_id>/keep")
@open_to(ANALYST)
def show(run_id: str) -> tuple[str, int]:
    return _page(sandbox_stand.of(database(), run_id), Typed())


@blueprint.post("/<run_id>/keep")
@open_to(ANALYST)
def keep(run_id: str) -> Response | tuple[str, int]:
    ident, ru, en, clauses = (request.form.get(name, "").strip()[:200] for name in ("id", "ru", "en", "clauses"))
    given = Typed(ident, ru, en, clauses, bool(request.form.get("through_program")))
    with writing() as session:
        stand = sandbox_stand.of(session, run_id)
        path = f"processes/{stand.setting.folder}/{FILE}"
        errors: dict[str, Problem] = _wrong(stand, given)
        if not errors:
            try:
                content, revision = _with_it(stand, given, path)
                put = drafts.save(
                    session, draft(), path, content, revision, current_actor().person_id, note=given.ident
                )
            except Problem as problem:
                errors[""] = problem
            else:
                if isinstance(put, Overtaken):
                    errors[""] = Conflict(N_("Somebody saved the scenarios at this moment. Try once more."))
        if errors:
            session.rollback()
            return _page(stand, given, errors, 422)
    flash(gettext("The scenario %(name)s is kept and is played with every check.", name=given.ident), "done")
    return see("scenarios.show", folder=stand.setting.folder)


def _wrong(stand: Stand, given: Typed) -> dict[str, Problem]:
    errors: dict[str, Problem] = {}
    if not _IDENT.fullmatch(given.ident):
        errors["id"] = Invalid(NAMELESS)
    errors |= {name: Invalid(UNNAMED) for name, words in (("ru", given.ru), ("en", given.en)) if not words}
    world = stand.world
    if stand.found.unfit is not None:
        errors[""] = Invalid(UNFIT)
    elif world.problems:
        errors[""] = Invalid(STUCK)
    elif world.question is not None:
        errors[""] = Invalid(WAITS)
    return errors


def _with_it(stand: Stand, given: Typed, path: str) -> tuple[bytes, int]:
    """The file with the scenario in it, and the revision it takes the place of. Raises Problem."""
    clauses = tuple(one for one in re.split(r"[,;\s]+", given.clauses) if one)
    named = Named(given.ident, Text(given.ru, given.en), clauses, given.through_program)
    before = stand.files.get(path)
    known = drafts.touched(database(), draft()).get(path)
    try:
        if before is None:
            item = record(stand.found, named, Beside(stand.setting.process, _names(stand), {}))
            content = new_file(stand.found, item).encode()
        else:
            if any(one.id == given.ident for one in read({path: before})):
                raise Invalid(TAKEN)
            content = sources.append(before, record(stand.found, named, _beside(before)), stand.setting.folder)
        _demand_it_holds(stand, path, content, given.ident)
    except Unreadable as problem:
        what, line = str(problem.what), problem.line
        raise Invalid(
            N_("The file of scenarios cannot be read (line %(line)s): %(what)s"), line=line or "–", what=what
        ) from None
    except sources.CannotWrite as problem:
        raise Invalid(N_("The scenario cannot be put into the file: %(what)s"), what=str(problem.message)) from None
    return content, known.revision if known else 0


def _beside(content: bytes) -> Beside:
    raw = strict_yaml.load(content)
    return Beside(str(raw["process"]), tuple(raw["people"]), raw["operations"])


def _names(stand: Stand) -> tuple[str, ...]:
    return tuple(one.name for one in stand.setting.people)


def _demand_it_holds(stand: Stand, path: str, content: bytes, ident: str) -> None:
    """It is played before it is kept: nobody keeps what is red from the beginning."""
    made = next(one for one in read({path: content}) if one.id == ident)
    outcome = play(stand.compiled, made)
    if outcome.failed is not None:
        raise Invalid(
            N_("Played alone it does not hold at step %(number)s: %(why)s"),
            number=outcome.number,
            why=str(outcome.failed),
        )


def _page(stand: Stand, given: Typed, errors: dict[str, Problem] | None = None, status: int = 200) -> tuple[str, int]:
    shown = record(stand.found, Named(given.ident or "…", Text(given.ru, given.en), (), given.through_program),
                   Beside(stand.setting.process, _names(stand), stand.setting.book))  # fmt: skip
    return render_template(
        "studio/sandbox_keep.html", stand=stand, run=stand.run, given=given, errors=errors or {}, shown=shown
    ), status
