"""The stages of a course: what they are called, and how one is reached (A45)."""

from app.courses.models import Course
from app.errors import N_

NAMES = {
    "registered": N_("Registered"),
    "agreement": N_("Agreement"),
    "agreed": N_("Agreed"),
    "handed_over": N_("Handed over to the creator"),
    "preparation": N_("Preparation"),
    "submitted": N_("Expert review"),
    "rework": N_("Rework"),
    "approved": N_("Approved"),
    "published": N_("Published"),
    "withdrawn": N_("Withdrawn"),
    "annulled": N_("Annulled"),
}
ENDED = ("withdrawn", "annulled")
"""Nothing more happens to the course itself; what was issued for it stays."""


def reach(course: Course, stage: str) -> None:
    """Note that the course has come that far; a published one stays published until it is annulled."""
    if course.published_at is None:
        course.stage = stage


def is_open_to_learners(course: Course) -> bool:
    """Published and neither withdrawn nor annulled."""
    return course.published_at is not None and course.stage not in ENDED
