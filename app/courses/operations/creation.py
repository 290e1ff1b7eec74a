"""Operations of the diagrams in `creation`: from the entry in the list to the submission (6.2–6.10)."""

from app.workflow.operations import Operation

OPERATIONS: tuple[Operation, ...] = ()
