"""A message on the wire, and the mailbox that stands in for a server."""

import os
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from app.connectors.mail import Attachment, Mailbox, Message
from app.connectors.mail.message import as_email
from app.errors import PermanentFailure
from tests.conftest import TestClock


def message(ident: str = "<1@coomet-courses>", **changed: str) -> Message:
    values: dict[str, Any] = {
        "message_id": ident,
        "to_name": "Анна Администраторова",
        "to_address": "anna@example.org",
        "subject": "Срок истек: «Калибровка гирь»",
        "text": "Здравствуйте!\n\nОткройте https://courses.example/tasks/1?a=1&b=2.\nСпасибо <b>вам</b>.\n",
        "locale": "ru",
        "home": "https://courses.example",
    }
    return Message(**(values | changed))


def test_text_and_html_say_the_same_and_markup_is_escaped() -> None:
    html = message().html
    assert '<a href="https://courses.example/tasks/1?a=1&amp;b=2">' in html
    assert "Спасибо &lt;b&gt;вам&lt;/b&gt;." in html
    assert "<p>Здравствуйте!</p>" in html
    assert 'lang="ru"' in html


def test_a_message_survives_the_wire() -> None:
    mail = message_from_bytes(as_email(message(), "COOMET <c@coomet.example>").as_bytes(), policy=default)
    assert mail["Message-ID"] == "<1@coomet-courses>"
    assert mail["Subject"] == "Срок истек: «Калибровка гирь»"
    assert mail["To"].addresses[0].display_name == "Анна Администраторова"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Спасибо <b>вам</b>." in body.get_content()


@pytest.mark.parametrize("field", ["subject", "to_name", "message_id"])
def test_no_header_can_be_smuggled_in(field: str) -> None:
    with pytest.raises(PermanentFailure):
        as_email(message(**{field: "x\r\nBcc: all@example.org"}), "c@coomet.example").as_bytes()


def test_a_calendar_entry_is_attached() -> None:
    mail = as_email(message(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "c@coomet.example")
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["text/calendar"]


def test_the_mailbox_keeps_what_it_is_given_newest_first(tmp_path: Path, moved_clock: TestClock) -> None:
    box = Mailbox(tmp_path / "mail")
    assert box.messages() == []
    box.send(message("<1@x>"))
    moved_clock.move(minutes=1)
    box.send(message("<2@x>", to_address="boris@example.org", calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    assert [one.message_id for one in box.messages()] == ["<2@x>", "<1@x>"]
    assert [one.message_id for one in box.messages("ANNA@")] == ["<1@x>"]
    newest = box.get(box.messages()[0].id)
    assert newest is not None
    assert (newest.subject, newest.locale) == ("Срок истек: «Калибровка гирь»", "ru")
    assert newest.calendar is not None
    assert box.get("../secret") is None
    box.clear()
    assert box.messages() == []


def test_letters_of_one_second_stand_in_the_order_in_which_they_came(tmp_path: Path, moved_clock: TestClock) -> None:
    """A letter's Date has whole seconds; eight letters within one must not stand by the hashes of their names."""
    box = Mailbox(tmp_path)
    for number in range(8):
        box.send(message(f"<{number}@x>"))
        (path,) = (one for one in tmp_path.glob("*.eml") if f"<{number}@x>".encode() in one.read_bytes())
        os.utime(path, ns=(number, number))
    assert [one.message_id for one in box.messages()] == [f"<{number}@x>" for number in reversed(range(8))]


def test_a_second_copy_is_counted_under_the_same_id(tmp_path: Path) -> None:
    box = Mailbox(tmp_path)
    box.send(message())
    box.send(message())
    assert [one.copies for one in box.messages()] == [2]


def test_files_go_with_the_message_and_nothing_of_them_becomes_a_header() -> None:
    """A certificate in both languages (R10.3-a): each file whole, under the name that we gave it."""
    named = {one: f"certificate-1.{one}.pdf" for one in ("ru", "en")}
    files = tuple(Attachment(name, "application/pdf", b"%PDF-" + one.encode()) for one, name in named.items())
    mail = as_email(replace(message(), attachments=files), "COOMET <courses@coomet.example>")
    parts = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert [part.get_filename() for part in parts] == ["certificate-1.ru.pdf", "certificate-1.en.pdf"]
    assert [part.get_payload(decode=True) for part in parts] == [b"%PDF-ru", b"%PDF-en"]
    assert b"%PDF" not in repr(files[0]).encode()
    with pytest.raises(PermanentFailure):
        as_email(replace(message(), attachments=(Attachment("a\r\nBcc: x", "application/pdf", b""),)), "a@b.example")
