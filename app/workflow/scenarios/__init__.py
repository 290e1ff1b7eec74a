"""Recorded runs of the procedures (`scenarios.yaml`), played on the engine alone, and what of a diagram they take."""

from app.workflow.scenarios.compiled import Compiled
from app.workflow.scenarios.coverage import Outcome, Taken, Told, check, play
from app.workflow.scenarios.pictures import draw
from app.workflow.scenarios.playing import Failed, Player
from app.workflow.scenarios.reading import Member, Scenario, Step, Unreadable, read

__all__ = [
    "Compiled",
    "Failed",
    "Member",
    "Outcome",
    "Player",
    "Scenario",
    "Step",
    "Taken",
    "Told",
    "Unreadable",
    "check",
    "draw",
    "play",
    "read",
]
