"""Beginning a procedure from its page: rows, files and mistakes, with nothing lost on the way."""

import io
from pathlib import Path
from typing import Any

import pytest

from tests.web.client import Client, Page
from tests.web.conftest import ROOT, Enter

MATERIALS = ROOT / "app/demo/materials"
START = "/procedures/agreement"


def paper() -> tuple[io.BytesIO, str]:
    path = next(Path(MATERIALS).glob("*.pdf"))
    return io.BytesIO(path.read_bytes()), "Лекция «Гири».pdf"


def chosen(page: Page, name: str, words: str) -> str:
    return str(page.tree.xpath(f"//select[@name='{name}']/option[contains(., '{words}')]/@value")[0])


def answers(page: Page) -> dict[str, Any]:
    return {
        "nonce": page.value("nonce"),
        "title_ru": "Масса",
        "title_en": "Mass",
        "language": "ru",
        "initiator_kind": "nmi",
        "nmi": chosen(page, "nmi", "Белорусский"),
        "_rows": "coordinators.0",
        "coordinators.0.person": chosen(page, "coordinators.0.person", "Лукашевич"),
    }


def send(client: Client, fields: dict[str, Any], expect: int) -> Page:
    data = {"csrf_token": client.token(), **fields}
    answer = client.browser.post(START, data=data, content_type="multipart/form-data")
    assert answer.status_code == expect, answer.text[:3000]
    return Page(answer)


def test_a_course_is_registered_and_its_procedure_begins(enter: Enter) -> None:
    client = enter("admin-by")
    page = client.get(START)
    done = send(client, {**answers(page), "materials": paper()}, 303)
    assert done.location.startswith("/instances/")
    assert "Начато: Согласование курса." in client.get(done.location).text()
    assert "Масса" in client.get("/courses").text()


def test_a_file_stays_attached_when_something_else_is_wrong(enter: Enter) -> None:
    client = enter("admin-by")
    fields = answers(client.get(START))
    wrong = send(client, {**fields, "title_en": "", "materials": paper()}, 422)
    assert "Лекция «Гири».pdf" in wrong.text("//form")
    kept = wrong.value("materials")
    assert client.browser.get(f"/files/{kept}", buffered=True).status_code == 200
    assert enter("admin-kz").browser.get(f"/files/{kept}", buffered=True).status_code == 404
    nonce = {"nonce": wrong.value("nonce"), "materials": kept}
    assert send(client, {**fields, **nonce}, 303).location.startswith("/instances/")


def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(enter: Enter) -> None:
    client = enter("admin-by")
    fields = answers(client.get(START))
    page = send(client, {**fields, "materials": (io.BytesIO(b"MZ\x90\x00 not a pdf"), "materials.pdf")}, 422)
    assert page.tree.xpath("//div[@role='alert']//a[contains(@href, 'materials')]")


def test_rows_are_added_and_removed_without_scripts(enter: Enter) -> None:
    client = enter("admin-by")
    fields = answers(client.get(START))
    more = send(client, {**fields, "_add": "coordinators"}, 200)
    assert len(more.tree.xpath("//select[starts-with(@name, 'coordinators.')]")) == 2
    assert more.value("title_ru") == "Масса"
    again = client.get(START)
    assert len(again.tree.xpath("//select[starts-with(@name, 'coordinators.')]")) == 2, "kept as a draft"


def test_a_strangers_file_cannot_be_named(enter: Enter) -> None:
    """S39, S41: an id that the draft does not hold is no file."""
    mine = enter("admin-by")
    wrong = send(mine, {**answers(mine.get(START)), "title_en": "", "materials": paper()}, 422)
    other = enter("admin-kz")
    page = send(other, {**answers(other.get(START)), "materials": wrong.value("materials")}, 422)
    assert page.tree.xpath("//div[@role='alert']")


def test_a_form_without_its_nonce_is_refused(enter: Enter) -> None:
    client = enter("admin-by")
    fields = answers(client.get(START))
    send(client, {**fields, "nonce": "", "materials": paper()}, 422)


@pytest.mark.parametrize("path", [START, f"{START}/draft"])
def test_only_those_named_in_the_diagram_may_begin(enter: Enter, path: str) -> None:
    enter("chair-16").post(path, {}, expect=404)
