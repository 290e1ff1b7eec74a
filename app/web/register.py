"""The List of COOMET courses being created (6.2): a year's list, past states, exports, the Secretariat's edits."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, flash, render_template, request
from werkzeug import Response as Answer

from app.connectors.documents import available
from app.courses.letters.publication import LANGUAGES
from app.courses.planning import copies, editing, listing, tables
from app.courses.planning.listing import Wanted
from app.courses.stages import NAMES as STAGES
from app.errors import Denied, Invalid, Problem
from app.i18n import as_locale, current_locale, gettext, set_locale
from app.web.access import current_actor, database, open_to, writing
from app.web.downloads import closed, send
from app.web.numbers import day, whole
from app.web.redirects import see

blueprint = Blueprint("register", __name__, url_prefix="/register")
SIZE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    year: int
    day: date | None
    search: str
    stage: str
    page: int
    wrong_day: bool = False

    @property
    def link(self) -> dict[str, str | int | None]:
        """The same again, without the page."""
        on = self.day.isoformat() if self.day else None
        return {"year": self.year, "q": self.search or None, "stage": self.stage or None, "on": on}

    def wanted(self, until: datetime, size: int = listing.MAX) -> Wanted:
        return Wanted(self.year, until, self.search, self.stage, self.page if size == SIZE else 1, size)


def _asked() -> Asked:
    values = request.args
    known = listing.years(database())
    year = whole(values.get("year"), known[0])
    stage = values.get("stage", "")
    on, wrong = None, False
    try:
        on = day(values["on"]) if values.get("on") else None
    except Invalid:
        wrong = True
    return Asked(
        year=year if 2000 <= year <= 2200 else known[0],
        day=on,
        search=values.get("q", "")[:200],
        stage=stage if stage in STAGES else "",
        page=max(whole(values.get("page"), 1), 1),
        wrong_day=wrong,
    )


@blueprint.get("")
@open_to(*listing.READERS)
def listed() -> str:
    session, asked = database(), _asked()
    until = listing.moment_of(session, asked.day)
    size = listing.MAX if "print" in request.args else SIZE
    found = listing.query_for(session, current_actor(), asked.wanted(until, size))
    return render_template(
        "register.html",
        found=found,
        asked=asked,
        until=until,
        years=sorted({*listing.years(session), asked.year}, reverse=True),
        kept_since=listing.kept_since(session),
        stages=STAGES,
        languages=LANGUAGES,
        formats=tables.FORMATS,
        sources=tables.SOURCES,
        whole="print" in request.args,
        more=asked.page * size < found.total,
        copy=copies.latest(session, asked.year, until),
        no_pdf=available(),
        keeper=current_actor().holds(*listing.KEEPERS),
    )


@blueprint.get("/export.xlsx")
@open_to(*listing.READERS)
def as_workbook() -> Response:
    listed, stem = _exported()
    return attached(tables.as_workbook(listed), f"{stem}.xlsx", XLSX)


@blueprint.get("/export.csv")
@open_to(*listing.READERS)
def as_csv() -> Response:
    listed, stem = _exported()
    return attached(b"\xef\xbb\xbf" + tables.as_csv(listed).encode(), f"{stem}.csv", "text/csv")


def _exported() -> tuple[tables.Listed, str]:
    """The list as the page narrows it, and the name of its file."""
    speak()
    session, asked = database(), _asked()
    until = listing.moment_of(session, asked.day)
    found = listing.query_for(session, current_actor(), asked.wanted(until))
    return tables.Listed(asked.year, until, found.entries), stem_of(asked.year, until)


def stem_of(year: int, until: datetime) -> str:
    return f"coomet-courses-{year}-{until:%Y-%m-%d}.{current_locale()}"


def speak() -> None:
    """The language of the address comes before the reader's."""
    wanted = as_locale(request.args.get("lang"))
    if wanted:
        set_locale(wanted)


def attached(content: bytes, name: str, mimetype: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    closed(answer)
    return answer


@blueprint.post("/pdf")
@open_to(*listing.READERS)
def make_pdf() -> Answer:
    """The year's list as it stands now or on the day named; the page shows the copy as soon as it is made."""
    year, on = whole(request.form.get("year")), request.form.get("on") or None
    with writing() as session:
        if not 2000 <= year <= 2200:
            raise Invalid(gettext("Choose a year for which there is a list."))
        until = listing.moment_of(session, day(on) if on else None)
        copies.wanted(session, year, until, f"{year}:{until.isoformat()}")
    flash(gettext("The PDF is being made. Reload this page in a moment."), "info")
    return see("register.listed", year=str(year), **({"on": on} if on else {}))


@blueprint.get("/copies/<copy_id>/<locale>.pdf")
@open_to(*listing.READERS)
def download(copy_id: str, locale: str) -> Answer:
    return send(copies.get_file(database(), copy_id, as_locale(locale) or current_locale()))


@blueprint.get("/entries/<course_id>")
@open_to(*listing.KEEPERS)
def edit(course_id: str) -> str:
    return _form(course_id, {}, {})


@blueprint.post("/entries/<course_id>")
@open_to(*listing.KEEPERS)
def change(course_id: str) -> Answer | tuple[str, int]:
    typed = {name: request.form.get(name, "").strip()[:5000] for name in (*editing.FIELDS, "reason")}
    try:
        with writing() as session:
            editing.change(session, current_actor(), course_id, typed)
    except Invalid as problem:
        database().rollback()
        return _form(course_id, typed, dict(problem.fields) or {"": problem}), problem.status
    flash(gettext("The entry was changed; the list of past days stays as it was."), "done")
    return see("register.listed", year=typed["year"])


def _form(course_id: str, typed: dict[str, str], errors: dict[str, Problem]) -> str:
    if not current_actor().holds(*listing.KEEPERS):
        raise Denied
    course = editing.get_for(database(), current_actor(), course_id)
    shown = {**editing.values(course), "reason": "", **typed}
    return render_template("register_entry.html", course=course, typed=shown, errors=errors)
