"""What the looks add up to: a line a tool, and the table of docs/corpus.md."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.corpus.looking import Seen

TOP = 4


@dataclass
class Line:
    """One tool."""

    tool: str
    files: int = 0
    read: int = 0
    accepted: int = 0
    worst: float = 0.0
    schedules: int = 0
    marked: int = 0
    marked_accepted: int = 0
    wide: int = 0
    wide_accepted: int = 0
    """Marked, or left out only because something needed for running is not said."""
    rules: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    not_playable: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    refused_though_marked: list[str] = field(default_factory=list)

    def add(self, seen: Seen, left_out: Sequence[str] | None) -> None:
        """`left_out`: why it is not in the marked subset; None where nothing is marked."""
        self.files += 1
        self.read += not {"xml", "not-bpmn"} & set(seen.rules)
        self.accepted += seen.accepted
        self.worst = max(self.worst, seen.seconds)
        self.schedules += seen.schedules
        self.rules.update(seen.rules)
        self.faults += [f"{seen.name}: {seen.fault}"] if seen.fault else []
        self.different += [f"{seen.name}: {one}" for one in seen.different]
        self.not_playable += [f"{seen.name}: {one}" for one in seen.not_playable]
        if left_out is not None:
            self.marked += not left_out
            self.marked_accepted += not left_out and seen.accepted
            wide = all(why.startswith("incomplete:") for why in left_out)
            self.wide += wide
            self.wide_accepted += wide and seen.accepted
            self.left_out.update(set(left_out))
            if not left_out and not seen.accepted:
                self.refused_though_marked.append(f"{seen.name}: {', '.join(seen.rules)}")

    def cells(self) -> list[str]:
        rules = ", ".join(f"{rule} {count}" for rule, count in self.rules.most_common(TOP))
        refused = f"{self.files - self.accepted} ({rules})" if rules else "0"
        share = f"{self.marked_accepted} of {self.marked}" if self.marked else "–"
        return [
            *(self.tool, str(self.files), str(self.read), str(self.accepted), refused),
            *(f"{self.worst:.2f}", f"{self.schedules:,}", share),
        ]


def total(lines: Iterable[Line]) -> Line:
    whole = Line("**all**")
    for line in lines:
        for name in ("files", "read", "accepted", "schedules", "marked", "marked_accepted", "wide", "wide_accepted"):
            setattr(whole, name, getattr(whole, name) + getattr(line, name))
        whole.worst = max(whole.worst, line.worst)
        whole.rules += line.rules
        whole.left_out += line.left_out
        for name in ("faults", "different", "not_playable", "refused_though_marked"):
            getattr(whole, name).extend(getattr(line, name))
    return whole


HEADS = ("tool", "files", "read", "accepted", "refused (first by rule)", "worst s", "schedules", "marked, accepted")


def table(lines: Sequence[Line]) -> str:
    rows = [list(HEADS), ["---"] * len(HEADS), *(line.cells() for line in (*lines, total(lines)))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def plain(line: Line) -> dict[str, Any]:
    """For `--json`."""
    return {**asdict(line), "rules": dict(line.rules), "left_out": dict(line.left_out)}
