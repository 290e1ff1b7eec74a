"""The page of a procedure that has called others: its diagrams as a list, one of them drawn at a time."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from app.workflow.models import Instance
from tests.web.client import Page
from tests.web.conftest import Enter


def address(app: Flask, process: str = "creation", *, oldest: bool = True) -> str:
    """Of the demo's procedure that has come furthest, or of the one that has just begun."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    order = Instance.started_at if oldest else Instance.started_at.desc()
    with sessions() as session:
        query = sa.select(Instance.id).where(Instance.process == process, Instance.ended_at.is_(None))
        return f"/instances/{session.scalars(query.order_by(order).limit(1)).one()}"


def drawn(page: Page) -> list[str]:
    return [str(one).rsplit("/", 1)[1] for one in page.tree.xpath("//*[@data-island='viewer']/@data-source")]


def test_one_diagram_is_drawn_and_the_others_are_a_list_of_links(busy_site: Flask, enter_busy: Enter) -> None:
    client, where = enter_busy("admin-by"), address(busy_site)
    page = client.get(where)
    assert drawn(page) == ["creation"]
    links = page.tree.xpath("//nav[@aria-label='Диаграммы процедуры']//a")
    assert len(links) >= 4
    assert [
        str(one) for one in page.tree.xpath("//nav[@aria-label='Диаграммы процедуры']//a[@aria-current]/@href")
    ] == [f"{where}#diagram"]
    for link in links:
        one = client.get(str(link.get("href")).partition("#")[0])
        assert len(drawn(one)) == 1
        assert one.text("//h2[@id='chart']") in link.text_content()
        assert one.tree.xpath("//ol[@id='outline']/li"), "the outline says the same without JavaScript"
    called = page.links("diagram=agreement")
    assert len(called) >= 2, "the list and the step that calls the agreement lead to its diagram"


def test_a_list_says_where_the_work_stands(busy_site: Flask, enter_busy: Enter) -> None:
    page = enter_busy("admin-by").get(address(busy_site))
    states = {
        str(one.xpath("string(.//a/span/text())")).strip(): str(one.get("data-status"))
        for one in page.tree.xpath("//nav[@aria-label='Диаграммы процедуры']//li")
    }
    assert "here" in states.values()
    assert "done" in states.values(), states


def test_a_diagram_that_was_never_called_is_the_procedures_own(busy_site: Flask, enter_busy: Enter) -> None:
    client, where = enter_busy("admin-by", "en"), address(busy_site)
    for wanted in ("announcement", "nothing", "<script>"):
        assert drawn(client.get(f"{where}?diagram={wanted}")) == ["creation"]


def test_a_procedure_with_one_diagram_has_no_list(busy_site: Flask, enter_busy: Enter) -> None:
    page = enter_busy("admin-by").get(address(busy_site, "agreement", oldest=False))
    assert len(drawn(page)) == 1
    assert not page.tree.xpath("//nav[@aria-label='Диаграммы процедуры']")
