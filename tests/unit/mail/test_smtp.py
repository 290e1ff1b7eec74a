"""A letter on its way to a real server: encrypted, to one recipient, and clear words when it does not get there."""

import ssl
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from app.connectors.mail import Message, Smtp, Uncertain, read_url
from app.connectors.mail.smtp import Patience
from app.errors import OutOfOrder, PermanentFailure, TemporaryFailure
from tests import smtp
from tests.smtp import Post
from tests.unit.mail.test_mail import message

SENDER = "COOMET Courses <courses@coomet.example>"
HURRIED = Patience(answer=1, whole=1.5, turn=20)


def sender(url: str, folder: Path, trust: ssl.SSLContext | None = None, patience: Patience | None = None) -> Smtp:
    return Smtp(read_url(url), SENDER, folder / "locks", patience, trust)


def plain(post: Post, folder: Path, more: str = "") -> Smtp:
    return sender(f"smtp+plain://127.0.0.1:{post.port}{more}", folder)


def test_a_letter_arrives_as_it_was_written(tmp_path: Path) -> None:
    with smtp.serving() as post:
        plain(post, tmp_path).send(message(text=".точка в начале\n..две\nконец\n"))
    (taken,) = post.taken
    assert (taken.sender, taken.recipients) == ("courses@coomet.example", ("anna@example.org",))
    assert taken.mail["Subject"] == "Срок истек: «Калибровка гирь»"
    body = taken.mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [".точка в начале", "..две", "конец"]
    assert taken.content.isascii(), "every server takes it, also one without 8BITMIME"


def test_starttls_is_demanded_and_the_password_goes_encrypted(tmp_path: Path) -> None:
    made = smtp.certificate(tmp_path)
    with smtp.serving(starttls=made.server, password="p@ss/word") as post:
        url = f"smtp://user:{quote('p@ss/word', safe='')}@localhost:{post.port}"
        sender(url, tmp_path, made.trust).send(message())
    assert [one.encrypted for one in post.taken] == [True]


def test_smtps_speaks_tls_from_the_first_byte(tmp_path: Path) -> None:
    made = smtp.certificate(tmp_path)
    with smtp.serving(tls=made.server) as post:
        sender(f"smtps://localhost:{post.port}", tmp_path, made.trust).send(message())
    assert len(post.taken) == 1


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    with smtp.serving() as post, pytest.raises(OutOfOrder, match="offers no STARTTLS: nothing was sent"):
        sender(f"smtp://localhost:{post.port}", tmp_path).send(message())
    assert post.taken == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path, scheme: str) -> None:
    made = smtp.certificate(tmp_path)
    starttls, tls = (made.server, None) if scheme == "smtp" else (None, made.server)
    with smtp.serving(starttls=starttls, tls=tls) as post, pytest.raises(OutOfOrder, match="no trustworthy encryption"):
        sender(f"{scheme}://localhost:{post.port}", tmp_path).send(message())
    assert post.taken == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path) -> None:
    made = smtp.certificate(tmp_path, "elsewhere.example")
    with smtp.serving(starttls=made.server) as post, pytest.raises(OutOfOrder, match="no trustworthy encryption"):
        sender(f"smtp://localhost:{post.port}", tmp_path, made.trust).send(message())
    assert post.taken == []


def test_a_wrong_password_stops_all_letters_behind_one_incident_that_does_not_name_it(tmp_path: Path) -> None:
    made = smtp.certificate(tmp_path)
    with smtp.serving(starttls=made.server, password="right") as post, pytest.raises(OutOfOrder) as refused:
        sender(f"smtp://user:hunter2@localhost:{post.port}", tmp_path, made.trust).send(message())
    assert "refuses the user and password of SMTP_URL" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert refused.value.system == "mail"


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "421 4.3.2 Shutting down", "452 4.2.2 Mailbox full"])
def test_a_4xx_answer_is_tried_again(tmp_path: Path, answer: str) -> None:
    with smtp.serving(Post(at_recipient=[answer])) as post:
        with pytest.raises(TemporaryFailure, match=answer):
            plain(post, tmp_path).send(message())
        plain(post, tmp_path).send(message())
    assert len(post.taken) == 1


