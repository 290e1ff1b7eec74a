"""Recorded runs of the procedures (`scenarios.yaml`), played on the engine alone, and what of a diagram they take."""

from app.workflow.scenarios.coverage import Taken, check
from app.workflow.scenarios.pictures import draw
from app.workflow.scenarios.playing import Failed, Player
from app.workflow.scenarios.reading import Member, Scenario, Step, Unreadable, read

__all__ = ["Failed", "Member", "Player", "Scenario", "Step", "Taken", "Unreadable", "check", "draw", "read"]
