"""Admission to a course of restricted access: enrolment by list, and the key by single letters (4.6).

The key is no field of a form that is drafted or kept: it goes from this page into the sealed place and nowhere else.
"""

from flask import Blueprint, flash, render_template, request
from werkzeug import Response

from app.courses import register as courses
from app.courses.access import granting, keys, listing
from app.courses.access.granting import Asked
from app.courses.models import Course
from app.errors import N_, Conflict, Invalid, Problem
from app.i18n import as_locale, current_locale, ngettext
from app.identity import people
from app.web.access import current_actor, database, writing
from app.web.course_pages import frame_of
from app.web.numbers import whole
from app.web.redirects import see

blueprint = Blueprint("admission", __name__, url_prefix="/courses")

SIZE = 100
STATES = {
    "waiting": N_("waits"),
    "sent": N_("the letter is written"),
    "enrolled": N_("enrolled"),
    "unknown": N_("the platform knows no such account"),
    "failed": N_("not enrolled by the platform"),
    "dropped": N_("left out"),
}
MARKS = {"sent": "done", "enrolled": "done", "unknown": "late", "failed": "late"}
TYPED = ("people", "grounds", "confirmed", "locale")


@blueprint.get("/<course_id>/admission")
def show(course_id: str) -> str:
    course = granting.get_course_for(database(), current_actor(), course_id)
    return _page(course, "", {}, {})


def _page(course: Course, way: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    session = database()
    lists = granting.of_course(session, course.id)
    makers = people.by_ids(session, sorted({one.made_by for one in lists}))
    hindrance = granting.hindrance(session, course)
    return render_template(
        "access/course.html",
        frame=frame_of(session, current_actor(), course.id),
        hindrance=hindrance,
        confirmation=granting.confirmation(session),
        lists=[(one, makers.get(one.made_by), granting.counted(session, one.id)) for one in lists],
        states=STATES,
        way=way,
        typed=typed | {"locale": typed.get("locale") or current_locale()},
        errors=errors,
        most=listing.MOST,
    )


@blueprint.post("/<course_id>/admission/list")
def enrol(course_id: str) -> Response | tuple[str, int]:
    return _take(course_id, "list")


@blueprint.post("/<course_id>/admission/key")
def mail_key(course_id: str) -> Response | tuple[str, int]:
    return _take(course_id, "key")


def _take(course_id: str, way: str) -> Response | tuple[str, int]:
    """On errors the same page again with everything typed, except for the key, which no page ever shows."""
    actor = current_actor()
    course = granting.get_course_for(database(), actor, course_id)
    typed = {name: request.form.get(name, "")[:200_000] for name in TYPED}
    try:
        read = _listed(way, typed["people"])
        asked = Asked(read.people, typed["grounds"], bool(typed["confirmed"]), as_locale(typed["locale"]) or "ru")
        with writing() as session:
            if way == "key":
                made = granting.send_key(session, actor, course_id, asked, request.form.get("key", ""))
            else:
                made = granting.enrol_list(session, actor, course_id, asked)
    except (Invalid, Conflict) as problem:
        database().rollback()
        fields = problem.fields if isinstance(problem, Invalid) else {}
        return _page(course, way, typed, {"": problem, **fields}), problem.status
    flash(_told(way, len(read.people), read.repeated), "done")
    return see("admission.listed", course_id=course_id, list_id=made.id)


def _listed(way: str, typed: str) -> listing.Listed:
    part = request.files.get("file")
    content = part.stream.read(listing.LARGEST + 1) if part is not None and part.filename else b""
    return listing.read(typed, content, addresses=way == "key")


def _told(way: str, number: int, repeated: int) -> str:
    if way == "key":
        said = ngettext("The key goes to %(num)s person.", "The key goes to %(num)s people.", number)
    else:
        said = ngettext("%(num)s account is being enrolled.", "%(num)s accounts are being enrolled.", number)
    if repeated:
        again = ngettext("%(num)s line stood there twice.", "%(num)s lines stood there twice.", repeated)
        said = f"{said} {again}"
    return said


@blueprint.get("/<course_id>/admission/<list_id>")
def listed(course_id: str, list_id: str) -> str:
    """Who is on the list and what became of each; who got the key and when, never the key."""
    session, actor = database(), current_actor()
    made = granting.get_for(session, actor, course_id, list_id)
    course = courses.get_course(session, course_id)
    page = max(whole(request.args.get("page"), 1), 1)
    everybody = granting.entries(session, made.id)
    shown = everybody[(page - 1) * SIZE : page * SIZE]
    settled = people.by_ids(session, sorted({one.settled_by for one in shown if one.settled_by}))
    return render_template(
        "access/list.html",
        course=course,
        title=courses.title(course),
        made=made,
        maker=people.by_ids(session, [made.made_by]).get(made.made_by),
        found=shown,
        counted=granting.counted(session, made.id),
        total=len(everybody),
        letters=keys.letters_of(session, shown),
        settled=settled,
        states=STATES,
        marks=MARKS,
        page=page,
        more=page * SIZE < len(everybody),
    )

