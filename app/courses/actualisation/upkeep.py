"""Once a day: courses that were published before there was a calendar of checks get their date."""

from datetime import timedelta

from app.courses.actualisation import calendar
from app.workflow.chores import Chore

CHORES = (Chore("checks.plan_missing", timedelta(days=1), calendar.plan_missing),)
