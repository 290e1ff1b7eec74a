"""F13, F14, F15, F31 and X-4: letters through the worker to a mail server that misbehaves."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app.connectors.mail import Smtp, read_url
from app.courses import letters
from app.courses.letters import access, bounces
from app.courses.letters.models import Letter
from app.errors import Invalid
from app.identity import accounts, links
from app.identity.people import Details, create
from app.worker import Pace, Worker, work_off
from app.workflow import operations
from app.workflow.models import Incident, Job
from tests import smtp
from tests.conftest import TestClock
from tests.fault.test_leases import until
from tests.smtp import Post

Sessions = sessionmaker[Session]


@pytest.fixture(autouse=True)
def _letters(tmp_path: Path) -> None:
    links.install("a secret of the tests")
    for operation in letters.OPERATIONS:
        operations.register(operation)


def through(post: Post, folder: Path) -> None:
    box = Smtp(read_url(f"smtp+plain://127.0.0.1:{post.port}?connections=2"), "c@coomet.example", folder / "locks")
    letters.install(box, "https://courses.example")


def write(sessions: Sessions, count: int = 1) -> list[str]:
    """So many invitations, each to somebody else; their letters' ids."""
    made = []
    with sessions.begin() as session:
        for number in range(count):
            who = Details(f"Анна {number}", f"Anna {number}", f"anna{number}@example.org")
            person = create(session, who, "system:test")
            made.append(access.send_link(session, accounts.invite(session, person.id, "system:test")).id)
    return made


def letter(sessions: Sessions, ident: str) -> Letter:
    with sessions() as session:
        return session.get_one(Letter, ident)


@pytest.mark.requirement("X-4")
def test_f13_a_greylisted_letter_is_sent_again_under_its_message_id(
    sessions: Sessions, tmp_path: Path, moved_clock: TestClock
) -> None:
    with smtp.serving(Post(at_recipient=["451 4.7.1 Greylisted", "451 4.7.1 Greylisted"])) as post:
        through(post, tmp_path)
        (ident,) = write(sessions)
        for _ in range(4):
            work_off(sessions)
            moved_clock.move(hours=7)
    attempts = post.attempts["anna0@example.org"]
    print(
        f"F13: 2 answers of 451, attempts {attempts}, delivered {len(post.taken)}, Message-IDs {len(post.idents())}"
    )
    assert (attempts, len(post.taken)) == (3, 1)
    kept = letter(sessions, ident)
    assert kept.message_id in post.idents()
    assert kept.sent_at is not None
    assert (kept.attempts, kept.uncertain) == (3, 0)


@pytest.mark.requirement("X-4")
def test_f14_a_refused_recipient_is_one_attempt_and_an_incident_that_names_them(
    sessions: Sessions, tmp_path: Path, moved_clock: TestClock
) -> None:
    with smtp.serving(Post(refused={"anna1@example.org"})) as post:
        through(post, tmp_path)
        idents = write(sessions, 3)
        for _ in range(3):
            work_off(sessions)
            moved_clock.move(hours=7)
    print(
        f"F14: 1 of 3 recipients refused, attempts {dict(post.attempts)}, delivered {len(post.taken)}"
    )
    assert post.attempts == {"anna0@example.org": 1, "anna1@example.org": 1, "anna2@example.org": 1}
    assert len(post.taken) == 2
    with sessions() as session:
        (incident,) = session.scalars(sa.select(Incident)).all()
        assert "anna1@example.org" in incident.detail
        assert "550 5.1.1" in incident.detail
    assert letter(sessions, idents[1]).sent_at is None


@pytest.mark.requirement("X-4")
def test_f15_a_break_after_the_message_loses_nothing_and_duplicates_are_counted(
    sessions: Sessions, tmp_path: Path, moved_clock: TestClock
) -> None:
    with smtp.serving(Post(at_data=["drop", "250 OK", "drop", "250 OK", "250 OK"])) as post:
        through(post, tmp_path)
        idents = write(sessions, 4)
        for _ in range(4):
            work_off(sessions)
            moved_clock.move(hours=7)
    copies = post.idents()
    kept = [letter(sessions, ident) for ident in idents]
    doubled = sum(copies.values()) - len(copies)
    counted = sum(one.uncertain for one in kept)
    print(f"F15: 2 breaks injected, lost {4 - len(copies)}, duplicates {doubled}, counted by the program {counted}")
    assert set(copies) == {one.message_id for one in kept}
    assert doubled == counted == 2
    assert all(one.sent_at for one in kept)


