"""Invented courses in every stage of the agreement, played by the demo's people over the last seven weeks."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.config import Config
from app.demo.stage import Stage, Values
from app.engine import Json


@dataclass(frozen=True, slots=True)
class Idea:
    """What a course is about and who takes part."""

    ru: str
    en: str
    file: str
    executor: str
    initiator: tuple[str, str] = ("nmi", "nmi-by-belgim")
    creator: str = "creator-by"
    administrator: str = "admin-by"


WEIGHTS = Idea("Калибровка гирь", "Calibration of weights", "calibration-of-weights.pdf", "executor-by")
GAS = Idea(
    "Измерение расхода природного газа",
    "Measuring the flow of natural gas",
    "gas-flow.pdf",
    "executor-ru",
    ("nmi", "nmi-ru-vniim"),
    "creator-ru",
)
LENGTH = Idea(
    "Концевые меры длины: поверка и калибровка",
    "Gauge blocks: verification and calibration",
    "gauge-blocks.pdf",
    "ns-kz",
    ("nmi", "nmi-kz-kazstandard"),
    "creator-kz",
    "admin-kz",
)
SCALES = Idea("Неавтоматические весы", "Non-automatic weighing instruments", "weighing.pdf", "executor-by")
BUDGET = Idea("Бюджет неопределенности", "Uncertainty budget", "uncertainty.pdf", "executor-by")
HEAT = Idea(
    "Термометры сопротивления",
    "Resistance thermometers",
    "resistance-thermometers.pdf",
    "chair-110",
    ("sb", "tc-1.10"),
    "creator-ru",
)


def load(config: Config, sessions: sessionmaker[Session]) -> None:
    """Play everything."""
    stage = Stage(config, sessions, clock.now() - timedelta(days=47))
    for play in (_gas, _weights, _length, _heat, _scales, _budget):
        play(stage)


def _register(stage: Stage, idea: Idea) -> str:
    kind, initiator = idea.initiator
    paper = stage.paper(idea.administrator, idea.file, "Source material of the demo", "Version 1")
    values: dict[str, Json] = {
        "title_ru": idea.ru,
        "title_en": idea.en,
        "language": "ru_en",
        "initiator_kind": kind,
        "nmi" if kind == "nmi" else "sb": initiator,
        "executor": stage.person(idea.executor),
        "creator": stage.person(idea.creator),
        "coordinators": [{"person": stage.person(idea.creator)}],
        "materials": [paper],
        "note": "Исходные материалы",
        "source_note": "Опрос НМИ и СОК",
    }
    return stage.begin(idea.administrator, "agreement", values)


def _propose(stage: Stage, idea: Idea, instance: str, bodies: dict[str, str]) -> None:
    """Name bodies and their parts; the administrator confirms the next day."""
    rows: list[Json] = [
        {"body": body, "part": part, "executor": stage.person(idea.executor)} for body, part in bodies.items()
    ]
    stage.act(idea.executor, instance, "propose", {"bodies": rows})
    stage.wait(1)
    stage.act(idea.administrator, instance, "confirm", {"decision": "confirm"})


def _send(stage: Stage, idea: Idea, instance: str, body: str, days: int) -> None:
    answer_by = (stage.moment + timedelta(days=days)).date().isoformat()
    words = "Просим рассмотреть материалы курса."
    stage.act(idea.executor, instance, "send", {"answer_by": answer_by, "message": words}, body)


def _decide(stage: Stage, key: str, instance: str, body: str, remarks: str = "", repeat: bool = False) -> None:
    values: dict[str, Json] = {"act": "consider", "conforms": "no" if remarks else "yes", "comments": remarks}
    stage.act(key, instance, "consider", values | ({"reworked": "yes"} if repeat else {}), body)


def _rework(stage: Stage, idea: Idea, instance: str, body: str, answers: list[str], version: int) -> None:
    paper = stage.paper(idea.executor, idea.file, "Source material of the demo", f"Version {version}")
    values: Values = {
        "answers": [{"answer": answer} for answer in answers],
        "materials": [paper],
        "note": "Учтены замечания структурного органа",
        "answer_by": (stage.moment + timedelta(days=9)).date().isoformat(),
        "message": "Ответы на замечания приложены.",
    }
    stage.act(idea.executor, instance, "rework", values, body)
    stage.act(idea.creator, instance, "follow", {"followed": "true"})


def _gas(stage: Stage) -> None:
    """Agreed at once and handed over: the archive has its package."""
    instance = _register(stage, GAS)
    stage.wait(1)
    _propose(stage, GAS, instance, {"tc-1.4": ""})
    _send(stage, GAS, instance, "tc-1.4", 12)
    stage.wait(5)
    _decide(stage, "chair-14", instance, "tc-1.4")
    stage.wait(1)
    stage.act(GAS.executor, instance, "confirm_final", {"confirmed": "true"})
    stage.wait(1)
    received: Values = {"creator": stage.person(GAS.creator), "received": "true"}
    stage.act(GAS.administrator, instance, "receive", received)


def _weights(stage: Stage) -> None:
    """One body in its second round, another one late."""
    stage.wait(2)
    instance = _register(stage, WEIGHTS)
    stage.wait(1)
    _propose(stage, WEIGHTS, instance, {"tc-1.6": "", "tc-1.5": "Раздел 3 / Section 3"})
    _send(stage, WEIGHTS, instance, "tc-1.6", 10)
    _send(stage, WEIGHTS, instance, "tc-1.5", 24)
    stage.wait(6)
    remarks = (
        "В разделе 2 не указан класс точности гирь по МОЗМ R 111.\n"
        "Таблица 4: поправка на выталкивающую силу воздуха посчитана для одной плотности.\n"
        "Нет примера бюджета неопределенности."
    )
    _decide(stage, "chair-16", instance, "tc-1.6", remarks)
    stage.wait(5)
    answers = ["Класс указан в начале раздела 2.", "Таблица пересчитана.", "Пример добавлен: приложение Б."]
    _rework(stage, WEIGHTS, instance, "tc-1.6", answers, 2)


def _length(stage: Stage) -> None:
    """The appointed member has it on the desk."""
    stage.wait(13)
    instance = _register(stage, LENGTH)
    stage.wait(1)
    _propose(stage, LENGTH, instance, {"tc-1.5": "", "tc-1.6": "Глава 5 / Chapter 5"})
    _send(stage, LENGTH, instance, "tc-1.5", 16)
    stage.wait(2)
    appointed: Values = {"act": "appoint", "member": stage.person("member-15")}
    stage.act("chair-15", instance, "consider", appointed, "tc-1.5")


def _heat(stage: Stage) -> None:
    """Initiated by a body that asks two others; one sheet is still to be sent."""
    stage.wait(1)
    instance = _register(stage, HEAT)
    stage.wait(1)
    _propose(stage, HEAT, instance, {"tc-1.4": "Глава 2 / Chapter 2"})


def _scales(stage: Stage) -> None:
    """The administrator is to confirm the bodies."""
    stage.wait(1)
    instance = _register(stage, SCALES)
    stage.wait(1)
    rows: list[Json] = [{"body": "tc-1.6", "part": "", "executor": stage.person(SCALES.executor)}]
    stage.act(SCALES.executor, instance, "propose", {"bodies": rows})


def _budget(stage: Stage) -> None:
    """Just registered: the executor is to propose the bodies."""
    stage.wait(1)
    _register(stage, BUDGET)
