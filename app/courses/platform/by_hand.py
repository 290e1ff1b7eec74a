"""What a person has done on the platform in place of the program, as they said it in the form of that step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.connectors.moodle import BY_HAND, Refused
from app.courses import submitted
from app.courses.platform import connection
from app.errors import N_, Conflict
from app.workflow.models import Submission

CREATED = "moodle_by_hand_create"
PUBLISHED = "moodle_by_hand_publish"
HIDDEN = "moodle_by_hand_hide"
SET_UP = "moodle_by_hand_image"
HELPED = ("name_taken", "undecided", "public_at_once", "other_category", "shortnametaken", "courseidnumbertaken")
"""Refusals that a person settles on the platform and then gives the course's number."""
NOT_THERE = N_("This is not the address of a page on the platform. Copy it from the address bar of the browser.")
NO_NUMBER = N_("The address of the course's page holds “id=” and a number. Copy it from the address bar.")
_NUMBER = re.compile(r"[?&]id=([0-9]{1,9})(?![0-9])")
NOTHING_SAID = N_("Nobody has said yet what was done on the platform.")


def where_a_person_can_help(refusal: Refused) -> Refused:
    return Refused(BY_HAND, str(refusal)) if refusal.code in HELPED else refusal


@dataclass(frozen=True, slots=True)
class Said:
    by: str
    evidence: Mapping[str, Any]
    platform_id: int = 0
    url: str = ""
    differs: bool = False
    """Done, although the platform shows the program something else."""


def created(session: Session, instance_id: str | None) -> Said:
    sent = _sent(session, instance_id, CREATED)
    url = submitted.text(sent, "url")
    return Said(sent.by, _evidence(sent), number_in(url), url)


def number_in(url: str) -> int:
    """The course's number from the address of its page. Raises Conflict where there is none.

    The address is shown to everybody as a link, so it must be one of the web, and of the platform where we know it.
    """
    known = connection.client()
    if not url.startswith(("https://", "http://")) or (known and not url.startswith(f"{known.access.url}/")):
        raise Conflict(NOT_THERE)
    found = _NUMBER.search(url)
    if found is None:
        raise Conflict(NO_NUMBER)
    return int(found[1])


def published(session: Session, instance_id: str | None) -> Said:
    sent = _sent(session, instance_id, PUBLISHED)
    return Said(sent.by, _evidence(sent))


def hidden(session: Session, instance_id: str | None) -> Said:
    sent = _sent(session, instance_id, HIDDEN)
    return Said(sent.by, _evidence(sent))


def set_up(session: Session, instance_id: str | None) -> Said:
    """What was done about the image and enrolment."""
    sent = _sent(session, instance_id, SET_UP)
    return Said(sent.by, _evidence(sent), differs=sent.values.get("differs") is True)


def _sent(session: Session, instance_id: str | None, form: str) -> Submission:
    sent = submitted.latest(session, instance_id, form)
    if sent is None:
        raise Conflict(NOTHING_SAID)
    return sent


def _evidence(sent: Submission) -> dict[str, Any]:
    return {"submission": sent.id, "pictures": submitted.files(sent, "picture")}
