"""A presentation of 100 MB: the limit is told beforehand, nothing hangs, memory stays flat, nothing is left behind."""

import os
import shutil
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from app.config import Config
from app.files.models import File
from tests.web.addresses import Things
from tests.web.client import Client
from tests.web.conftest import Enter

SAMPLE = Path(__file__).parents[1] / "samples" / "cyrillic-times.pptx"
MEGABYTE = 1 << 20
FLAT = 24 * MEGABYTE
"""What Python may hold more at any moment: a quarter of the file."""
PATIENCE = 60.0
"""Seconds, on a machine that does other things too."""
BOUNDARY = "boundary-of-the-test"


def presentation(path: Path, size: int) -> Path:
    """A sound presentation of just about that size, with a film that cannot be compressed."""
    with zipfile.ZipFile(SAMPLE) as source, zipfile.ZipFile(path, "w") as target:
        for one in source.infolist():
            target.writestr(one, source.read(one))
        film = os.urandom(MEGABYTE)
        with target.open(zipfile.ZipInfo("ppt/media/media1.mp4"), "w", force_zip64=True) as part:
            for _ in range(size // MEGABYTE):
                part.write(film)
    return path


def send(client: Client, where: str, path: Path) -> TestResponse:
    """The request's body lies on the disk, so that the test itself holds none of it."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{client.token()}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="lesson.pptx"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = path.with_suffix(".body")
    with path.open("rb") as source, body.open("wb") as target:
        target.write(head.encode())
        shutil.copyfileobj(source, target, MEGABYTE)
        target.write(f"\r\n--{BOUNDARY}--\r\n".encode())
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    with body.open("rb") as stream:
        size = body.stat().st_size
        return client.browser.post(where, input_stream=stream, content_length=size, content_type=kind)


@contextmanager
def flat_and_quick() -> Iterator[None]:
    tracemalloc.start()
    began = time.monotonic()
    try:
        yield
        seconds, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    print(f"{seconds:.1f} s, at most {peak / MEGABYTE:.1f} MB more")
    assert peak < FLAT, f"{peak / MEGABYTE:.0f} MB were held"
    assert seconds < PATIENCE, f"it took {seconds:.0f} s"


def stored(app: Flask) -> tuple[int, list[Path]]:
    """How many files there are, and what is left of uploads that came to nothing."""
    sessions: sessionmaker[Session] = app.extensions["sessions"]
    config: Config = app.extensions["config"]
    with sessions() as session:
        count = session.scalar(sa.select(sa.func.count()).select_from(File)) or 0
    return count, list(config.files.glob("incoming/*"))


@pytest.mark.requirement("R4.4-a")
def test_a_presentation_just_under_the_limit_is_taken(
    busy_site: Flask, enter_busy: Enter, found: Things, tmp_path: Path
) -> None:
    path = presentation(tmp_path / "lesson.pptx", 99 * MEGABYTE)
    client, (before, _left) = enter_busy("ns-kz"), stored(busy_site)
    with flat_and_quick():
        answer = send(client, f"/courses/{found.course}/shared", path)
    assert answer.status_code == 303
    assert stored(busy_site) == (before + 1, [])
    sessions: sessionmaker[Session] = busy_site.extensions["sessions"]
    with sessions() as session:
        newest = session.scalars(sa.select(File).order_by(File.created_at.desc(), File.id.desc())).first()
        assert newest is not None
        assert (newest.kind, newest.size) == ("pptx", path.stat().st_size)


@pytest.mark.requirement("R4.4-a")
@pytest.mark.parametrize("size", [101, 120])
def test_a_presentation_over_the_limit_is_refused_with_the_limit_in_words(
    busy_site: Flask, enter_busy: Enter, found: Things, tmp_path: Path, size: int
) -> None:
    """Just over it is read and refused with its number; far over it not even that."""
    path = presentation(tmp_path / "lesson.pptx", size * MEGABYTE)
    client, before = enter_busy("ns-kz"), stored(busy_site)
    with flat_and_quick():
        answer = send(client, f"/courses/{found.course}/shared", path)
    assert answer.status_code == 413
    assert "100 МБ" in answer.text, "the limit is told"
    assert stored(busy_site) == before


def test_the_limit_is_told_before_the_upload(enter_busy: Enter) -> None:
    assert "100 МБ" in enter_busy("admin-by").get("/procedures/agreement").text("//form")
