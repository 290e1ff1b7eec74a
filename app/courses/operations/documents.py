"""Operations that have documents made: each writes a job, so that the procedure goes on in the meantime."""

from app.courses import sheets
from app.courses.documents import making
from app.engine import Json
from app.workflow.operations import Context, Operation


def _sheet(context: Context, sheet: str) -> Json:
    """Appendix 1 of one sheet, ru and en, into the archive (7.4)."""
    found = sheets.get_sheet(context.session, sheet)
    making.wanted(context.session, making.SHEET, found.id, context.instance_id, context.key)
    return {"wanted": 1}


def _sheets(context: Context, agreement: str) -> Json:
    """The same for every sheet of an agreement, once its package is frozen."""
    agreed = sheets.of_agreement(context.session, agreement)
    for sheet in agreed:
        making.wanted(context.session, making.SHEET, sheet.id, context.instance_id, context.key)
    return {"wanted": len(agreed)}


def _approval(context: Context, form: str) -> Json:
    """Appendix 2, ru and en, into the archive (8.3)."""
    making.wanted(context.session, making.FORM, form, context.instance_id, context.key)
    return {"wanted": 1}


OPERATIONS = (
    Operation("documents.sheet", _sheet, {"sheet": True}),
    Operation("documents.sheets", _sheets, {"agreement": True}, immediate=True),
    Operation("documents.approval", _approval, {"form": True}),
    making.MAKE,
)
