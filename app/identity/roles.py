"""The roles of the recommendation (section 3, clauses 5–13) and of the program, and what a role is bound to."""

from collections.abc import Mapping

from app.i18n import Text

ROLES: Mapping[str, Text] = {
    "administrator": Text("Администратор раздела КООМЕТ", "COOMET section administrator"),
    "creator": Text("Создатель курса", "Course creator"),
    "coordinator": Text("Координатор курса", "Course coordinator"),
    "chair": Text("Председатель СОК", "Chair of the structural body"),
    "member": Text("Член СОК", "Structural body member"),
    "executor": Text("Исполнитель", "Executor"),
    "secretariat": Text("Секретариат КООМЕТ", "COOMET Secretariat"),
    "tc4_secretariat": Text("Секретариат ТК 4", "TC 4 Secretariat"),
    "national_secretariat": Text("Национальный секретариат", "National Secretariat"),
    "representative": Text("Представитель НМИ", "Representative of the NMI"),
    "analyst": Text("Аналитик процессов", "Process analyst"),
    "operator": Text("Оператор", "Operator"),
    "auditor": Text("Аудитор", "Auditor"),
}

IN_AN_ORGANISATION = frozenset({"chair", "member", "national_secretariat", "representative"})
"""Roles that exist only in an organisation: an appointment must name it."""

WITHIN_ORGANISATION = IN_AN_ORGANISATION | {"executor"}
"""Roles for which the task's organisation must be the appointment's (an executor may be named for all, clause 7.2).
For all others the organisation of a task only says whom it concerns."""

OF_A_SUBJECT = frozenset({"creator", "coordinator", "executor"})
"""Roles that a task about a subject (a course) gives only to those appointed for that subject. A general appointment
(an approved creator, clause 6.3) is enough where the task names the person."""
