"""The charts of the monitoring pages; beside each stands the table with the same numbers."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from app.courses import charts
from app.courses.charts import Bar, Point
from app.courses.monitoring.completion import Summary
from app.courses.monitoring.views import Report
from app.i18n import _, format_date


def of_views(report: Report) -> Markup | str:
    """A bar a module; "" where nothing was viewed."""
    bars = [Bar(line.name, line.views, str(line.views)) for line in report.lines]
    return charts.bars(_("Views by module"), bars) if report.views else ""


def of_weeks(weeks: Sequence[tuple[date, int]]) -> Markup | str:
    """A column a week; "" for less than two weeks, which tell nothing."""
    points = [Point(format_date(monday), views) for monday, views in weeks]
    return charts.over_time(_("Views of modules by week"), points) if len(points) > 1 else ""


def of_completion(found: Summary, learners: int) -> Markup | str:
    """A bar a module: how many of all participants have done it."""
    if not found.modules or not learners:
        return ""
    bars = [
        Bar(module.name, done, _("%(done)s of %(all)s", done=done, all=learners))
        for module in found.modules
        for done in (found.done.get(module.cmid, 0),)
    ]
    return charts.bars(_("Done by module"), bars, highest=learners)
