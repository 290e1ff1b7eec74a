"""Clean Debian roots on this machine, and what is done inside them."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.image.dockerfile import Stage, Step

NETWORK = ("PIP_", "SSL_", "NODE_EXTRA_CA", "REQUESTS_CA", "CURL_CA", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""How this machine reaches the package registries; handed in as `docker build` would be told."""
AUTHORITIES = "etc/ssl/certs/ca-certificates.crt"


class Failed(Exception):
    """A command of the image ended badly; the message is what a person should read."""


@dataclass(slots=True)
class Root:
    """A directory that is a Debian, with the settings that ENV, WORKDIR and USER have made so far."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root:root"

    def run(self, command: Sequence[str], more: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.line(command), env=self._around(more), capture_output=True, text=True, check=False)

    def start(self, command: Sequence[str], more: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as stream:
            return subprocess.Popen(self.line(command), env=self._around(more), stdout=stream, stderr=stream)

    def line(self, command: Sequence[str]) -> list[str]:
        there = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', self.folder]
        return [shutil.which("chroot") or "chroot", f"--userspec={self.user}", str(self.path), *there, *command]

    def _around(self, more: Mapping[str, str] | None) -> dict[str, str]:
        network = {name: value for name, value in os.environ.items() if name.upper().startswith(NETWORK)}
        path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        return {**network, **path, **self.environment, **(more or {})}

    def inside(self, path: str) -> Path:
        """Where a path of the image lies on this machine."""
        return self.path / str(Path("/", self.folder, path)).lstrip("/")


def debootstrap(target: Path) -> None:
    """Debian's smallest root."""
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"debootstrap: {(done.stderr or done.stdout).strip()[-600:]}")


def connect(target: Path) -> None:
    """Hand in this machine's way to the package registries."""
    shutil.copy("/etc/resolv.conf", target / "etc/resolv.conf")
    shutil.copy(f"/{AUTHORITIES}", target / AUTHORITIES)
    for folder in ("/opt/wheels", "/opt/pypi", "/opt/pypi-more"):  # a machine's own shelf of packages, if it has one
        if Path(folder).is_dir():
            (target / folder.lstrip("/")).mkdir(parents=True)
    if Path("/etc/pip.conf").exists():
        shutil.copy("/etc/pip.conf", target / "etc/pip.conf")


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """With the system's own folders, as a container has them."""
    done: list[Path] = []
    try:
        for name, how in (("proc", ["-t", "proc", "proc"]), ("dev", ["--bind", "/dev"])):
            line = ["mount", *how, str(root / name)]
            if subprocess.run(line, capture_output=True, check=False).returncode == 0:
                done.append(root / name)
        yield
    finally:
        for place in reversed(done):
            subprocess.run(["umount", "-l", str(place)], check=False)


def build(stage: Stage, root: Root, context: Path, others: Mapping[str, Root]) -> None:
    """Carry out the stage's instructions."""
    for step in stage.steps:
        if step.word == "RUN":
            done = root.run(["/bin/sh", "-c", step.rest])
            if done.returncode:
                raise Failed(f"RUN {step.rest}\n{(done.stdout + done.stderr).strip()[-3000:]}")
        elif step.word == "ENV":
            for word in step.list():
                name, _, value = word.partition("=")
                root.environment[name] = value
        elif step.word == "WORKDIR":
            root.folder = step.rest
            root.inside(".").mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY":
            _copy(step, root, context, others)
        elif step.word == "USER":
            root.user = f"{step.rest}:{step.rest}"


def _copy(step: Step, root: Root, context: Path, others: Mapping[str, Root]) -> None:
    words = step.list()
    source = context
    if words[0].startswith("--from="):
        source = others[words.pop(0).removeprefix("--from=")].path
    *names, target = words
    for name in names:
        found = source / name.lstrip("/")
        if not found.exists():
            raise Failed(f"COPY {name}: there is no such file for the image (see .dockerignore)")
        place = root.inside(target)
        if found.is_dir():
            shutil.copytree(found, place, symlinks=True, dirs_exist_ok=True)
        else:
            place = place / found.name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found, place)
