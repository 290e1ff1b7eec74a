"""Who plays in the sandbox: the people of the folder's scenarios, and somebody for each role that is still missing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.engine import Process
from app.workflow.sandbox.telling import ALSO
from app.workflow.scenarios import Member, Scenario

_NMI, _BODY, _BOARD = "nmi-by-belgim", "tc-1.6", "secretariat"
_OFFERED: Mapping[str, tuple[str, str, str, Mapping[str, Any]]] = {
    "administrator": ("Анна Администраторова", "Anna Administratorova", _NMI, {}),
    "creator": ("Семен Создателев", "Semyon Sozdatelev", "nmi-kz-kazstandard", {}),
    "coordinator": ("Кира Координаторова", "Kira Koordinatorova", _NMI, {}),
    "chair": ("Марк Массин", "Mark Massin", "nmi-kz-kazstandard", {"organisation": _BODY}),
    "member": ("Мила Массина", "Mila Massina", "nmi-ru-vniim", {"organisation": _BODY}),
    "executor": ("Игорь Исполнителев", "Igor Ispolnitelev", _NMI, {}),
    "secretariat": ("Сауле Секретарева", "Saule Sekretareva", _BOARD, {}),
    "tc4_secretariat": ("Ольга Четвертая", "Olga Chetvertaya", _NMI, {}),
    "national_secretariat": ("Наталия Национальная", "Natalia Natsionalnaya", _NMI, {"organisation": "ns-by"}),
    "representative": ("Полина Представителева", "Polina Predstaviteleva", _NMI, {"organisation": _NMI}),
    "analyst": ("Арина Аналитикова", "Arina Analitikova", _NMI, {}),
    "operator": ("Олег Операторов", "Oleg Operatorov", _BOARD, {}),
    "auditor": ("Ада Аудиторова", "Ada Auditorova", _BOARD, {}),
}
"""Role -> name in both languages, home, and what more its appointment says."""
OF_A_COURSE = frozenset({"coordinator", "executor"})
"""Roles that a form gives: nobody has to hold them at first."""


def offered(processes: Iterable[Process], told: Sequence[Scenario], folder: str) -> tuple[Member, ...]:
    """Those of the folder's first scenario, then the missing ones. Nobody is late here: all can be chosen at once."""
    known = next((one.people for one in told if one.folder == folder), ())
    people = {one.name: _here(one) for one in known}
    held = {role.get("role") for one in people.values() for role in one.roles}
    for role in _roles(processes):
        if role in _OFFERED and role not in people and not held & {role, *ALSO.get(role, ())}:
            people[role] = somebody(role)
    return tuple(people.values())


def somebody(role: str) -> Member:
    """A fictitious person of that role. KeyError for an unknown role."""
    ru, en, home, more = _OFFERED[role]
    return Member(role, (ru, en), home, "ru", ({"role": role, **more},), late=False)


def another(role: str, names: tuple[str, str], home: str, taken: Iterable[str]) -> Member:
    """A further person of that role, under a name that nobody has yet."""
    short = next(name for n in range(2, 1_000) if (name := f"{role}_{n}") not in set(taken))
    within = {"organisation": home} if role in ("chair", "member", "national_secretariat", "representative") else {}
    return Member(short, names, home, "ru", ({"role": role, **within},), late=False)


def may(member: Member, role: str | None, person: str | None) -> bool:
    """Whether somebody is asked by a task: named by it, or of its role."""
    if person is not None:
        return person == f"${member.name}"
    wanted = ALSO.get(role or "", (role,))
    return any(held.get("role") in wanted for held in member.roles) or (role in OF_A_COURSE and member.name == role)


def _here(one: Member) -> Member:
    return Member(one.name, one.names, one.home, one.locale, one.roles, late=False)


def _roles(processes: Iterable[Process]) -> list[str]:
    """Of the lanes and of starts, each once, in the order in which they are met."""
    found: dict[str, None] = {}
    for process in processes:
        found |= dict.fromkeys(process.start.roles if process.start else ())
        found |= dict.fromkeys(one.role for one in process.elements.values() if one.role and one.form)
    return list(found)
