"""The words and tables of the pages that move running procedures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.engine import Element, Item, Process, Specification
from app.errors import N_
from app.i18n import Text, gettext
from app.web import outline
from app.web.progress import Chart, Step
from app.workflow import releases
from app.workflow.models import Release
from app.workflow.moves.previewing import Account, Preview

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "": (N_("waits for its turn"), "others"),
    "moved": (N_("moved"), "done"),
    "refused": (N_("stays where it is"), "late"),
    "changed": (N_("has gone on since the preview"), "you"),
    "over": (N_("has ended meanwhile"), "others"),
    "left": (N_("not come to: the move was stopped"), "others"),
}
WHAT = {
    "task": N_("task"),
    "timer": N_("timer"),
    "call": N_("operation"),
    "receiver": N_("message awaited"),
    "event": N_("event"),
}
HOW = {"kept": N_("stays"), "changed": N_("changes"), "added": N_("is added"), "removed": N_("is taken away")}
CHANGES = {
    "label": N_("its name"),
    "instructions": N_("its instructions"),
    "form": N_("its form"),
    "role": N_("who is asked"),
    "organisation": N_("who is asked"),
    "person": N_("who is asked"),
    "exclude": N_("who may not decide"),
    "title": N_("its name"),
    "subject": N_("what it is about"),
    "outputs": N_("what it passes on"),
    "due": N_("its deadline; the date that runs stays"),
    "deadlines": N_("its deadline; the date that runs stays"),
    "expression": N_("its time; the date that is set stays"),
    "kind": N_("its kind"),
    "parameters": N_("what the operation is asked for; it has been asked already"),
    "name": N_("the message it waits for"),
    "key": N_("the message it waits for"),
    "clause": N_("its clause"),
    "quiet": N_("whether letters are sent about it"),
    "interrupting": N_("whether it ends the step it stands on"),
}
MOST_TARGETS = 50


@dataclass(frozen=True, slots=True)
class Counted(Step):
    """A step of the diagram with the number of procedures that stand there."""

    here: int = 0


@dataclass(frozen=True, slots=True)
class Renaming:
    """A step at which procedures stand and that the other release does not have; what may have taken its place."""

    process: str
    element: Element
    offered: tuple[Element, ...]
    chosen: str


def names(session: Session) -> dict[str, Text]:
    """Names of procedures, as the newest release says."""
    newest = releases.current(session)
    if newest is None:
        return {}
    return {one.id: one.name for one in releases.specification(session, newest.id).processes.values()}


def by_number(session: Session, number: int) -> Release | None:
    return session.scalars(sa.select(Release).where(Release.number == number)).one_or_none()


def targets(session: Session, release: Release) -> list[Release]:
    """Releases that the procedures could be moved to, the newest first."""
    query = sa.select(Release).where(Release.id != release.id).order_by(Release.number.desc()).limit(MOST_TARGETS)
    return list(session.scalars(query))


def charts(specification: Specification, process: str, counted: Mapping[str, Counter[str]]) -> list[Chart]:
    """The procedure's own diagram first, then those it calls in which somebody stands."""
    shown = [process, *(one for one in specification.processes if one != process and one in counted)]
    return [_chart(specification.processes[one], counted.get(one, Counter())) for one in shown]


def _chart(process: Process, counted: Counter[str]) -> Chart:
    return Chart(process, tuple(_counted(element, counted[element.id]) for element in outline.steps(process)))


def _counted(element: Element, here: int) -> Counted:
    status = "here" if here else "waiting"
    return Counted(element.id, element.name, None, status, 0, calls=element.called, here=here)  # type: ignore[arg-type]


def renaming(
    old: Specification, new: Specification, account: Account, given: Sequence[tuple[str, str, str]]
) -> list[Renaming]:
    """For every step that hinders a move because it is gone, and every one that has been named another already."""
    chosen = {(process, before): after for process, before, after in given}
    gone = {
        (one.process, one.element)
        for preview in account.previews
        for one in preview.plan.refusals
        if one.reason == "removed"
    }
    found = []
    for process, ident in sorted(gone | chosen.keys()):
        drawn, target = old.processes.get(process), new.processes.get(process)
        if drawn is not None and target is not None and ident in drawn.elements:
            element = drawn.elements[ident]
            offered = tuple(one for one in target.elements.values() if _may_replace(drawn, element, one))
            found.append(Renaming(process, element, offered, chosen.get((process, ident), "")))
    return found


def _may_replace(drawn: Process, element: Element, other: Element) -> bool:
    """Of the same kind, and new: a step that both releases have is itself."""
    return other.kind == element.kind and other.id not in drawn.elements


@dataclass(frozen=True, slots=True)
class Ahead:
    """How the way differs in the other release, in the procedure and all that it calls."""

    added: tuple[Text, ...]
    removed: tuple[Text, ...]
    changed: tuple[Text, ...]


def ahead(old: Specification, new: Specification, process: str) -> Ahead:
    """Steps that only one of the releases has, and those that say something else in the other."""
    before, after = _steps(old, process), _steps(new, process)
    changed = (one for one in before.keys() & after.keys() if _said(before[one]) != _said(after[one]))
    return Ahead(
        _named(after[one] for one in after.keys() - before.keys()),
        _named(before[one] for one in before.keys() - after.keys()),
        _named(after[one] for one in changed),
    )


def _steps(specification: Specification, process: str) -> dict[tuple[str, str], Element]:
    found: dict[tuple[str, str], Element] = {}
    todo, seen = [process], {process}
    while todo:
        drawn = specification.processes.get(todo.pop())
        for element in drawn.elements.values() if drawn else ():
            if element.kind in outline.STEPS and drawn is not None:
                found[drawn.id, element.id] = element
            if element.called and element.called not in seen:
                seen.add(element.called)
                todo.append(element.called)
    return found


def _said(element: Element) -> Element:
    """The element without its place in the file and on the way."""
    return replace(element, line=None, incoming=(), outgoing=())


def _named(elements: Iterable[Element]) -> tuple[Text, ...]:
    return tuple(sorted({one.name if str(one.name) else Text(one.id, one.id) for one in elements}, key=str))


def standing(preview: Preview) -> list[Text]:
    """Where the procedure stands now, each place once."""
    found = {item.name: None for item in preview.plan.items if item.how in ("kept", "changed") and item.what != "timer"}
    return list(found)


def news(preview: Preview) -> list[Item]:
    """What the move would change, the plain things that stay left out."""
    return [item for item in preview.plan.items if item.how != "kept"]


def changes(item: Item) -> str:
    """What of it changes, in words; each once."""
    words = dict.fromkeys(gettext(CHANGES[one]) for one in item.changes if one in CHANGES)
    return ", ".join(words)
