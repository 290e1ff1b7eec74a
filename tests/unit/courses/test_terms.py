"""One term a thing (3.2): no text that people read uses another variant of a name or term of the recommendation."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from app.courses import recommendation, references
from app.identity.roles import ROLES

ROOT = Path(__file__).parents[3]
ABBREVIATIONS = {
    "ru": ("BIPM", "CBKT", "КООМЕТ", "НМИ", "РМО", "СОК", "ТК"),
    "en": ("BIPM", "CBKT", "COOMET", "NMI", "RMO", "SB", "TC"),
}
"""Clause 3.2, in the forms of the glossary."""
NOT_IN: dict[str, dict[str, str]] = {
    "ru": {
        r"\bCOOMET\b": "КООМЕТ",
        r"\b[Кк]оомет": "КООМЕТ",
        r"\bМБМВ\b|\bБИПМ\b": "BIPM",
        r"\bСВКТ\b|\bЦБКТ\b": "CBKT",
        r"\bНМИ(?:сы?|шк)\w*|\bNMIs?\b": "НМИ",
        r"\bRMO\b": "РМО",
        r"\bSBs?\b|\bCSB\b|структурн\w+ подразделен\w+": "СОК",
        r"\bТК-?\d|\bTC \d": "ТК 4",
        r"\bлист\w* (?:одобрения|утверждения|визирования)": "лист согласования",
        r"\bрецензи\w+|\bрецензент\w*": "экспертиза",
        r"\bстудент\w*|\bслушател\w*": "обучающийся",
        r"\bреференс\w*|\bдеплой\w*": "выпуск",
        r"\bключ\w* зачислени\w+": "ключ доступа",
        r"\bэлектронн\w+ письм\w+ приглашени\w+": "письмо-приглашение",
        r"\bэндпоинт\w*|\bтаск\w*\b|\bюзер\w*": "задача, пользователь",
    },
    "en": {
        r"\bКООМЕТ\b|\bCoomet\b|\bCOOMET's SB": "COOMET",
        r"\bBIMP\b|\bМБМВ\b": "BIPM",
        r"\bCBKT programme for RMO's\b|\bCВKT\b": "CBKT",
        r"\bNMI's\b(?! country| own)|\bnational metrology institutes?\b": "NMI",
        r"\bCSBs?\b|\bstructural (?:units?|subdivisions?)\b": "SB",
        r"\bTC-\d|\bTC\d|\bТК \d": "TC 4",
        r"\b(?:approval|coordination|visa) sheets?\b": "agreement sheet",
        r"\bpeer review\w*": "expert review",
        r"\bstudents?\b(?! \(learner\))": "learner",
        r"\benrollment\b": "enrolment",
        r"\bcatalogs?\b": "catalogue",
        r"\bactualiz\w+": "actualisation",
        r"\belearning\b|\be-Learning\b|\bE-learning\b(?! platform)": "e-learning",
        r"\bcontent responsible\b": "person responsible for the content",
        r"\bdeploy\w*": "publish a release",
    },
}
"""Variant -> the term to use. Quotations of the recommendation itself are not ours to change."""
MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[А-Яа-яЁё])[A-Za-zА-Яа-яЁё]+\b")
"""A word of both alphabets looks right and is found by nobody."""

Found = Iterator[tuple[str, str, str]]
"""Place, language, text."""


def of_catalogues() -> Found:
    for path in sorted((ROOT / "app/translations/ru").glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale="ru"):
                for language, text in (("en", message.id), ("ru", message.string)):
                    for one in (text,) if isinstance(text, str) else text or ():
                        yield path.name, language, str(one)


def of_forms() -> Found:
    for path in sorted((ROOT / "forms").glob("*.ui.json")):
        yield from pairs(path.name, json.loads(path.read_text("utf-8")))


def of_data() -> Found:
    for role in ROLES.values():
        yield from (("roles", "ru", role.ru), ("roles", "en", role.en))
    for document in references.FIRST.values():
        yield from (("references", "ru", document.title_ru), ("references", "en", document.title_en))
    for number, clause in recommendation.clauses().items():
        yield f"clause {number}", "en", clause.en


def pairs(place: str, value: Any) -> Found:
    """Every {"ru": …, "en": …} in it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("ru", "en") and isinstance(inner, str):
                yield place, name, inner
            else:
                yield from pairs(place, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from pairs(place, inner)


def of_templates() -> Found:
    """Letters and documents, without their places."""
    for path in sorted((ROOT / "processes").rglob("*.*.txt")) + sorted((ROOT / "processes").rglob("*.*.html")):
        text = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
        yield str(path.relative_to(ROOT)), path.suffixes[-2][1:], text


def of_diagrams() -> Found:
    for path in sorted((ROOT / "processes").rglob("*.bpmn")):
        text = path.read_text("utf-8")
        english = re.findall(r'<coomet:text lang="en"(?: name="([^"]*)")?[^>]*?(?:/>|>([^<]*)<)', text)
        russian = re.findall(r'<coomet:text lang="ru"[^>]*>([^<]*)<', text)
        russian += re.findall(r'<bpmn:\w+ [^>]*?name="([^"]*)"', text)
        yield path.name, "en", " \n ".join(" ".join(one) for one in english)
        yield path.name, "ru", " \n ".join(russian)


@cache
def texts() -> tuple[tuple[str, str, str], ...]:
    return (*of_catalogues(), *of_forms(), *of_templates(), *of_diagrams(), *of_data())


@pytest.mark.requirement("R3.2-a")
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_text_uses_another_variant_of_a_term(language: str) -> None:
    wrong = [
        f"{place}: {hit.group()!r} – the term is {term!r}"
        for place, spoken, text in texts()
        if spoken == language
        for variant, term in NOT_IN[language].items()
        for hit in re.finditer(variant, text)
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.requirement("R3.2-a")
def test_no_word_mixes_latin_and_cyrillic_letters() -> None:
    wrong = {f"{place}: {hit!r}" for place, _language, text in texts() for hit in MIXED.findall(text)}
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.requirement("R3.2-a")
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_abbreviation_of_the_clause_is_used_in_its_form(language: str) -> None:
    whole = "\n".join(text for _place, spoken, text in texts() if spoken == language)
    missing = [one for one in ABBREVIATIONS[language] if not re.search(rf"\b{one}s?\b", whole)]
    assert not missing


@pytest.mark.requirement("R3.2-a")
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Письмо COOMET"),
        ("ru", "Лист утверждения"),
        ("ru", "ТК4"),
        ("en", "A student of the course"),
        ("en", "TC-4"),
    ],
)
def test_a_variant_would_be_found(language: str, text: str) -> None:
    assert any(re.search(variant, text, re.IGNORECASE) for variant in NOT_IN[language])
