"""The demo's stand-in for Moodle: mounted beside the pages, and a page to look at it, edit it and let it fail."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, flash, render_template, request
from werkzeug import Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app.config import Config
from app.connectors.moodle import Access, Client
from app.connectors.moodle.stand_in import CATEGORY, KINDS, MANAGER, Fault, StandIn, image_file, in_process
from app.errors import N_, Invalid, NotFound
from app.i18n import gettext
from app.web.access import public
from app.web.redirects import see

blueprint = Blueprint("platform", __name__, template_folder="templates")
PATH = "/moodle"
_LONGEST = 20_000
_SHOWN = 50
_process: list[StandIn] = []
"""The one that this process was joined with."""
_LONGEST_KEY = 50
_LARGEST_IMAGE = 10_000_000

FAULTS = {
    "unavailable": N_("Maintenance: it answers 503"),
    "maintenance": N_("Maintenance: it answers with an error under status 200"),
    "expired": N_("The access token has expired"),
    "no_right": N_("The functions were taken from the service"),
    "hang": N_("It does the work and then does not answer"),
    "html": N_("It answers with a page instead of data"),
    "warnings": N_("It refuses by warnings only"),
    "empty": N_("It answers with an empty list"),
    "truncated": N_("Its answers are cut off"),
    "slow": N_("It answers a byte a second"),
}
"""Faults that the page offers; tests know more of them."""
EFFECTS = {
    "created": N_("Course %(course)s was created"),
    "updated": N_("Course %(course)s was changed"),
    "deleted": N_("Course %(course)s was deleted"),
    "self enrolled": N_("Somebody enrolled themselves in course %(course)s"),
    "edited by hand": N_("Course %(course)s was changed by hand"),
}


def client(settings: Config) -> Client:
    """In the worker as in the web server, without a network; the platform's memory is a file in the data folder."""
    stand_in = _stand_in(settings)
    _process.clear()
    _process.append(stand_in)
    return Client(Access(stand_in.base, MANAGER, CATEGORY, private=True), in_process(stand_in))


def of_process() -> StandIn:
    """That of this process, outside of a request. LookupError where another platform is configured."""
    if not _process:
        raise LookupError("this process has no stand-in for the platform")
    _process[0].fill()
    return _process[0]


def mount(app: Flask, settings: Config) -> None:
    """Answer under /moodle, and tell the workers, which have no port, where that is."""
    base = f"{settings.public_url or f'http://127.0.0.1:{settings.port}'}{PATH}"
    _address(settings).write_text(base)
    stand_in = StandIn(settings.data_dir / "moodle.db", base)
    app.extensions["demo_platform"] = stand_in
    inner: Any = app.wsgi_app
    app.wsgi_app = DispatcherMiddleware(inner, {PATH: stand_in})  # type: ignore[method-assign]


def _stand_in(settings: Config) -> StandIn:
    kept = _address(settings)
    base = kept.read_text() if kept.exists() else f"http://127.0.0.1:{settings.port}{PATH}"
    return StandIn(settings.data_dir / "moodle.db", base)


def _address(settings: Config) -> Path:
    return settings.data_dir / "moodle-address"


def stand_in() -> StandIn:
    found: StandIn = current_app.extensions["demo_platform"]
    found.fill()
    return found


@blueprint.get("/demo/platform")
@public
def page() -> str:
    with stand_in().store.open() as memory:
        courses, faults, effects = memory.all("course"), memory.faults(), memory.effects()
    return render_template(
        "demo/platform.html",
        courses=courses,
        now_faulty={fault.kind for fault in faults},
        faults=FAULTS,
        effects=effects[-_SHOWN:][::-1],
        told=EFFECTS,
        base=stand_in().base,
    )


@blueprint.post("/demo/platform/fault")
@public
def misbehave() -> Response:
    kind = request.form.get("kind", "")
    if kind and (kind not in FAULTS or kind not in KINDS):
        raise Invalid(N_("Choose how the platform shall fail."))
    with stand_in().store.open() as memory:
        memory.lift_faults()
        if kind:
            memory.set_fault(Fault(kind, seconds=1 if kind == "slow" else 60))
    told = N_("The platform fails from now on.") if kind else N_("The platform works again.")
    flash(gettext(told), "done")
    return see("platform.page")


@blueprint.get("/demo/platform/<int:course_id>")
@public
def course(course_id: int) -> str:
    with stand_in().store.open() as memory:
        found = memory.get("course", course_id)
    if found is None:
        raise NotFound
    return render_template("demo/platform_course.html", course=found, base=stand_in().base)


@blueprint.post("/demo/platform/<int:course_id>")
@public
def edit(course_id: int) -> Response:
    """As somebody would who works on the platform directly, past this program."""
    with stand_in().store.open() as memory:
        found = memory.get("course", course_id)
        if found is None:
            raise NotFound
        if request.form.get("delete"):
            memory.drop("course", course_id)
            memory.note("deleted", course=course_id, by="demo")
        else:
            methods = ["manual", *(["self"] if request.form.get("self") else [])]
            changed = {
                "summary": request.form.get("summary", "")[:_LONGEST],
                "visible": int(bool(request.form.get("visible"))),
                "enrollmentmethods": methods,
                "enrolmentkey": request.form.get("key", "")[:_LONGEST_KEY],
                "overviewfiles": _images(found),
            }
            memory.put("course", course_id, found | changed)
            memory.note("edited by hand", course=course_id, visible=changed["visible"], by="demo")
    flash(gettext("Changed on the platform."), "done")
    return see("platform.page")


def _images(course: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A new file takes the place of the former one; without a tick there is none."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        content = sent.read(_LARGEST_IMAGE + 1)
        if len(content) > _LARGEST_IMAGE:
            raise Invalid(N_("The image is too large."))
        return [image_file(sent.filename, content)]
    kept: list[dict[str, Any]] = course["overviewfiles"]
    return kept if request.form.get("image") else []
