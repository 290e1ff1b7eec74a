"""Who asks, and what they may do: the accounts with which the recordings were made."""

from dataclasses import dataclass
from typing import Any

from app.connectors.moodle.stand_in.refusals import MoodleError, no_right, simple
from app.connectors.moodle.stand_in.store import Memory

RIGHTS = {
    "create": "Create courses",
    "update": "Update course settings",
    "visibility": "Hide/show courses",
    "participants": "View participants",
    "enrol": "Enrol users",
}
HIDDEN = "see hidden courses"
EMAILS = "see e-mail addresses"


@dataclass(frozen=True, slots=True)
class Caller:
    """One call by an account."""

    memory: Memory
    user: dict[str, Any]
    base: str
    """Address of the platform, for links in answers."""
    raw: bool
    now: int

    @property
    def id(self) -> int:
        return int(self.user["id"])

    def may(self, right: str, category: int) -> bool:
        return right in self.user.get("rights", {}).get(str(category), ())

    def demand(self, right: str, category: int) -> None:
        if not self.may(right, category):
            raise no_right(RIGHTS[right])

    def sees_emails(self) -> bool:
        return bool(self.user.get(EMAILS))

    def sees(self, course: dict[str, Any]) -> bool:
        return bool(course["visible"]) or self.may(HIDDEN, course["categoryid"])

    def demand_entry(self, course: dict[str, Any]) -> None:
        if not self.sees(course):
            raise not_accessible()


def not_accessible() -> MoodleError:
    return simple("requireloginerror", "Course or activity not accessible.")
