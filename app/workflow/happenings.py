"""The domain events that the program knows; other parts register theirs here when the program is built."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.i18n import Text


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that the program knows: `data` are the variables it brings, beside the one that names the subject."""

    name: str
    label: Text
    subject_as: str
    """Variable of the started instance that holds the subject."""
    subject_label: Text
    data: Mapping[str, Text] = field(default_factory=dict)

    @property
    def variables(self) -> Mapping[str, Text]:
        return {self.subject_as: self.subject_label, **self.data}


_registered: dict[str, Happening] = {}


def register(happening: Happening) -> None:
    """Make the event known to diagrams."""
    _registered[happening.name] = happening


def registered() -> Mapping[str, Happening]:
    return _registered
