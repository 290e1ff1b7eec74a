"""The administrator's yearly reports to TC 4 (9.3): for those who make them and those to whom they go."""

from flask import Blueprint, render_template
from markupsafe import Markup
from werkzeug import Response

from app.connectors.documents import available
from app.courses import archive
from app.courses.monitoring import annual, annual_documents, annual_printed
from app.errors import N_
from app.web.access import current_actor, database, open_to
from app.web.downloads import send

blueprint = Blueprint("annual_reports", __name__, url_prefix="/reports/annual")

STATES = {
    "planned": N_("the meeting is set"),
    "prepared": N_("being prepared"),
    "sent": N_("sent to TC 4"),
    "withdrawn": N_("there was no meeting"),
}
KINDS = {"planned": "others", "prepared": "you", "sent": "done", "withdrawn": "others"}


@blueprint.get("")
@open_to(*annual.READERS)
def listed() -> str:
    """All meetings, the newest first; the chair of TC 4 comes by the letter's link."""
    return render_template(
        "annual_reports.html", found=annual.all_reports(database()), states=STATES, kinds=KINDS,
        may_set=current_actor().holds("tc4_secretariat"),
    )  # fmt: skip


@blueprint.get("/<report_id>")
def show(report_id: str) -> str:
    """The same as the PDF: figures as they were frozen, and the administrator's text."""
    session = database()
    report = annual.get_for(session, current_actor(), report_id)
    entry = archive.newest_of(session, annual_documents.KIND, report.id)
    return render_template(
        "annual_report.html", report=report, title=annual.title(report), states=STATES, kinds=KINDS,
        said=annual_printed.facts(session, report), marks=annual_printed.MARKS,
        chart=Markup(annual_printed.drawing(report)),  # noqa: S704 - a drawing of ours, every text in it escaped
        files=archive.files_of(session, entry.id) if entry else [], no_pdf=None if entry else available(),
    )  # fmt: skip


@blueprint.get("/<report_id>/files/<int:position>")
def download(report_id: str, position: int) -> Response:
    """PDF or workbook, in one language, as it lies in the archive."""
    session = database()
    report = annual.get_for(session, current_actor(), report_id)
    entry = archive.newest_of(session, annual_documents.KIND, report.id)
    return send(archive.get_file(session, entry.id if entry else "", position))
