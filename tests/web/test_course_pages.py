"""One course, one set of pages: its head on each of them, every part under a tab, its whole story without scripts."""

import pytest

from tests.web.addresses import Things
from tests.web.conftest import Enter

PARTS = ("", "/materials", "/sheets", "/documents", "/people", "/history")


@pytest.mark.parametrize("locale", ["ru", "en"])
def test_every_tab_leads_to_a_page_with_the_same_head(enter_busy: Enter, found: Things, locale: str) -> None:
    client = enter_busy("admin-by", locale)
    heads = set()
    for part in PARTS:
        page = client.get(f"/courses/{found.course}{part}")
        heads.add((page.heading, page.text("//p[@class='truth']"), page.text("//ol[@class='stages']")))
        tabs = [str(href) for href in page.tree.xpath("//nav[@class='tabs']/a/@href")]
        assert set(tabs) >= {f"/courses/{found.course}{one}" for one in PARTS}
        assert page.tree.xpath("//nav[@class='tabs']/a[@aria-current='page']/@href") == [
            f"/courses/{found.course}{part}"
        ]
    assert len(heads) == 1


def test_each_part_has_what_its_name_says(enter_busy: Enter, found: Things) -> None:
    client = enter_busy("admin-by", "en")
    base = f"/courses/{found.course}"
    assert client.get(f"{base}/materials").links(f"/files/{found.file}")
    assert client.get(f"{base}/sheets").links(f"/sheets/{found.sheet}")
    people = client.get(f"{base}/people").text("//table")
    assert all(part in people for part in ("Initiator", "Creator", "Coordinator", "Executor"))
    assert "registered the course" in client.get(f"{base}/history").text("//ol[@class='history']")


def test_the_history_turns_its_pages(enter_busy: Enter, found: Things, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.course_parts.LINES", 3)
    client = enter_busy("admin-by", "en")
    page, told = client.get(f"/courses/{found.course}/history"), 0
    while True:
        told += len(page.tree.xpath("//ol[@class='history']/li"))
        older = page.links("before=")
        if not older:
            break
        page = client.get(older[-1])
    monkeypatch.setattr("app.web.course_parts.LINES", 1000)
    whole = client.get(f"/courses/{found.course}/history")
    assert told == len(whole.tree.xpath("//ol[@class='history']/li")) > 3


def test_s38_whoever_may_not_see_the_course_sees_none_of_its_pages(enter_busy: Enter, found: Things) -> None:
    for who in ("guest", "creator-by"):
        client = enter_busy(who)
        for part in PARTS:
            client.get(f"/courses/{found.course}{part}", expect=404)
