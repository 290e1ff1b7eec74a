"""A stand-in for the platform, for demo and tests: it answers as Moodle 4.5 was recorded; never in `serve`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.connectors.moodle.stand_in.faults import KINDS
from app.connectors.moodle.stand_in.images import image_file
from app.connectors.moodle.stand_in.rest import StandIn
from app.connectors.moodle.stand_in.seed import CATEGORY, MANAGER
from app.connectors.moodle.stand_in.store import Fault

if TYPE_CHECKING:
    from app.connectors.moodle.stand_in.in_process import InProcess

__all__ = ["CATEGORY", "KINDS", "MANAGER", "Fault", "StandIn", "image_file", "in_process"]


def in_process(stand_in: StandIn) -> "Callable[[], InProcess]":
    """How a client reaches it without a network; the HTTP library is loaded only when the client calls."""

    def reach() -> "InProcess":
        from app.connectors.moodle.stand_in.in_process import InProcess

        return InProcess(stand_in)

    return reach