@pytest.mark.parametrize("at", ["at_recipient", "at_data"])
def test_a_5xx_answer_is_final_and_names_the_recipient(tmp_path: Path, at: str) -> None:
    with (
        smtp.serving(Post(**{at: ["550 5.1.1 No such mailbox"]})) as post,  # type: ignore[arg-type]  # one of two lists
        pytest.raises(PermanentFailure, match=r"anna@example.org is refused: 550 5.1.1 No such mailbox"),
    ):
        plain(post, tmp_path).send(message())
    assert post.taken == []


def test_a_break_after_the_message_is_uncertain(tmp_path: Path) -> None:
    with smtp.serving(Post(at_data=["drop"])) as post, pytest.raises(Uncertain, match="broke off before its answer"):
        plain(post, tmp_path).send(message())
    assert len(post.taken) == 1


def test_nobody_there_is_tried_again(tmp_path: Path) -> None:
    with smtp.serving() as post:
        pass
    with pytest.raises(TemporaryFailure, match="no connection"):
        plain(post, tmp_path).send(message())


def test_a_server_that_drips_is_cut_off_after_the_whole_time(tmp_path: Path) -> None:
    """Each byte comes in time, the line never ends: only the limit for the whole conversation helps."""
    with smtp.silent() as port:
        began = time.monotonic()
        with pytest.raises(TemporaryFailure):
            sender(f"smtp+plain://127.0.0.1:{port}", tmp_path, patience=HURRIED).send(message())
        assert time.monotonic() - began < 6


def test_what_the_server_says_cannot_forge_a_line_of_the_log_s61(tmp_path: Path) -> None:
    answer = "550 no\x1b[2J 2026-01-01 admin logged in\u2028x"
    with smtp.serving(Post(at_recipient=[answer])) as post, pytest.raises(PermanentFailure) as refused:
        plain(post, tmp_path).send(message())
    assert str(refused.value).isprintable()


EVIL = (
    "x\r\nBcc: all@evil.example",
    "x\nBcc: all@evil.example",
    "x\rBcc: all@evil.example",
    "=?utf-8?q?x=0D=0ABcc:_all@evil.example?=",
    "=?utf-8?b?eA0KQmNjOiBhbGxAZXZpbC5leGFtcGxl?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3D0D=3D0ABcc=3A_all=40evil=2Eexample=3F=3D?=",
    "=?utf-16?q?=0D=00=0A=00?=",
    "=?unknown?q?x?=",
    "=?utf-8?q?Anna?= <all@evil.example>",
    "Anna, all@evil.example",
    "Anna <all@evil.example>",
    '"Anna" <all@evil.example>, x',
    "x\0y",
    "x\u2028Bcc: all@evil.example",
    "x\x0bBcc: all@evil.example",
    "x\udcffy",
    "a" * 3000 + " Bcc: all@evil.example",
)


@pytest.mark.parametrize("field", ["to_name", "subject"])
@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_s59_no_text_becomes_a_header_or_a_recipient(tmp_path: Path, field: str, evil: str) -> None:
    """Refused, or neutral: one recipient in the session, the letter's own headers and no other."""
    with smtp.serving() as post, suppress(PermanentFailure):
        plain(post, tmp_path).send(message(**{field: evil}))
    for taken in post.taken:
        assert taken.recipients == ("anna@example.org",)
        mail = taken.mail
        assert len(mail["To"].addresses) == 1
        assert mail["To"].addresses[0].addr_spec == "anna@example.org"
        assert {name.lower() for name in mail} <= {
            "message-id", "from", "to", "subject", "date", "auto-submitted", "mime-version", "content-type",
            "content-language",
        }  # fmt: skip
        assert mail["Bcc"] is None


