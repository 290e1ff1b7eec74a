"""What has to be done for courses from time to time, whoever asks for a page."""

from datetime import timedelta

from app.courses.actualisation import upkeep as checks
from app.courses.monitoring import upkeep as monitoring
from app.courses.platform import upkeep as platform
from app.courses.surveys import calendar as surveys
from app.workflow.chores import Chore

CHORES = (
    *platform.CHORES,
    *checks.CHORES,
    *monitoring.CHORES,
    Chore("satisfaction.calendar", timedelta(days=1), surveys.keep),
)
