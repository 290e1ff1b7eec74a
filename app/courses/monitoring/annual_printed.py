"""The yearly report as its page, PDF and workbook show it: plain data in one language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.courses import charts
from app.courses.charts import Bar
from app.courses.letters.publication import ACCESS
from app.courses.monitoring.models import AnnualReport
from app.courses.surveys import quarters
from app.courses.surveys.quarters import Quarter
from app.courses.workbooks import Sheet
from app.engine import Json
from app.errors import N_
from app.i18n import Locale, Text, _, current_locale, format_date, format_datetime, ngettext
from app.identity.places import default_place

MOST_BARS = 12
NOTHING = "–"
MARKS = (N_("excellent"), N_("good"), N_("satisfactory"), N_("unsatisfactory"))


def facts(session: Session, report: AnnualReport) -> dict[str, Json]:
    """Everything that is shown, already in words; empty lists where there is nothing to tell."""
    zone = default_place(session).zone
    sums: Mapping[str, int] = report.figures.get("sums", {})
    courses: list[Json] = [_course(row, zone) for row in report.figures.get("courses", [])]
    other: Locale = "en" if current_locale() == "ru" else "ru"
    words = {"ru": report.words_ru, "en": report.words_en}
    return {
        "number": report.number,
        "meeting": format_date(report.meeting_on),
        "place": Text(report.meeting_ru, report.meeting_en).into(current_locale()),
        "period": period(report),
        "words": words[current_locale()] or words[other],
        "counted": format_datetime(report.prepared_at, zone) if report.prepared_at else "",
        "sums": {name: sums.get(name, 0) for name in ("courses", "views", "learners", "completed")},
        "courses": courses,
        "analysed": [course for course in courses if isinstance(course, dict) and course["analyses"]],
        "rated": [course for course in courses if isinstance(course, dict) and course["quarters"]],
    }


def period(report: AnnualReport) -> str:
    if report.until is None:
        return ""
    if report.since is None:
        return _("from the beginning to %(last)s", last=format_date(report.until))
    return _("from %(first)s to %(last)s", first=format_date(report.since), last=format_date(report.until))


def _course(row: Mapping[str, Any], zone: str) -> dict[str, Any]:
    learners, completed = int(row["learners"]), int(row["completed"])
    return {
        "number": row["number"],
        "title": _title(row),
        "published": format_date(date.fromisoformat(row["published"])),
        "access": access(row),
        "views": row["views"] if row["log_until"] else NOTHING,
        "people": row["people"] if row["log_until"] else NOTHING,
        "learners": learners if row["read"] else NOTHING,
        "completed": _share(completed, learners) if row["read"] else NOTHING,
        "read": _day(row["read"], zone),
        "log_until": format_date(date.fromisoformat(row["log_until"])) if row["log_until"] else NOTHING,
        "quarters": [_quarter(one) for one in row["quarters"]],
        "analyses": [_analysis(one) for one in row["analyses"]],
    }


def access(row: Mapping[str, Any]) -> str:
    kind = ACCESS[row["access"]]
    return _(kind)


def _title(row: Mapping[str, Any]) -> str:
    titles = row["title"]
    here = current_locale()
    return str(titles[here] or titles["en" if here == "ru" else "ru"])


def _share(part: int, whole: int) -> str:
    return f"{part} ({round(100 * part / whole)} %)" if whole else str(part)


def _day(text: str, zone: str) -> str:
    return format_date(datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).date()) if text else NOTHING


def _quarter(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": str(Quarter(**one["quarter"])),
        "answers": one["answers"],
        "marks": list(one["counts"]) or [NOTHING] * len(MARKS),
        "mean": f"{one['mean']:.1f}".replace(".", "," if current_locale() == "ru" else ".") if one["mean"] else NOTHING,
    }


def _analysis(one: Mapping[str, Any]) -> dict[str, Any]:
    days = (date.fromisoformat(one[name]) for name in ("first", "last"))
    return {"name": quarters.period(*days), **{name: one[name] for name in ("number", "conclusions", "measures")}}


def drawing(report: AnnualReport) -> str:
    """The courses most looked at, as an SVG drawing; "" where nothing was looked at."""
    rows = sorted(report.figures.get("courses", []), key=lambda row: -row["views"])[:MOST_BARS]
    bars = [
        Bar(_title(row), row["views"], ngettext("%(num)s view", "%(num)s views", row["views"]))
        for row in rows
        if row["views"]
    ]
    return str(charts.bars(_("Views by course"), bars)) if bars else ""


def tables(session: Session, report: AnnualReport) -> list[Sheet]:
    """The same as tables of a workbook, with numbers as numbers."""
    zone = ZoneInfo(default_place(session).zone)
    rows = report.figures.get("courses", [])
    courses = [
        (
            row["number"], _title(row), date.fromisoformat(row["published"]), access(row),
            row["views"] if row["log_until"] else None, row["people"] if row["log_until"] else None,
            row["learners"] if row["read"] else None, row["completed"] if row["read"] else None,
            datetime.fromisoformat(row["read"]).astimezone(zone) if row["read"] else None,
            date.fromisoformat(row["log_until"]) if row["log_until"] else None,
        )
        for row in rows
    ]  # fmt: skip
    heads = (
        _("Number"), _("Title"), _("Published"), _("Access"), _("Views"), _("Participants"), _("Learners"),
        _("Have completed"), _("Figures read"), _("Log until"),
    )  # fmt: skip
    rated = [
        (row["number"], _title(row), str(Quarter(**one["quarter"])), one["answers"], *one["counts"], one["mean"])
        for row in rows
        for one in row["quarters"]
    ]
    marks = (_("Number"), _("Title"), _("Quarter"), _("Answers"), *(_(mark) for mark in MARKS), _("Mean"))
    told = [
        (row["number"], _title(row), one["name"], one["conclusions"], one["measures"])
        for row in rows
        for one in map(_analysis, row["analyses"])
    ]
    said = (_("Number"), _("Title"), _("Quarter"), _("Conclusions"), _("Measures"))
    return [
        Sheet(_("Courses"), heads, courses),
        Sheet(_("Satisfaction"), marks, rated),
        Sheet(_("Analyses"), said, told),
    ]
