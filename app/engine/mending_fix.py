"""What a fix is given and what it may answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.engine.lint_diagram import Diagram, Flow, Node, Release
from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where to mend: the root, which the fix changes, the element complained of, and the draft around it."""

    root: Any
    element: Any
    diagram: Diagram
    release: Release
    choice: str
    """What the person has chosen; empty before they are asked."""

    @property
    def node(self) -> Node:
        """The element as a node of the flow; Nothing where it is none."""
        found = next((node for node in self.diagram.nodes if node.element is self.element), None)
        if found is None:
            raise Nothing
        return found

    @property
    def flow(self) -> Flow:
        found = next((flow for flow in self.diagram.flows if flow.element is self.element), None)
        if found is None:
            raise Nothing
        return found

    @property
    def name(self) -> str:
        return str(self.element.get("name") or self.element.get("id") or "")[:80]


Fix = Callable[[Place], Text]
"""Changes the tree and says what it has changed."""


class Choose(Exception):
    """The person has to choose first."""

    def __init__(self, question: Text, choices: tuple[tuple[str, Text], ...]) -> None:
        super().__init__(question.en)
        self.question = question
        self.choices = choices


class Nothing(Exception):
    """There is nothing that could be mended without thought."""

    def __init__(self, said: Text | None = None) -> None:
        self.said = said or Text(
            ru="Здесь нужен человек: исправить это без раздумий нельзя.",
            en="This needs a person: it cannot be mended without thought.",
        )
        super().__init__(self.said.en)