def test_s59_breaks_are_refused_and_encoded_words_stay_letters(tmp_path: Path) -> None:
    with smtp.serving() as post:
        for evil in (EVIL[0], EVIL[3], EVIL[4], EVIL[5], EVIL[12]):
            with pytest.raises(PermanentFailure):
                plain(post, tmp_path).send(message(subject=evil))
        plain(post, tmp_path).send(message(subject="=?utf-8?q?free?= of charge"))
    assert [str(one.mail["Subject"]) for one in post.taken] == ["= ?utf-8?q?free? = of charge"]


@pytest.mark.parametrize(
    "address",
    ["a@x.example,b@evil.example", "a@x.example\r\nRCPT TO:<b@evil.example>", "a@x.example> <b@evil.example",
     "a b@x.example", "@x.example", "a@", "a@x.example\0", "a@@x.example", "<a@x.example>", "a@x..example",
     "a@-x.example"],
)  # fmt: skip
def test_s59_an_address_is_one_address(tmp_path: Path, address: str) -> None:
    with smtp.serving() as post, pytest.raises(PermanentFailure):
        plain(post, tmp_path).send(message(to_address=address))
    assert not post.attempts, "not even asked"


def test_a_domain_in_cyrillic_is_reached_by_its_idna_name(tmp_path: Path) -> None:
    with smtp.serving() as post:
        plain(post, tmp_path).send(message(to_address="anna@метрология.рф"))
    assert post.taken[0].recipients == ("anna@xn--c1acidnijfg0a.xn--p1ai",) or post.taken[0].recipients[0].isascii()


def test_s60_a_name_is_no_markup_and_a_foreign_address_no_link() -> None:
    html = message(text='Курс «<a href="http://evil.example">x</a>»: http://evil.example/x https://courses.example/c/1').html
    assert "evil.example</a>" not in html
    assert "&lt;a href=" in html
    assert html.count("<a ") == 1
    assert '<a href="https://courses.example/c/1">' in html
    assert "https://courses.example.evil.example" in message(text="https://courses.example.evil.example/").html
    assert "<a " not in message(text="https://courses.example.evil.example/").html


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://mail.example", "must begin with"),
        ("smtp://", "name a host"),
        ("smtp://mail.example:port", "must be numbers"),
        ("smtp://mail.example?connections=0", "from 1 to 50"),
        ("smtp+plain://user:secret@mail.example", "never sent in the clear"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        read_url(url)
    assert "secret" not in str(refused.value)


def test_the_setting_is_read_with_its_usual_ports() -> None:
    assert [read_url(f"{scheme}://mail.example").port for scheme in ("smtp", "smtps", "smtp+plain")] == [587, 465, 25]
    made = read_url("smtp://u:p%40ss@mail.example?connections=7")
    assert (made.user, made.password, made.connections) == ("u", "p@ss", 7)
    assert "p@ss" not in repr(made)


SENDING = """
import sys
from pathlib import Path
from app.connectors.mail import Message, Smtp, read_url
box = Smtp(read_url(sys.argv[1]), "courses@coomet.example", Path(sys.argv[2]))
for number in range(4):
    box.send(Message(f"<{sys.argv[3]}.{number}@coomet-courses>", "Анна", "anna@example.org", "x", "x"))
"""


def send_all(box: Smtp, letters: list[Message]) -> None:
    for one in letters:
        box.send(one)


def test_f31_the_limit_holds_across_threads_and_processes(tmp_path: Path) -> None:
    """Two other processes and four threads send at the same time through a server that may have two at a time."""
    with smtp.serving(Post(pause=0.02)) as post:
        url = f"smtp+plain://127.0.0.1:{post.port}?connections=2"
        command = [sys.executable, "-c", SENDING, url, str(tmp_path / "locks")]
        others = [subprocess.Popen([*command, str(number)]) for number in range(2)]
        box = sender(url, tmp_path)
        letters = [Message(f"<here.{n}@x>", "Анна", "anna@example.org", "x", "x") for n in range(8)]
        threads = [threading.Thread(target=send_all, args=(box, letters[part::4])) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one.wait(240) for one in others] == [0, 0]
    print(f"F31: {len(post.taken)} letters by 3 processes in all and 4 threads, limit 2, peak {post.peak}")
    assert len(post.taken) == 16
    assert post.peak == 2
