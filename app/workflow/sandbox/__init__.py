"""A procedure of the draft, tried out: on the engine alone, so that nothing real can be reached by construction.

Compiled.of(files)                     the files ready to run, broken diagrams left out
Setting, Act, Answer                   who plays, what was done; JSON both ways, kept in `studio_sandbox`
replay(compiled, setting, acts, session) -> Replay      where the run stands, or the act that no longer fits
record(replay, named) -> text          the run as a scenario; `sources.append` puts it into the file byte for byte
open_scenario(scenario) -> (Setting, acts)
"""

from app.workflow.sandbox.acts import Act, Answer, Setting, acts_from, acts_to
from app.workflow.sandbox.opening import open_scenario
from app.workflow.sandbox.recording import Named, record
from app.workflow.sandbox.replaying import Replay, replay
from app.workflow.sandbox.world import Unfit, World
from app.workflow.scenarios.compiled import Compiled

__all__ = [
    "Act",
    "Answer",
    "Compiled",
    "Named",
    "Replay",
    "Setting",
    "Unfit",
    "World",
    "acts_from",
    "acts_to",
    "open_scenario",
    "record",
    "replay",
]