@pytest.mark.requirement("X-4")
def test_f31_after_an_outage_no_more_letters_go_out_at_a_time_than_allowed(
    sessions: Sessions, tmp_path: Path, moved_clock: TestClock
) -> None:
    """Sixty letters are due in the same moment, eight threads of a worker want to send them."""
    with smtp.serving(Post(pause=0.01)) as post:
        through(post, tmp_path)
        write(sessions, 60)
        worker = Worker(sessions, Pace(threads=8, poll=0.05))
        worker.start()
        try:
            assert until(lambda: len(post.taken) >= 60)
        finally:
            worker.stop()
    print(f"F31: 60 letters due together, 8 threads, limit 2: peak {post.peak}, delivered {len(post.taken)}")
    assert post.peak <= 2
    assert max(post.idents().values()) == 1


@pytest.mark.requirement("X-4")
@pytest.mark.parametrize("many", [120, pytest.param(1000, marks=pytest.mark.slow)])
def test_f31_a_thousand_letters_due_at_once_are_each_delivered_once_within_the_limit(
    sessions: Sessions, tmp_path: Path, moved_clock: TestClock, many: int
) -> None:
    """Two workers of eight threads; one is stopped on the way, as when a site is updated, and another takes over."""
    with smtp.serving() as post:
        through(post, tmp_path)
        idents = write(sessions, many)
        running = [Worker(sessions, Pace(threads=8, poll=0.05)) for _ in range(2)]
        began = time.monotonic()
        for one in running:
            one.start()
        try:
            assert until(lambda: len(post.taken) >= many // 3, seconds=120)
            running.pop().stop()
            assert until(lambda: len(post.taken) >= many, seconds=240)
        finally:
            for one in running:
                one.stop()
        work_off(sessions)
    seconds = time.monotonic() - began
    print(f"F31: {many} letters due together, 16 threads, limit 2: peak {post.peak}, {seconds:.1f} s")
    assert post.peak <= 2
    copies = post.idents()
    assert (len(copies), max(copies.values())) == (many, 1)
    with sessions() as session:
        kept = session.scalars(sa.select(Letter).where(Letter.id.in_(idents))).all()
        assert {one.message_id for one in kept} == set(copies)
        assert all(one.sent_at is not None for one in kept)
        assert session.scalars(sa.select(Incident)).all() == []


def test_a_wrong_setting_is_one_incident_and_all_letters_wait(
    sessions: Sessions, tmp_path: Path, moved_clock: TestClock
) -> None:
    with smtp.serving() as post:
        box = Smtp(read_url(f"smtp://127.0.0.1:{post.port}"), "c@coomet.example", tmp_path / "locks")
        letters.install(box, "https://courses.example")
        write(sessions, 5)
        for _ in range(3):
            work_off(sessions)
            moved_clock.move(hours=7)
    with sessions() as session:
        (incident,) = session.scalars(sa.select(Incident)).all()
        waiting = session.scalars(sa.select(Job).where(Job.outcome.is_(None))).all()
    assert "STARTTLS" in incident.detail
    assert len(waiting) == 5


BOUNCE = """From: MAILER-DAEMON@mx.example
To: c@coomet.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; anna0@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <anna0@example.org>: no such
  mailbox\x1b[2J

--B
Content-Type: text/rfc822-headers

From: c@coomet.example
Message-ID: {ident}
Subject: x

--B--
"""


def test_a_bounce_marks_its_letter_once_and_opens_an_incident(sessions: Sessions, tmp_path: Path) -> None:
    with smtp.serving() as post:
        through(post, tmp_path)
        (ident,) = write(sessions)
        work_off(sessions)
    notice = BOUNCE.format(action="failed", ident=letter(sessions, ident).message_id).encode()
    for again in (notice, notice.replace(b"\n", b"\r\n")):
        with sessions.begin() as session:
            bounces.take(session, again)
    kept = letter(sessions, ident)
    assert kept.bounced_at is not None
    assert kept.bounce is not None
    assert "no such mailbox" in kept.bounce
    assert kept.bounce.isprintable()
    with sessions() as session:
        (incident,) = session.scalars(sa.select(Incident)).all()
    assert "anna0@example.org" in incident.detail


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no notification"),
        (b"Subject: out of office\r\n\r\nI am away", "no notification"),
        (BOUNCE.format(action="delayed", ident="<x@coomet-courses>").encode(), "still trying"),
        (BOUNCE.format(action="failed", ident="<other@example.org>").encode(), "no letter of this program"),
        (BOUNCE.format(action="failed", ident="").encode(), "no letter of this program"),
        (b"\xff\xfe\x00" * 1000, "no notification"),
        (
            b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n\n--B--",
            "no notif",
        ),
    ],
)
def test_what_is_no_bounce_of_ours_marks_nothing(sessions: Sessions, raw: bytes, said: str) -> None:
    with sessions() as session, pytest.raises(Invalid, match=said):
        bounces.take(session, raw)
