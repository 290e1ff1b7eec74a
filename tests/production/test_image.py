"""Dockerfile and Compose, as far as they can be read without Docker; `./run check-image` does the rest."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import Config
from tests.image import dockerfile
from tests.image.__main__ import ignored
from tests.walk.server import ROOT

FILE = dockerfile.read(ROOT / "Dockerfile")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
PATTERNS = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
OURS = ("web", "worker", "migrate")


def test_the_final_stage_installs_by_hash_and_runs_as_nobody_special() -> None:
    build, final = FILE
    installs = [
        step.rest for step in build.steps if step.word == "RUN" and "pip " in step.rest and " install " in step.rest
    ]
    assert installs
    assert all("--require-hashes" in line and "--only-binary :all:" in line for line in installs)
    assert final.last("USER").rest not in {"root", "0"}
    packages = " ".join(step.rest for step in final.steps if step.word == "RUN")
    assert "libpango" in packages
    assert "fonts-" in packages
    for tool in ("gcc", "build-essential", "python3-dev", "nodejs", "npm"):
        assert tool not in packages
    assert "readyz" in " ".join(dockerfile.healthcheck(final))


def test_no_secret_is_built_into_the_image() -> None:
    secret = {"SECRET_KEY", "MOODLE_TOKEN", "SMTP_URL", "SEAL_PASSWORD", "DATABASE_URL"}
    for stage in FILE:
        for step in stage.steps:
            assert step.word != "ENV" or not secret & {word.partition("=")[0] for word in step.list()}


@pytest.mark.parametrize(
    "name", ["data/coomet.db", ".git/config", "compose.env", "tests/conftest.py", ".venv/bin/python"]
)
def test_what_is_not_the_program_stays_out_of_the_image(name: str) -> None:
    assert ignored(name, PATTERNS)


@pytest.mark.parametrize("name", ["app/__init__.py", "processes/agreement/agreement.bpmn", "requirements.lock"])
def test_what_is_the_program_goes_into_the_image(name: str) -> None:
    assert not ignored(name, PATTERNS)


def test_an_instruction_that_is_not_known_is_not_skipped(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:bookworm-slim\nADD x y\n")
    with pytest.raises(ValueError, match="ADD"):
        dockerfile.read(tmp_path / "Dockerfile")


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
def test_compose_reads_its_file() -> None:
    line = ["docker-compose", "--env-file", "compose.env.example", "--profile", "demo", "config", "-q"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_compose_gives_settings_that_there_are_and_no_secret_of_its_own() -> None:
    for name in OURS:
        given = COMPOSE["services"][name]["environment"]
        assert set(given) <= {field.upper() for field in Config.__annotations__}
        for setting in ("SECRET_KEY", "SMTP_URL", "MOODLE_TOKEN"):
            assert given[setting] == f"${{{setting}:-}}"


def test_only_the_proxy_is_reached_from_outside_and_programs_cannot_write_their_own_files() -> None:
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    for name in OURS:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
    assert services["demo"]["profiles"] == ["demo"]
    assert int(services["database"]["image"].partition(":")[2].partition("-")[0]) >= 15
