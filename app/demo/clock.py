"""Moving the demo's time: hours, days or working days; every process sees it at once."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug import Response

from app import clock
from app.clock import MovedClock
from app.errors import N_, Invalid
from app.i18n import format_datetime, gettext
from app.identity import calendars
from app.web.access import database, public
from app.web.redirects import see
from app.workflow import instances
from app.workflow.models import Instance, Job, PlannedEvent, Timer

blueprint = Blueprint("clock", __name__, template_folder="templates")

UNITS = {"hours": N_("hours"), "days": N_("days"), "workdays": N_("working days")}
_MOST = 2000
_COUNTRY, _ZONE = "BY", "Europe/Minsk"


def source() -> MovedClock:
    found: MovedClock = current_app.extensions["demo_clock"]
    return found


@blueprint.get("/demo/clock")
@public
def page() -> str:
    return render_template("demo/clock.html", units=UNITS, zone=_ZONE, left=count_due(database()))


def count_due(session: Session) -> int:
    """What is due by now and has not been done yet: timers, planned events, jobs."""
    now, count = clock.now(), sa.func.count()
    timers = sa.select(count).select_from(Timer).join(Instance, Instance.id == Timer.instance_id)
    queries = (
        timers.where(Timer.due <= now, Instance.status == instances.RUNNING),
        sa.select(count).select_from(PlannedEvent).where(PlannedEvent.due <= now),
        sa.select(count).select_from(Job).where(Job.outcome.is_(None), Job.due <= now),
    )
    return sum(session.scalar(query) or 0 for query in queries)


@blueprint.post("/demo/clock")
@public
def move() -> Response:
    """The clock only goes forward: what happened must stay before what happens."""
    amount = _amount(request.form.get("amount", ""))
    source().move(_step(amount, request.form.get("unit", "")))
    flash(gettext("It is now %(moment)s.", moment=format_datetime(clock.now(), _ZONE)), "done")
    return see("clock.page")


def _amount(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise Invalid(N_("Enter a whole number from 1 to %(most)s."), most=_MOST)
    return int(text)


def _step(amount: int, unit: str) -> timedelta:
    if unit == "hours":
        return timedelta(hours=amount)
    if unit == "days":
        return timedelta(days=amount)
    if unit != "workdays":
        raise Invalid(N_("Choose hours, days or working days."))
    today = clock.today(_ZONE)
    return calendars.add_workdays(database(), _COUNTRY, today, amount) - today
