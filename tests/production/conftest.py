"""Data folders of a production installation, made once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.production.serving import run


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `./run migrate` leaves in an empty folder."""
    folder = tmp_path_factory.mktemp("installed")
    done = run(folder, "migrate")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def site_folder(installed: Path, tmp_path: Path) -> Path:
    shutil.copytree(installed, tmp_path / "site")
    return tmp_path / "site"
