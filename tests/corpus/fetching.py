"""Download the packages by their registries' own clients and lay out the diagrams, each once, by tool."""

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from tests.corpus.packages import PACKAGES, Package

ROOT = Path(__file__).parents[2]
ENDINGS = (".bpmn", ".dmn", ".bpmn2", ".bpmn.xml", ".bpmn20.xml")
LARGEST = 5 * 1024 * 1024
INDEX = "index.json"
SECONDS = 300


def fetch(folder: Path, say: Callable[[str], None]) -> int:
    """The number of different files now in the folder. A package that does not come is told and left out."""
    folder.mkdir(parents=True, exist_ok=True)
    index: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as place:
            archive = _download(package, Path(place))
            if archive is None:
                say(f"{package.label}: not to be had")
                continue
            found = _unpack(package, archive, folder, seen)
        index |= found
        say(f"{package.label}: {len(found)} files")
    (folder / INDEX).write_text(json.dumps(index, indent=1, sort_keys=True), "utf-8")
    return len(index)


def _download(package: Package, place: Path) -> Path | None:
    """The archive, if its hash is the one written down."""
    done = _pip(package, place) if package.registry == "pypi" else _npm(package, place)
    archives = sorted([*place.glob("*.tar.gz"), *place.glob("*.tgz")]) if done else []
    if not archives or hashlib.sha256(archives[0].read_bytes()).hexdigest() != package.sha256:
        return None
    return archives[0]


def _pip(package: Package, place: Path) -> bool:
    """The hash is checked before anything of the archive is looked at: pip asks a source archive for its metadata."""
    wanted = place / "wanted.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n", "utf-8")
    own = ROOT / ".tools" / "uv" / "bin" / "pip"
    pip = str(own) if own.exists() else shutil.which("pip") or "pip"
    options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--require-hashes", "--dest", str(place)]
    return _run([pip, "download", *options, "-r", str(wanted)], place)


def _npm(package: Package, place: Path) -> bool:
    npm = ROOT / ".tools" / "node" / "bin" / "npm"
    command = str(npm) if npm.exists() else shutil.which("npm") or "npm"
    return _run([command, "pack", "--silent", f"{package.name}@{package.version}"], place)


def _run(command: list[str], place: Path) -> bool:
    try:
        return subprocess.run(command, cwd=place, capture_output=True, timeout=SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _unpack(package: Package, archive: Path, folder: Path, seen: set[str]) -> dict[str, dict[str, str]]:
    """Only regular files with a known ending, under names of our own: nothing in an archive chooses where it lands."""
    found: dict[str, dict[str, str]] = {}
    with tarfile.open(archive) as packed:
        for member in packed:
            if not member.isfile() or member.size > LARGEST or not member.name.lower().endswith(ENDINGS):
                continue
            stream = packed.extractfile(member)
            content = stream.read() if stream else b""
            digest = hashlib.sha256(content).hexdigest()
            if digest in seen:
                continue
            seen.add(digest)
            suffix = ".dmn" if member.name.lower().endswith(".dmn") else ".bpmn"
            name = f"{digest[:16]}{suffix}"
            (folder / name).write_bytes(content)
            inside = str(PurePosixPath(*PurePosixPath(member.name).parts[1:]))
            found[name] = {"tool": package.tool("/" + inside), "package": package.label, "path": inside}
    return found
