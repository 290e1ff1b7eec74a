"""The links of the bar: each page knows who may open it, so the bar asks the same question."""

from dataclasses import dataclass
from functools import cache

from flask import current_app, request, url_for

from app.errors import N_
from app.web.access import may_open


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    """English msgid."""
    endpoint: str
    further: bool = False
    """Under "More", not in the bar itself."""

    @property
    def href(self) -> str:
        return _path(self.endpoint)

    @property
    def here(self) -> bool:
        """On the page or, where the entry leads to a package of pages such as the studio, on any of them."""
        part, present = self.endpoint.partition(".")[0], request.blueprint or ""
        if part == present or present not in current_app.blueprints:
            return part == present
        package = current_app.blueprints[present].import_name.rpartition(".")[0]
        return package.rpartition(".")[2] == part


@cache
def _path(endpoint: str) -> str:
    """Addresses without variables are the same in every request."""
    return url_for(endpoint)


ENTRIES = [
    Entry(N_("Inbox"), "inbox.front"),
    Entry(N_("Courses"), "courses.listed"),
    Entry(N_("Begin"), "procedures.listed"),
    Entry(N_("Studio"), "studio.overview"),
    Entry(N_("Monitoring"), "monitoring.listed", further=True),
    Entry(N_("Reports to TC 4"), "annual_reports.listed", further=True),
    Entry(N_("Satisfaction"), "satisfaction.listed", further=True),
    Entry(N_("List of courses being created"), "register.listed", further=True),
    Entry(N_("Requests for the list"), "register_requests.listed", further=True),
    Entry(N_("Surveys"), "surveys.listed", further=True),
    Entry(N_("Prospective topics"), "topics.listed", further=True),
    Entry(N_("Appointments"), "appointments.listed", further=True),
    Entry(N_("Substitutions"), "substitutions.listed", further=True),
    Entry(N_("Secretariat's archive"), "archive.listed", further=True),
    Entry(N_("People"), "people.listed", further=True),
    Entry(N_("Organisations"), "organisations.listed", further=True),
    Entry(N_("Working days"), "calendars.listed", further=True),
    Entry(N_("Letters"), "letters.listed", further=True),
    Entry(N_("Settings"), "dated_settings.listed", further=True),
    Entry(N_("Checks of topicality"), "actualisation.listed", further=True),
    Entry(N_("Certificates"), "certification.listed", further=True),
    Entry(N_("Portal list"), "portal.listed", further=True),
    Entry(N_("Evidence"), "evidence.overview", further=True),
    Entry(N_("Incidents"), "incidents.listed", further=True),
]


def entries(*, further: bool = False) -> list[Entry]:
    return [entry for entry in ENTRIES if entry.further is further and may_open(entry.endpoint)]
