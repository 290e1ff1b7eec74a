"""What an empty stand-in begins with: the categories and accounts of the site that was recorded, no course."""

from typing import Any

from app.connectors.moodle.stand_in.accounts import EMAILS, HIDDEN
from app.connectors.moodle.stand_in.store import Memory

CATEGORY = 2
"""COOMET's category."""
MANAGER, CREATOR, WEAK, STUDENT = "stand-in-manager", "stand-in-creator", "stand-in-weak", "stand-in-student"
"""Tokens of the four accounts."""
_ALL = ("create", "update", "visibility", "participants", "enrol", HIDDEN)
_CATEGORIES = ((1, "Category 1", 1), (2, "COOMET", 0), (3, "Other sector", 0))
_ACCOUNTS: tuple[tuple[str, int, str, dict[str, Any]], ...] = (
    (MANAGER, 3, "coometws", {"rights": {"2": list(_ALL)}, EMAILS: True}),
    (CREATOR, 12, "creatorws", {"rights": {"2": ["create", "update", HIDDEN]}}),
    (WEAK, 4, "weakws", {}),
    (STUDENT, 6, "student1", {}),
)


def fill(memory: Memory) -> None:
    """Once; what is there already stays."""
    if memory.get("category", CATEGORY) is not None:
        return
    for ident, name, form in _CATEGORIES:
        row = {"id": ident, "name": name, "description": "", "descriptionformat": form, "parent": 0}
        place = {"sortorder": ident * 10_000, "coursecount": 0, "depth": 1, "path": f"/{ident}"}
        memory.put("category", ident, row | place)
    for token, ident, username, rights in _ACCOUNTS:
        names = {"firstname": "COOMET", "lastname": "Integration", "fullname": "COOMET Integration"}
        memory.put("account", ident, {"id": ident, "username": username, **names, **rights})
        memory.put("token", token, {"account": ident})
    memory.put("course", 1, _FRONT_PAGE)
    memory.drop("course", 1)


_FRONT_PAGE = {"id": 1}
"""Moodle's own first course: its number is taken, so that ours begin with 2."""
