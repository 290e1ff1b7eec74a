"""The process engine: diagrams in, plain data out. The only package that knows SpiffWorkflow; pure, without clock."""

import app.engine.version  # noqa: F401 - first of all: the right version of the library, or none of what follows
from app.engine.advance import (
    Advance,
    Budget,
    BudgetExceeded,
    Call,
    Closed,
    Ended,
    EngineProblem,
    OpenTask,
    Receiver,
    Sent,
    Snapshot,
    StaleTask,
    Step,
    Timer,
    UnknownTask,
)
from app.engine.compilation import compile_release, reopen_release
from app.engine.lint import check
from app.engine.lint_catalogue import Catalogue, FormShape, Happening, Operation
from app.engine.moving import Item, Move, Passage, Remark
from app.engine.run import Run, restore, start
from app.engine.specification import (
    DefinitionErrors,
    Element,
    Event,
    Finding,
    MultiInstance,
    Process,
    Specification,
    StartForm,
)
from app.engine.state import UnreadableState, positions
from app.engine.stock import export_stock
from app.engine.values import Json

__all__ = [
    "Advance",
    "Budget",
    "BudgetExceeded",
    "Call",
    "Catalogue",
    "Closed",
    "DefinitionErrors",
    "Element",
    "Ended",
    "EngineProblem",
    "Event",
    "Finding",
    "FormShape",
    "Happening",
    "Item",
    "Json",
    "Move",
    "MultiInstance",
    "OpenTask",
    "Operation",
    "Passage",
    "Process",
    "Receiver",
    "Remark",
    "Run",
    "Sent",
    "Snapshot",
    "Specification",
    "StaleTask",
    "StartForm",
    "Step",
    "Timer",
    "UnknownTask",
    "UnreadableState",
    "check",
    "compile_release",
    "export_stock",
    "positions",
    "reopen_release",
    "restore",
    "start",
]
