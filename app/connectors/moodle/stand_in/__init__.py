"""A stand-in for the platform, for demo and tests: it answers as Moodle 4.5 was recorded; never in `serve`."""

from app.connectors.moodle.stand_in.faults import KINDS
from app.connectors.moodle.stand_in.in_process import InProcess
from app.connectors.moodle.stand_in.rest import StandIn
from app.connectors.moodle.stand_in.seed import CATEGORY, MANAGER
from app.connectors.moodle.stand_in.store import Fault

__all__ = ["CATEGORY", "KINDS", "MANAGER", "Fault", "InProcess", "StandIn"]
