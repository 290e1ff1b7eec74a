"""Sheets and forms as data, their PDF, and what can be read back from it."""

import io
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
from sqlalchemy.orm import Session

from app.connectors import documents
from app.courses.approvals.printed import PrintedEdition, PrintedForm
from app.courses.documents import facts, fonts, pages
from app.courses.printed import PrintedChange, PrintedPerson, PrintedRemark, PrintedRound, PrintedSheet, heading
from app.i18n import LOCALES, Locale, Text, use_locale
from app.workflow import releases

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
VNIIM = Text("ФГУП «ВНИИМ им. Д.И. Менделеева»", "D.I. Mendeleyev Institute for Metrology (VNIIM)")
LONG = Text("Длинное название курса о взвешивании " * 5 + "и калибровке гирь", "A long title of a course " * 8)
CONTACT = "+7 812 000 00 00, m.ivanova@example.org"
LONG_NAME = Text("Константинопольский-Преображенский " * 5 + "Александр Всеволодович", "Featherstonehaugh " * 11)


def person(name: Text | None = None) -> PrintedPerson:
    return PrintedPerson(VNIIM, name or Text("Мария Иванова", "Maria Ivanova"), CONTACT)


def block(number: int, last: int) -> PrintedRound:
    agreed = number == last
    wrong = (PrintedRemark(1, "Нет ссылки на R 111", "Есть"), PrintedRemark(2, "Ошибка на слайде 4", ""))
    return PrintedRound(
        number=number,
        heading=heading(number),
        reviewer=person(Text("Марк Массин", "Mark Massin")),
        reworked=None if number == 0 else agreed,
        conforms=agreed,
        comments="Хорошо бы добавить рисунок." if agreed else "1. Нет ссылки на R 111\n2. Ошибка на слайде 4",
        remarks=() if agreed else wrong,
        decided_at=AT,
        due=date(2026, 12, 7),
        due_changes=(PrintedChange(date(2026, 12, 1), date(2026, 12, 7), "Совещание ТК", AT),) if number == 0 else (),
        version=number + 1,
        version_sha256=f"{number + 10:x}" * 64,
    )


def sheet(rounds: int, **changes: Any) -> PrintedSheet:
    """Agreed in the last of so many rounds, with two coordinators."""
    made = PrintedSheet(
        id="sheet",
        number="2026-003/1",
        course_id="course",
        title=Text("Калибровка гирь", "Calibration of weights"),
        body=Text("ТК 1.6 «Масса и связанные с ней величины»", "TC 1.6 “Mass and Related Quantities”"),
        part="",
        creator=person(Text("Семен Создателев", "Semyon Sozdatelev")),
        coordinators=(person(Text("Кира Координаторова", "Kira Koordinatorova")), person()),
        executor=person(Text("Игорь Исполнителев", "Igor Ispolnitelev")),
        initiator=VNIIM,
        state="agreed",
        chair=Text("Марк Массин", "Mark Massin"),
        agreed_at=AT,
        rounds=tuple(block(number, rounds - 1) for number in range(rounds)),
    )
    return replace(made, **changes)


def form(*, placed: bool, **changes: Any) -> PrintedForm:
    made = PrintedForm(
        id="form",
        number="2026-003/F1",
        course_id="course",
        title=Text("Калибровка гирь", "Calibration of weights"),
        administrator=person(Text("Анна Администраторова", "Anna Administratorova")),
        recommendation="R/TR/XX:202_",
        description=True,
        content=placed,
        copyright=True,
        may_place=placed,
        needs_rework=not placed,
        decided_at=AT,
        remarks="" if placed else "Модуль 2: нет единиц\nМодуль 3: рисунок без источника",
        repeat_agreement=False,
        version=2,
        version_sha256="b" * 64,
        platform_id=417,
        platform_url="https://training.example/course/view.php?id=417",
        sheet_numbers=("2026-003/1", "2026-003/2"),
        editions=(PrintedEdition("cbkt", Text("Руководство CBKT", "CBKT guidance"), "JCRB/CBKT-1", "2024"),),
        items={},
    )
    return replace(made, **changes)


@cache
def release() -> dict[str, bytes]:
    return releases.read_folders(ROOT)


def pdfs(session: Session, shown: PrintedSheet | PrintedForm) -> dict[Locale, bytes]:
    """The document in every language, as the job makes it."""
    is_sheet = isinstance(shown, PrintedSheet)
    folder, template = ("agreement", "appendix_1") if is_sheet else ("expert_review", "appendix_2")
    wanted = []
    for locale in LOCALES:
        with use_locale(locale):
            if isinstance(shown, PrintedSheet):
                data: facts.Facts = {"sheet": facts.of_sheet(session, shown)}
            else:
                data = {"form": facts.of_form(session, shown)}
            title = f"Document {locale}"
            html = pages.compose(release(), folder, template, locale, {**data, "document": {"title": title}})
            wanted.append(documents.Page(html, locale, title))
    given = {**fonts.read(ROOT / "app" / "web" / "static" / "dist"), **pages.assets(release(), folder)}
    return dict(zip(LOCALES, documents.render_all(wanted, given), strict=True))


def text(pdf: bytes, *, layout: bool = False) -> str:
    """What `pdftotext` finds, spaces made one; in reading order, or as laid out."""
    command = ["pdftotext", "-layout" if layout else "-nopgbrk", "-", "-"]
    return " ".join(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode().split())


def in_order(found: str, *wanted: str) -> bool:
    """Whether all of them stand in the text, one after another."""
    at = 0
    for one in wanted:
        at = found.find(one, at)
        if at < 0:
            raise AssertionError(f"{one!r} is missing or out of order in {found}")
        at += len(one)
    return True


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def tags(pdf: bytes) -> list[str]:
    """Structure elements, depth first: Document, H1, P, Table, TR, TH …"""
    return list(_walk(reader(pdf).root_object["/StructTreeRoot"]["/K"]))  # type: ignore[index]


def _walk(node: Any) -> Iterator[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _walk(one)
    elif isinstance(node, dict) and "/S" in node:
        yield str(node["/S"]).lstrip("/")
        if "/K" in node:
            yield from _walk(node["/K"])


def text_of_page(pdf: bytes, number: int) -> str:
    """The running text at the foot of a page, on the right."""
    found = " ".join(reader(pdf).pages[number - 1].extract_text().split())
    at = max(found.rfind("страница"), found.rfind("page"))
    return " ".join(found[at:].split()[:4])


def xmp(pdf: bytes) -> str:
    metadata = reader(pdf).root_object["/Metadata"]
    return metadata.get_data().decode()  # type: ignore[attr-defined,no-any-return]


def embedded(pdf: bytes) -> dict[str, bool]:
    """Font -> whether it is embedded, as `pdffonts` says."""
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return {line.split()[0]: line.split()[-5] == "yes" for line in listed.splitlines()[2:]}
