"""F23: workers that move instances are killed in the midst. Each instance is moved or not, and the books are right."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy.engine import Engine

from tests.diagrams import diagram, on_timer, user
from tests.scene import Scene
from tests.unit.workflow.moves.conftest import Mover

OLD = diagram("p", user("a", deadline=("answer", "workdays(5)")), user("b"), flows="start a; a b; b end")
NEW = diagram(
    "p",
    user("a", deadline=("answer", "workdays(5)"), title="'Новое'"),
    on_timer("early", "a", "date", 'before("answer", workdays=3)', interrupting=False),
    user("hint"),
    user("w"),
    user("b"),
    flows="start a; a w; w b; b end; early hint; hint end",
)


def test_f23_a_worker_killed_at_any_statement_leaves_each_instance_moved_or_not(
    scene: Scene, tmp_path: Path, engine: Engine
) -> None:
    mover = Mover(scene, tmp_path)
    old = scene.publish(p=OLD)
    running = [scene.start("anna", "p") for _ in range(2)]
    new = scene.publish(p=NEW)
    batch = mover.give(mover.order("p", old, new))
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.fault.mover_victim", url, str(tmp_path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.splitlines()
    assert told[-1] == "over"
    kills = [line for line in told if line.startswith("killed")]
    assert [line for line in told[:-1] if line not in kills] == []
    assert len(kills) >= 6, told
    assert mover.outcomes(batch) == dict.fromkeys(running, "moved")
    assert {mover.instance(one).release_id for one in running} == {new}
    assert [one.element for one in scene.timers()] == ["early"] * 2
    assert len(scene.jobs()) == 2
