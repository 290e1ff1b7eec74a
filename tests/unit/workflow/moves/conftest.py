"""Orders to move instances, in the words of the tests."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Config
from app.worker import work_off
from app.workflow import fsck
from app.workflow.models import Instance
from app.workflow.models_moves import InstanceMove, MoveItem
from app.workflow.moves import batches, previewing, undoing
from app.workflow.moves.batches import Order
from tests.scene import Scene


class Mover:
    """An analyst who moves what runs."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self._folder = scene, folder
        scene.person("ada", "analyst")

    def order(self, process: str, from_id: str, to_id: str, **more: object) -> Order:
        return Order(process, from_id, to_id, **more)  # type: ignore[arg-type]

    def give(self, order: Order, only: Mapping[str, int] | None = None) -> str:
        """Order the move of all that run, or of those named with their revisions; gives the order's id."""
        actor = self.scene.actor("ada")
        with self.scene.sessions.begin() as session:
            chosen = only if only is not None else self.revisions(session, order)
            return batches.give(session, actor, order, chosen).id

    @staticmethod
    def revisions(session: Session, order: Order) -> dict[str, int]:
        found = previewing.preview(session, order.process, order.from_id, order.to_id, order.names)
        return {one.instance.id: one.instance.revision for one in found.previews}

    def move(self, process: str, from_id: str, to_id: str, **more: object) -> dict[str, str | None]:
        """Order it and let the worker do it: instance -> outcome."""
        batch = self.give(self.order(process, from_id, to_id, **more))
        work_off(self.scene.sessions)
        return self.outcomes(batch)

    def outcomes(self, batch: str) -> dict[str, str | None]:
        with self.scene.sessions() as session:
            found = session.scalars(sa.select(MoveItem).where(MoveItem.batch_id == batch))
            return {one.instance_id: one.outcome for one in found}

    def reasons(self, process: str, from_id: str, to_id: str) -> list[str]:
        """Why they cannot be moved, in English."""
        with self.scene.sessions() as session:
            found = previewing.preview(session, process, from_id, to_id)
            return [one.message.en for preview in found.previews for one in preview.plan.refusals]

    def last(self, instance_id: str) -> InstanceMove:
        with self.scene.sessions() as session:
            found = undoing.newest(session, instance_id)
            assert found is not None
            return found

    def undo(self, instance_id: str) -> None:
        found, actor = self.last(instance_id), self.scene.actor("ada")
        with self.scene.sessions.begin() as session:
            undoing.undo(session, actor, found.id)

    def violations(self) -> list[str]:
        """V: what the books say against each other; none is right."""
        with self.scene.sessions() as session:
            return [str(one) for one in fsck.run(session, Config(mode="test", data_dir=self._folder))]

    def instance(self, instance_id: str) -> Instance:
        return self.scene.instance(instance_id)


@pytest.fixture
def mover(scene: Scene, tmp_path: Path) -> Mover:
    return Mover(scene, tmp_path)
