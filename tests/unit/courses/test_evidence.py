"""Sealing from time to time, copies outside that hold up nobody, exports from a database, and what they cost."""

import io
import json
import os
import re
import subprocess
import sys
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.audit import checkpoints, erasure, evidence, export, keyring, keys
from app.audit.checkpoints import Checkpoint
from app.audit.evidence import Entry
from app.audit.kinds import Kind
from app.config import Config
from app.connectors.mail import Mailbox
from app.courses.evidence import copies, exporting, install, sealing
from app.courses.evidence.exporting import Scope
from app.worker import work_off
from app.workflow.models import Incident, Job, Stop
from tests.conftest import TestClock

Sessions = sessionmaker[Session]


def settings(folder: Path, engine: Engine, **more: object) -> Config:
    url = engine.url.render_as_string(hide_password=False)
    return Config(mode="test", data_dir=folder, database_url=url, **more)  # type: ignore[arg-type]


def happen(sessions: Sessions, count: int = 1, stream: str = "i1") -> None:
    with sessions.begin() as session:
        evidence.many(session, [Entry("instance", stream, Kind.TASK_OPENED, "p1", {"n": n}) for n in range(count)])


def seal(sessions: Sessions, config: Config) -> Checkpoint | None:
    with sessions.begin() as session:
        return sealing.seal(session, config.key_file)


def open_incidents(sessions: Sessions) -> list[Incident]:
    with sessions() as session:
        return list(session.scalars(sa.select(Incident).where(Incident.closed_at.is_(None))))


