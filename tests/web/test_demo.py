"""The demo's own pages: what the clock has made due and is not done yet, and every letter of a full mailbox."""

import pytest
from flask import Flask

from app import worker
from app.connectors.mail import Mailbox
from app.connectors.mail.message import Message
from tests.web.conftest import Enter


def letter(number: int) -> Message:
    return Message(f"<{number}@tests.example>", "A", "a@b.example", f"Letter {number}", "Text")


@pytest.mark.requirement("X-8")
def test_the_clock_tells_whether_all_that_it_made_due_has_been_done(busy_site: Flask, enter_busy: Enter) -> None:
    client, sessions = enter_busy("operator", "en"), busy_site.extensions["sessions"]
    worker.work_off(sessions)
    done = client.get("/demo/clock")
    assert done.tree.xpath("//*[@data-due='0']")
    assert "Everything that is due by now has been done." in done.text("//main")
    client.post("/demo/clock", {"amount": "400", "unit": "days"})
    moved = client.get("/demo/clock")
    assert int(moved.tree.xpath("string(//*[@data-due]/@data-due)")) > 0
    assert "still being done" in moved.text("//main")
    worker.work_off(sessions)
    assert client.get("/demo/clock").tree.xpath("//*[@data-due='0']")


def test_the_mailbox_shows_every_letter_a_page_at_a_time(site: Flask, enter: Enter) -> None:
    box: Mailbox = site.extensions["demo_mailbox"]
    for number in range(201):
        box.send(letter(number))
    box.send(letter(7))
    client = enter("operator", "en")
    first = client.get("/demo/mailbox?to=a@b.example")
    (following,) = [link for link in first.links("/demo/mailbox?") if "page=2" in link]
    second = client.get(following)
    shown = {link for page in (first, second) for link in page.links("/demo/mailbox/")}
    assert (len(first.links("/demo/mailbox/")), len(shown)) == (200, 201)
    assert client.get("/demo/mailbox?page=9&to=a@b.example").links("/demo/mailbox/") == []
    twice = [one for one in box.messages() if one.message_id == letter(7).message_id]
    (told,) = client.get(f"/demo/mailbox/{twice[0].id}").tree.xpath("//*[@data-message-id]")
    assert (told.get("data-message-id"), told.get("data-copies")) == (letter(7).message_id, "2")
