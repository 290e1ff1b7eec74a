"""The appendices on paper: order, tables, boxes, pages, in both languages."""

from collections import Counter

import pytest
from sqlalchemy.orm import Session

from app.connectors import documents
from tests.unit.documents import paper

pytestmark = [
    pytest.mark.skipif(documents.available() is not None, reason="PDF cannot be made: Pango is missing"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

SHEET_RU = (
    "Приложение 1", "Лист согласования курса КООМЕТ в профильном СОК", "Калибровка гирь", "наименование курса КООМЕТ",
    "ТК 1.6", "наименование СОК, в который направляется курс на согласование", "Создатель курса КООМЕТ",
    "Наименование НМИ", "ВНИИМ", "ФИО", "Семен Создателев", "Контактные данные (тел., email)", "m.ivanova@example.org",
    "Предполагаемый координатор курса КООМЕТ", "Кира Координаторова", "Мария Иванова",
    "ПЕРВИЧНОЕ СОГЛАСОВАНИЕ КУРСА", "Председатель СОК или назначенный им член СОК", "Марк Массин",
    "соответствует международным документам в сфере ответственности СОК",
)  # fmt: skip
SHEET_EN = (
    "Appendix 1", "Agreement sheet for a COOMET course in the profile structural body (SB)", "Calibration of weights",
    "name of the COOMET course", "TC 1.6", "Creator of the COOMET course", "Name of the NMI", "Full name",
    "Semyon Sozdatelev", "Proposed coordinator of the COOMET course", "Kira Koordinatorova", "Maria Ivanova",
    "PRIMARY AGREEMENT OF THE COURSE", "Chair of the SB or SB member appointed by the chair",
    "conforms to the international documents in the SB’s field of responsibility",
)  # fmt: skip


@pytest.mark.requirement("RA1-a", "RA1-b", "RA1-c", "RA1-d", "RA1-e", "RA1-f", "RA1-h", "RA1-m", "X-5")
def test_a_sheet_of_one_round_has_the_whole_form_in_order(session: Session) -> None:
    made = paper.pdfs(session, paper.sheet(1))
    russian, english = paper.text(made["ru"]), paper.text(made["en"])
    assert paper.in_order(russian, *SHEET_RU, "Дата", "Подпись", "подтверждено электронно", "Системные данные")
    assert paper.in_order(english, *SHEET_EN, "Date", "Signature", "confirmed electronically", "System data")
    assert "23 ноября 2026, 10:05 (UTC+3)" in russian
    assert "23 November 2026, 10:05 (UTC+3)" in english
    assert paper.in_order(russian, "Рассмотреть до", "7 декабря 2026; прежде 1 декабря 2026: Совещание ТК")
    assert "ПОВТОРНОЕ" not in russian
    assert russian.count("☑") == 1
    assert russian.count("☐") == 1
    assert "ДА ☑" in russian
    assert "NO ☐" in english


@pytest.mark.requirement("RA1-g", "RA1-i", "RA1-j", "RA1-k", "RA1-l")
def test_four_rounds_repeat_the_second_section_with_its_number(session: Session) -> None:
    made = paper.pdfs(session, paper.sheet(4))
    headings = ("ПЕРВИЧНОЕ СОГЛАСОВАНИЕ КУРСА", "ПОВТОРНОЕ СОГЛАСОВАНИЕ КУРСА", "ПОВТОРНОЕ СОГЛАСОВАНИЕ КУРСА № 2",
                "ПОВТОРНОЕ СОГЛАСОВАНИЕ КУРСА № 3")  # fmt: skip
    assert paper.in_order(paper.text(made["ru"]), *headings)
    english = paper.text(made["en"])
    assert paper.in_order(english, "REPEAT AGREEMENT OF THE COURSE No 2", "REPEAT AGREEMENT OF THE COURSE No 3")
    for pdf in made.values():
        found = paper.text(pdf)
        assert found.count("☑") == found.count("☐") == 4 + 3  # conforms in each round, reworked in the repeat ones
        assert found.count("Ошибка на слайде 4") == 3
        assert len(paper.reader(pdf).pages) == 3
    assert [paper.text_of_page(made["ru"], n) for n in (1, 2, 3)] == [
        "страница 1 из 3", "страница 2 из 3", "страница 3 из 3",
    ]  # fmt: skip


@pytest.mark.requirement("RA2-a", "RA2-b", "RA2-c", "RA2-d", "RA2-e", "RA2-f", "RA2-g", "RA2-h", "R8.3-a")
@pytest.mark.parametrize("placed", [True, False])
def test_the_form_for_approval_ticks_one_box_of_each_pair(session: Session, placed: bool) -> None:
    made = paper.pdfs(session, paper.form(placed=placed))
    russian, english = paper.text(made["ru"], layout=True), paper.text(made["en"], layout=True)
    yes, no = "ДА ☑ НЕТ ☐", "ДА ☐ НЕТ ☑"
    assert paper.in_order(
        russian,
        "Приложение 2", "Форма для утверждения курса КООМЕТ", "Калибровка гирь", "Администратор раздела КООМЕТ",
        "Анна Администраторова", "Соответствие курса требованиям рекомендации КООМЕТ R/TR/XX:202_ в части:",
        f"надлежащее описание курса {yes}", f"качество содержания {yes if placed else no}",
        f"соблюдение авторского права {yes}", "Вывод: курс",
        f"может быть размещен на электронной обучающей платформе {yes if placed else no}",
        f"требует доработки {no if placed else yes}", "Дата", "Подпись", "ФИО",
        "подтверждено электронно", "2026-003/F1",
    )  # fmt: skip
    assert paper.in_order(english, "Appendix 2", "Form for approval of a COOMET course", "Conclusion: the course")
    assert ("Модуль 3: рисунок без источника" in russian) is not placed
    assert "417, https://training.example/course/view.php?id=417" in english


def test_names_of_200_characters_stay_on_the_paper(session: Session) -> None:
    shown = paper.sheet(1, title=paper.LONG, body=paper.LONG, creator=paper.person(paper.LONG_NAME))
    assert len(paper.LONG_NAME.ru) > 190
    for language, pdf in paper.pdfs(session, shown).items():
        whole = "".join(paper.text(pdf).split())
        assert "".join(paper.LONG.into(language).split()) in whole
        assert "".join(paper.LONG_NAME.into(language).split()) in whole
        assert len(paper.reader(pdf).pages) == 2


@pytest.mark.requirement("X-5")
def test_a_document_is_tagged_named_and_in_its_language(session: Session) -> None:
    for language, pdf in paper.pdfs(session, paper.sheet(2)).items():
        read = paper.reader(pdf)
        assert str(read.root_object["/Lang"]) == language
        assert read.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert read.metadata is not None
        assert read.metadata.title == f"Document {language}"
        assert 'pdfuaid:part="1"' in paper.xmp(pdf) or "<pdfuaid:part>1<" in paper.xmp(pdf)
        counted = Counter(paper.tags(pdf))
        assert counted["H1"] == 1
        assert counted["H2"] == 2
        assert (
            counted["Table"] == 2 + (3 + 4) + 1
        )  # head; reviewer, verdict, signature, once with "reworked"; system data
        assert counted["TH"] > 20
        assert paper.embedded(pdf)
        assert all(paper.embedded(pdf).values()), "every font is embedded"


def test_the_same_sheet_gives_the_same_bytes(session: Session) -> None:
    assert paper.pdfs(session, paper.sheet(2)) == paper.pdfs(session, paper.sheet(2))


def test_what_a_person_typed_stays_text(session: Session) -> None:
    typed = "</td><script>alert(1)</script><b>жирно</b> {{ sheet }} &amp; <link rel=attachment href=file:///etc/passwd>"
    shown = paper.sheet(1, part=typed)
    for pdf in paper.pdfs(session, shown).values():
        assert "".join(typed.split()) in "".join(paper.text(pdf).split())
        assert not paper.reader(pdf).attachments
