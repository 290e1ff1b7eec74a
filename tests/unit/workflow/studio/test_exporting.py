"""`./run export`: a release or the draft in the folders, byte by byte, and nothing overwritten unasked."""

from pathlib import Path

import pytest

from app import cli, db
from app.cli import exporting
from app.errors import Conflict
from app.workflow import releases
from app.workflow.studio import drafts
from tests.conftest import load_models
from tests.unit.workflow.test_releases import ONE, TWO, write

ONE_PATH = "processes/one/one.bpmn"
TWO_PATH = "processes/two/two.bpmn"


def test_releases_and_the_draft_are_written_and_read_back_the_same(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'site.db'}"
    engine = db.create_engine(url)
    load_models().create_all(engine)
    sessions = db.session_factory(engine)
    with sessions.begin() as session:
        first = releases.publish_first(session, write(tmp_path / "from", one=ONE))
        assert first is not None
        files = releases.export(session, first.id)
        releases.publish(session, {**files, ONE_PATH: ONE + b"\n"}, "anna", found=())
        drafts.save(session, drafts.open_draft(session, "anna"), TWO_PATH, TWO, 0, "anna")
    engine.dispose()
    shared = ["--database", url, "--data", str(tmp_path)]
    assert cli.main(["export", str(tmp_path / "newest"), *shared]) == 0
    assert releases.read_folders(tmp_path / "newest") == {**files, ONE_PATH: ONE + b"\n"}
    assert cli.main(["export", str(tmp_path / "first"), "--release", "1", *shared]) == 0
    assert releases.read_folders(tmp_path / "first") == files
    assert cli.main(["export", str(tmp_path / "draft"), "--draft", *shared]) == 0
    assert releases.read_folders(tmp_path / "draft")[TWO_PATH] == TWO
    assert cli.main(["export", str(tmp_path / "none"), "--release", "7", *shared]) == 1


def test_what_stands_there_is_replaced_only_when_asked_for_and_notes_stay(tmp_path: Path) -> None:
    write(tmp_path, one=ONE, two=TWO)
    files = {ONE_PATH: ONE + b"\n"}
    with pytest.raises(Conflict, match="--replace"):
        exporting.write(files, tmp_path, replace=False)
    exporting.write(files, tmp_path, replace=True)
    assert releases.read_folders(tmp_path) == files
    assert (tmp_path / "processes/README.md").exists()
    assert exporting.write(files, tmp_path, replace=False) == 0