def verify(*arguments: object) -> tuple[int, str]:
    command = [sys.executable, "-I", str(export.OFFLINE / "verify.py"), *map(str, arguments)]
    environment = {**os.environ, "LANG": "en", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


def test_sealing_waits_a_minute_or_a_thousand_events_and_never_without_news(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    config = settings(tmp_path, engine)

    def due() -> bool:
        with sessions() as session:
            return sealing.is_due(session)

    assert not due()
    happen(sessions)
    assert due()
    assert seal(sessions, config)
    moved_clock.move(minutes=5)
    assert not due()
    happen(sessions)
    assert due()
    assert seal(sessions, config)
    happen(sessions, 10)
    assert not due()
    happen(sessions, sealing.ENOUGH)
    assert due()
    assert config.key_file.stat().st_mode & 0o777 == 0o600


def test_a_lost_key_stops_sealing_not_work_and_is_one_incident(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    config = settings(tmp_path, engine)
    happen(sessions)
    seal(sessions, config)
    away = config.key_file.rename(tmp_path / "away")
    for _ in range(3):
        happen(sessions)
        assert seal(sessions, config) is None
    (incident,) = open_incidents(sessions)
    assert "EVIDENCE_KEY" in incident.message_ru
    assert not config.key_file.exists()
    away.rename(config.key_file)
    assert seal(sessions, config)
    assert open_incidents(sessions) == []


@pytest.mark.parametrize("damage", ["readable by others", "rubbish", "another key"])
def test_a_key_that_is_not_ours_alone_signs_nothing(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine, damage: str
) -> None:
    config = settings(tmp_path, engine)
    happen(sessions)
    seal(sessions, config)
    happen(sessions)
    if damage == "readable by others":
        config.key_file.chmod(0o644)
    elif damage == "rubbish":
        config.key_file.write_text("no key")
    else:
        config.key_file.unlink()
        keys.store(keys.generate(), config.key_file)
    assert seal(sessions, config) is None
    assert len(open_incidents(sessions)) == 1


def test_keys_change_hands_by_a_signed_event_also_when_the_program_dies_in_between(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    config = settings(tmp_path, engine)
    happen(sessions)
    seal(sessions, config)
    with sessions.begin() as session:
        new = keyring.rotate(session, config.key_file, "operator")
    assert keys.load(config.key_file).id != new.id  # the file takes over when it is next asked for
    made = seal(sessions, config)
    assert made
    assert made.key == new.id == keys.load(config.key_file).id
    with sessions() as session:
        keyring.rotate(session, config.key_file, "operator")
        session.rollback()
    happen(sessions)
    again = seal(sessions, config)
    assert again
    assert again.key == new.id


@pytest.mark.requirement("X-3")
def test_the_folder_outside_gets_every_checkpoint_also_those_made_while_it_was_away(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    outside = tmp_path / "outside"
    config = settings(tmp_path, engine, checkpoint_dir=outside)
    install(config, Mailbox(tmp_path / "mail"))
    for _ in range(3):
        happen(sessions)
        assert seal(sessions, config)
        work_off(sessions)
    (incident,) = open_incidents(sessions)  # one for the folder, however many checkpoints wait
    assert incident.element == copies.SYSTEM
    outside.mkdir()
    with sessions.begin() as session:
        session.execute(sa.delete(Stop))
    work_off(sessions)
    kept = sorted(outside.rglob("*.json"))
    with sessions() as session:
        assert [path.read_text() for path in kept] == [f"{one.line}\n" for one in checkpoints.since(session)]
        assert session.scalar(sa.select(sa.func.count()).select_from(Job).where(Job.outcome.is_(None))) == 0


def test_a_copy_that_tells_of_another_past_is_kept_and_reported(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    config = settings(tmp_path, engine, checkpoint_dir=outside)
    install(config, Mailbox(tmp_path / "mail"))
    happen(sessions)
    made = seal(sessions, config)
    assert made
    forged = outside / f"{made.at:%Y-%m}" / f"checkpoint-{made.size:012}.json"
    forged.parent.mkdir()
    forged.write_text("another past\n")
    work_off(sessions)
    assert forged.read_text() == "another past\n"
    (incident,) = open_incidents(sessions)
    assert "another past" in incident.detail


def test_mail_gets_the_newest_checkpoint_once_an_hour(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    config = settings(tmp_path, engine, checkpoint_mail="a@example.org, b@example.org")
    mailbox = Mailbox(tmp_path / "mail")
    install(config, mailbox)
    for _ in range(5):
        happen(sessions)
        last = seal(sessions, config)
        work_off(sessions)
        moved_clock.move(minutes=16)
    assert last
    letters = mailbox.messages("a@example.org")
    assert len(letters) == len(mailbox.messages("b@example.org")) == 2
    assert last.line in letters[0].text


@pytest.mark.requirement("X-3")
def test_an_export_with_its_copy_outside_verifies_and_erased_people_are_counted(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    config = settings(tmp_path, engine, checkpoint_dir=outside)
    install(config, Mailbox(tmp_path / "mail"))
    with sessions.begin() as session:
        for person in ("p1", "p2"):
            evidence.record(session, "person", person, Kind.PERSON_CREATED, "x", {}, {"name": person})
    seal(sessions, config)
    with sessions.begin() as session:
        erasure.forget(session, "p2")
        evidence.record(session, "person", "p2", Kind.PERSON_ERASED, "p1")
    seal(sessions, config)
    work_off(sessions)
    happen(sessions)
    file, opened = tmp_path / "x.zip", tmp_path / "x.jsonl"
    with export.snapshot(engine) as session, file.open("wb") as target, opened.open("w", encoding="utf-8") as text:
        exporting.write(session, Scope("all"), target, text)
    code, said = verify(file, "--checkpoints", outside, "--personal", opened)
    assert (code, "erased: 1;" in said) == (0, True), said
    assert "under no checkpoint yet: 1" in said
    assert "p2" not in opened.read_text()


def test_a_part_proves_itself_against_any_copy_outside(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    config = settings(tmp_path, engine, checkpoint_dir=outside)
    install(config, Mailbox(tmp_path / "mail"))
    for round_ in range(4):
        happen(sessions, 700, f"other-{round_}")
        happen(sessions, 3, "mine")
        seal(sessions, config)
        work_off(sessions)
    file = tmp_path / "part.zip"
    with export.snapshot(engine) as session, file.open("wb") as target:
        content = export.contents(session, {"kind": "instance", "id": "mine"}, {("instance", "mine")}, clock.now())
        counts = export.write(target, content)
    assert counts["events.jsonl"] == 12 + 1  # and the key's own
    code, said = verify(file, "--checkpoints", outside)
    assert code == 0, said
    assert "cannot be compared" not in said
    with zipfile.ZipFile(file) as archive:
        longest = max(len(json.loads(line)["path"]) for line in archive.read("events.jsonl").splitlines())
    assert longest <= 12


def test_what_sealing_exporting_and_verifying_cost_is_printed(
    sessions: Sessions, moved_clock: TestClock, tmp_path: Path, engine: Engine
) -> None:
    config = settings(tmp_path, engine)
    for number in range(20):
        happen(sessions, 1000, f"i{number}")
    began = time.perf_counter()
    assert seal(sessions, config)
    sealed = time.perf_counter() - began
    file = tmp_path / "x.zip"
    tracemalloc.start()
    with export.snapshot(engine) as session, file.open("wb") as target:
        exporting.write(session, Scope("all"), target)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    began = time.perf_counter()
    code, said = verify(file)
    checked = time.perf_counter() - began
    assert code == 0, said
    assert peak < 30_000_000  # the events themselves are more than that as objects
    rate = 20_001 / checked
    print(f"\n{engine.dialect.name}: checkpoint over 20,000 events {sealed:.2f} s; verified {rate:,.0f} events/s")
    print(f"export peak {peak / 1e6:.1f} MB, {file.stat().st_size / 1e6:.1f} MB on disk")


def test_a_directory_says_why_it_takes_nothing(tmp_path: Path) -> None:
    from app.errors import OutOfOrder

    with pytest.raises(OutOfOrder, match="is not a folder"):
        copies.Directory(tmp_path / "absent")([])
    (tmp_path / "file").write_text("")
    with pytest.raises(OutOfOrder, match="is not a folder"):
        copies.Directory(tmp_path / "file")([])


def test_the_command_line_exports_verifies_and_changes_the_key(
    sessions: Sessions, tmp_path: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli import main

    where = ["--data", str(tmp_path), "--database", engine.url.render_as_string(hide_password=False)]
    happen(sessions)
    assert main(["audit", "rotate-key", *where]) == 0
    file = tmp_path / "x.zip"
    assert main(["audit", "export", *where, "--out", str(file), "--with-personal"]) == 0
    assert re.search(r"\d+ events were written", capsys.readouterr().err)
    assert (tmp_path / "x.zip.personal.jsonl").stat().st_mode & 0o777 == 0o600
    assert main(["audit", "verify", str(file)]) == 0
    assert main(["audit", "export", *where, "--out", str(file)]) == 1
    assert "nothing is written over" in capsys.readouterr().err
    assert main(["audit", "export", *where, "--out", str(tmp_path / "y.zip"), "--course", "C-none"]) == 1
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        lines = archive.read("events.jsonl").decode()
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, lines.replace("task:opened", "task:closed") if name == "events.jsonl" else data)
    assert main(["audit", "verify", str(damaged)]) == 1
