"""S30: what is kept of a file's name."""

import pytest

from app.errors import Invalid
from app.files.names import clean_name, extension, shown


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Калибровка гирь (окончательный).pptx", "Калибровка гирь (окончательный).pptx"),
        ("Кали\u0438\u0306.pdf", "Калий.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\anna\\курс.pdf", "курс.pdf"),
        ("..\\..\\x.h5p", "x.h5p"),
        ("отчёт\u202efdp.exe", "отчётfdp.exe"),
        ("\u2066a\u200b\ufeff.pdf", "a.pdf"),
        ("نام\u200cه.pdf", "نام\u200cه.pdf"),
        (" a .pdf ", "a .pdf"),
        (".htaccess", ".htaccess"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("ж" * 296 + ".pdf", "ж" * 296 + ".pdf"),
    ],
)
def test_kept(raw: str, kept: str) -> None:
    assert clean_name(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        ".",
        "..",
        "a/",
        "a\r\nSet-Cookie: x=1.pdf",
        "a\0.pdf",
        "a\x1b[2J.pdf",
        "a\u2028.pdf",
        "a\ud800.pdf",
        "ж" * 301,
    ],
)
def test_refused(raw: str) -> None:
    with pytest.raises(Invalid):
        clean_name(raw)


def test_extension_is_what_comes_last() -> None:
    assert [extension(name) for name in ("a.PDF", "a.pdf.exe", "a", ".pdf", "a.")] == ["pdf", "exe", "", "", ""]


def test_a_name_in_a_message_is_short_and_printable() -> None:
    assert shown("a\x1b[2J\u202e") == "a\ufffd[2J\ufffd"
    assert len(shown("x" * 500)) == 80
