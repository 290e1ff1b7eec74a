"""The list of courses being created on paper and in a table: both languages, long names, nothing calculated (6.2)."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from sqlalchemy.orm import Session

from app.connectors import documents
from app.courses.documents import fonts, pages
from app.courses.planning import tables
from app.courses.planning.listing import Entry, Who
from app.engine import Json
from app.i18n import LOCALES, Locale, Text, use_locale
from tests.spreadsheets import read
from tests.unit.documents import paper

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
LONG = Text("Определение метрологических характеристик " * 5, "Determination of the characteristics " * 6)
PERSON = Who(Text("Мария Иванова", "Maria Ivanova"), Text("ВНИИМ", "VNIIM"), "+7 812 000 00 00, m@example.org")


def entry(number: int, title: Text) -> Entry:
    return Entry(
        course_id="c",
        number=f"2026-{number:03}",
        title=title,
        initiator=Text("ТК 1.6", "TC 1.6"),
        bodies=(Text("ТК 1.4", "TC 1.4"), Text("ТК 1.5", "TC 1.5")),
        year=2026,
        field="Масса",
        language="ru_en",
        format="ppt",
        contact=PERSON,
        creator=PERSON,
        coordinators=(PERSON, PERSON),
        stage="agreement",
        source="survey",
        remarks="Опрос 2026 года",
    )


LISTED = tables.Listed(
    2026, AT, [entry(n, LONG if n % 7 == 0 else Text(f"Курс {n}", f"Course {n}")) for n in range(1, 25)]
)


def rendered(session: Session, listed: tables.Listed, locale: Locale) -> pypdf.PdfReader:
    with use_locale(locale):
        given: dict[str, Json] = {"list": tables.as_facts(session, listed), "document": {"title": str(listed.title)}}
        html = pages.compose(paper.release(), "planning", "register", locale, given)
        page = documents.Page(html, locale, str(listed.title))
    assets = {**fonts.read(paper.ROOT / "app" / "web" / "static" / "dist"), **pages.assets(paper.release(), "planning")}
    return pypdf.PdfReader(io.BytesIO(documents.render_all([page], assets)[0]))


@pytest.mark.requirement("R6.2-a")
@pytest.mark.parametrize("locale", LOCALES)
def test_many_courses_are_a_document_whose_head_is_on_every_page(session: Session, locale: Locale) -> None:
    made = rendered(session, LISTED, locale)
    assert len(made.pages) > 2
    head = {"ru": "Инициатор", "en": "Initiator"}[locale]
    for number, page in enumerate(made.pages, 1):
        box = page.mediabox
        assert box.width > box.height
        text = page.extract_text()
        assert head in text or number == len(made.pages)
        assert f"{number}" in text
    whole = " ".join(page.extract_text() for page in made.pages)
    assert all(f"2026-{number:03}" in whole for number in range(1, 25))
    root: Any = made.trailer["/Root"]
    assert root["/Lang"].startswith(locale)
    assert root["/MarkInfo"]["/Marked"]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_year_without_courses_says_so(session: Session, locale: Locale) -> None:
    text = rendered(session, tables.Listed(2030, AT, []), locale).pages[0].extract_text()
    assert {"ru": "нет курсов", "en": "no courses"}[locale] in " ".join(text.split())


@pytest.mark.requirement("R6.2-a")
@pytest.mark.parametrize("title", ['=HYPERLINK("http://evil")', "+7", "-1+1", "@SUM(A1)"])
def test_s62_no_cell_of_the_list_is_calculated(title: str) -> None:
    listed = tables.Listed(2026, AT, [entry(1, Text(title, title))])
    with use_locale("ru"):
        sheet = read(tables.as_workbook(listed))["2026"]
        rows = list(csv.reader(io.StringIO(tables.as_csv(listed))))
    assert sheet.formulas == 0
    assert sheet.rows[1][1] == title
    assert rows[1][1] == f"'{title}"
    assert rows[0] == sheet.rows[0]
