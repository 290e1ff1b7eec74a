"""Releases: published as a whole, never changed, never overwritten by folders that know less."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.errors import Conflict, Invalid
from app.workflow import releases
from app.workflow.models import Blob, Release
from app.workflow.releases import Refused
from tests.diagrams import diagram, user
from tests.scene import Scene, form

ONE = diagram("one", user("first"), flows="start first; first end")
TWO = diagram("two", user("first"), flows="start first; first end")


def write(root: Path, **diagrams: bytes) -> Path:
    schema, ui = form("note")
    for name, data in {
        "forms/note.schema.json": schema,
        "forms/note.ui.json": ui,
        "processes/README.md": b"a note that belongs to no release",
        **{f"processes/{name}/{name}.bpmn": data for name, data in diagrams.items()},
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def test_the_folders_publish_themselves_into_an_empty_database_only(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    write(tmp_path, one=ONE)
    with sessions.begin() as session:
        first = releases.publish_first(session, tmp_path)
        assert first is not None
        assert releases.publish_first(session, write(tmp_path, two=TWO)) is None
        assert releases.current(session) is first
        assert "processes/README.md" not in first.manifest


def test_unknown_folders_are_offered_and_compared_three_ways(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    with sessions.begin() as session:
        first = releases.publish_first(session, write(tmp_path, one=ONE))
        assert first is not None
        assert releases.offer(session, tmp_path) is None
        studio = {**releases.export(session, first.id), "processes/one/one.bpmn": ONE + b"\n"}
        releases.publish(session, studio, "analyst")
        assert releases.offer(session, tmp_path) is None, "the folders are what they were"
        (tmp_path / "processes/one/one.bpmn").write_bytes(ONE + b"\n\n")
        write(tmp_path, two=TWO)
        offered = releases.offer(session, tmp_path)
    assert offered is not None
    assert [(one.path, one.how, one.both) for one in offered.changes] == [
        ("processes/one/one.bpmn", "changed", True),
        ("processes/two/two.bpmn", "added", False),
    ]


def test_what_was_made_in_the_studio_is_not_overwritten_by_folders(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with sessions.begin() as session:
        first = releases.publish_first(session, write(tmp_path, one=ONE))
        assert first is not None
        with pytest.raises(Conflict, match="already published"):
            releases.publish_folders(session, tmp_path, "system:cli")
        releases.publish_folders(session, write(tmp_path, two=TWO), "system:cli", "two")
        releases.publish(session, releases.export(session, first.id), "analyst")
        with pytest.raises(Conflict, match="studio"):
            releases.publish_folders(session, tmp_path, "system:cli")


def test_findings_refuse_a_release_and_nothing_is_stored(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    broken = ONE.replace(b'form="note"', b'form="unknown"')
    with sessions.begin() as session:
        with pytest.raises(Refused) as caught:
            releases.publish(session, releases.read_folders(write(tmp_path, one=broken)), "analyst")
        assert {finding.file for finding in caught.value.findings} == {"processes/one/one.bpmn"}
        assert releases.current(session) is None


def test_a_release_goes_back_to_the_folders_byte_by_byte(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    files = releases.read_folders(write(tmp_path, one=ONE, two=TWO))
    with sessions.begin() as session:
        release = releases.publish(session, files, "analyst")
        assert releases.export(session, release.id) == files
        again = releases.publish(session, files, "analyst")
        assert (again.sha256, again.number) == (release.sha256, release.number + 1)


@pytest.mark.requirement("X-2")
def test_after_an_edit_a_new_course_takes_the_new_path_and_a_running_one_the_old(scene: Scene) -> None:
    first = scene.publish(one=diagram("one", user("first"), user("last"), flows="start first; first last; last end"))
    running = scene.start("anna", "one")
    edited = "start first; first second_reviewer; second_reviewer last; last end"
    scene.publish(one=diagram("one", user("first"), user("second_reviewer"), user("last"), flows=edited))
    scene.complete("anna", "first")
    assert scene.open() == ["last"]
    scene.complete("anna", "last")
    assert (scene.instance(running).release_id, scene.instance(running).status) == (first, "completed")
    scene.start("anna", "one")
    scene.complete("anna", "first")
    assert scene.open() == ["second_reviewer"]


def test_a_release_is_compiled_once_in_a_process(scene: Scene) -> None:
    release_id = scene.publish(one=ONE)
    with scene.sessions() as session:
        assert releases.load(session, release_id) is releases.load(session, release_id)


def test_a_release_published_before_the_check_became_stricter_goes_on(sessions: sessionmaker[Session]) -> None:
    """What was published then is not checked again: its instances must not stop with an update of the program."""
    files = {"processes/one/one.bpmn": diagram("one", user("first"), user("lonely"), flows="start first; first end")}
    assert any(finding.severity == "error" for finding in releases.check(files))
    manifest = releases.manifest_of(files)
    with sessions.begin() as session:
        old = Release(number=1, sha256="x", manifest=manifest, source="folders", by="anna", at=clock.now())
        session.add(old)
        session.add_all([Blob(sha256=manifest[path], data=data) for path, data in files.items()])
        session.flush()
        assert list(releases.load(session, old.id).specification.processes) == ["one"]


def test_a_path_that_would_leave_the_folders_is_no_file_of_a_release(tmp_path: Path) -> None:
    write(tmp_path, one=ONE)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "processes/link.bpmn").symlink_to(tmp_path / "secret")
    (tmp_path / "processes/.hidden.bpmn").write_text("x")
    assert sorted(releases.read_folders(tmp_path)) == [
        "forms/note.schema.json",
        "forms/note.ui.json",
        "processes/one/one.bpmn",
    ]


def test_refusals_are_answers_a_person_understands() -> None:
    assert isinstance(Refused([]), Invalid)
