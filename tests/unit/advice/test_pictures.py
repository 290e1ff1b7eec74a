"""Pictures that would unpack to far more than a page can show; names of fonts."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest

from app.courses.advice import families
from app.courses.advice.advising import spans
from app.errors import Invalid
from app.files import looking
from app.files.sniff import sniff

SAMPLES = Path(__file__).parents[2] / "samples"


def png(width: int, height: int) -> bytes:
    """A valid picture of one colour, however large: rows of zeros pack a thousandfold."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, packed = zlib.compressobj(9), b""
    for _ in range(height):
        packed += packer.compress(bytes(1 + (width + 7) // 8))
    packed += packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.requirement("R6.6-b")
def test_s28_a_picture_bomb_is_refused_at_the_upload() -> None:
    bomb = png(30_000, 30_000)
    assert len(bomb) < 200_000
    with pytest.raises(Invalid) as refused:
        sniff(BytesIO(bomb), len(bomb), "splash.png")
    assert "30000 × 30000" in str(refused.value)


@pytest.mark.requirement("R6.6-b")
def test_a_picture_bomb_that_is_already_kept_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png(30_000, 30_000))
    assert looking.look(path, "png")["unread"] == "pixels"


def test_families() -> None:
    expected: Mapping[str, tuple[str, bool]] = {
        "ABCDEF+TimesNewRomanPS-BoldMT": ("TimesNewRoman", True),
        "Times New Roman": ("Times New Roman", True),
        "Times-Roman": ("Times", True),
        "Source Sans Pro Black": ("Source Sans Pro", False),
        "CMR12": ("CMR", True),
        "Calibri-LightItalic": ("Calibri", False),
        "ArialMT": ("Arial", False),
        "PT Serif": ("PT Serif", True),
    }
    assert {name: (families.family(name), families.has_serifs(name)) for name in expected} == expected
    assert families.has_serifs("Unknown-Bold", ["Unknown-Bold"])
    assert not families.has_serifs("Unknown-Bold")


def test_spans() -> None:
    assert spans([9, 1, 4, 3, 5]) == "1, 3–5, 9"


@pytest.mark.parametrize("name", ["splash-coffee.png", "splash-hubble.jpg", "splash-phone-portrait-ultrahdr.jpg"])
def test_pictures_of_people_are_taken(name: str) -> None:
    content = (SAMPLES / name).read_bytes()
    assert sniff(BytesIO(content), len(content), name).kind == name[-3:]


def test_s28_a_jpeg_that_claims_a_huge_frame_is_refused() -> None:
    content = bytearray((SAMPLES / "splash-hubble.jpg").read_bytes())
    at = next(i for i in range(len(content)) if content[i] == 0xFF and content[i + 1] in (0xC0, 0xC2))
    content[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    with pytest.raises(Invalid, match="60000 × 60000"):
        sniff(BytesIO(bytes(content)), len(content), "splash.jpg")
