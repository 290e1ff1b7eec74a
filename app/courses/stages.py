"""What the stages of a course are called, for every list and document."""

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
}
