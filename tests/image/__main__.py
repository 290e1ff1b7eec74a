"""`./run check-image`: is the Dockerfile right? Its own commands, in a clean Debian root; then the site starts there.

Needs root and debootstrap. Seconds and sizes of every part are printed; exit 0 only if everything held.
"""

import argparse
import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.image import dockerfile
from tests.image.dockerfile import Stage
from tests.image.roots import Failed, Root, build, connect, debootstrap, mounted
from tests.production.serving import HOST, SECRET
from tests.walk.server import ROOT, free_port

SETTINGS = {"SECRET_KEY": SECRET, "PUBLIC_URL": f"https://{HOST}", "TRUSTED_PROXIES": "1"}
PDF = """
import io
from pypdf import PdfReader
from app.connectors.documents import render
pdf = render("<p lang=ru>Лист согласования</p>", language="ru", title="Лист", assets={})
page = PdfReader(io.BytesIO(pdf)).pages[0]
fonts = [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]
print(len(pdf), "bytes;", "Лист" in page.extract_text(), *fonts)
"""
COMPILERS = ("gcc", "cc", "g++", "make", "node", "npm", "pip")


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:7.1f} s  {what}", flush=True)


def ignored(name: str, patterns: list[str]) -> bool:
    """The last pattern that fits decides, as Docker reads .dockerignore."""
    parts = name.split("/")
    heads = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    out = False
    for pattern in patterns:
        bare = pattern.removeprefix("!")
        tail = bare.removeprefix("**/")
        looked = parts if bare.startswith("**/") else heads
        if any(fnmatch.fnmatchcase(one, tail) for one in looked):
            out = not pattern.startswith("!")
    return out


def copy_context(target: Path) -> None:
    """What Docker would be sent: the files of the checkout that .dockerignore lets through."""
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    listed = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file() and not ignored(name, patterns):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def expect(held: bool, what: str, said: str = "") -> None:
    if not held:
        raise Failed(f"{what}: {said.strip()[-2000:]}")


def check(stage: Stage, root: Root, folder: Path) -> None:
    """The finished image: who it runs as, what it lacks, and that it serves."""
    expect(not root.user.startswith("root"), "the image must not run as root")
    for name in COMPILERS:
        expect(root.run(["/bin/sh", "-c", f"command -v {name}"]).returncode != 0, f"{name} is in the final image")
    written = root.run(
        ["/bin/sh", "-c", "find / -xdev -type d -writable -not -path '/proc/*' -not -path '/dev/*'"]
    ).stdout
    allowed = ("/data", "/tmp", "/var/tmp", "/run/lock", "/var/lock")
    expect(not [one for one in written.split() if not one.startswith(allowed)], "folders it may write to", written)
    entry = stage.last("ENTRYPOINT").list()
    port = str(free_port())
    given = {**SETTINGS, "PORT": port, "LANG": "C.UTF-8"}
    with timed("migrate"):
        done = root.run([*entry, "migrate"], given)
        expect(done.returncode == 0, "migrate", done.stderr)
    log = folder / "serve.log"
    with timed("serve until the image's own health check says yes"):
        process = root.start([*entry, *stage.last("CMD").list()], given, log)
        try:
            wait(process, root, dockerfile.healthcheck(stage), given, log)
        finally:
            process.terminate()
            process.wait(40)
    with timed("a PDF with Cyrillic letters"):
        done = root.run(["python", "-c", PDF], given)
        expect(
            done.returncode == 0 and "; True" in done.stdout and "+" in done.stdout,
            "the PDF",
            done.stdout + done.stderr,
        )
        print(f"           {done.stdout.strip()}")
    with timed("backup"):
        done = root.run([*entry, "backup", "--out", "/data/backup.tar"], given)
        expect(done.returncode == 0, "backup", done.stderr)


def wait(process: "subprocess.Popen[bytes]", root: Root, command: list[str], given: dict[str, str], log: Path) -> None:
    for _ in range(120):
        expect(process.poll() is None, "serve ended", log.read_text(errors="replace"))
        if root.run(command, given).returncode == 0:
            return
        time.sleep(0.5)
    raise Failed(f"no answer: {log.read_text(errors='replace')[-2000:]}")


def size_of(root: Path) -> int:
    done = subprocess.run(["du", "-smx", str(root)], capture_output=True, text=True, check=False)
    return int(done.stdout.split()[0])


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run check-image", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    parser.add_argument("--debian", type=Path, help="a clean root made by debootstrap before, to be copied")
    arguments = parser.parse_args()
    if os.geteuid() != 0 or (shutil.which("debootstrap") is None and arguments.debian is None):
        print("check-image needs root and debootstrap (Debian: apt-get install -y debootstrap)", file=sys.stderr)
        return 2
    began = time.monotonic()
    try:
        megabytes = everything(arguments.debian)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    seconds = round(time.monotonic() - began)
    if arguments.json:
        print(json.dumps({"ok": True, "seconds": seconds, "megabytes": megabytes}))
    else:
        print(f"The image is right: {seconds} s, {megabytes} MB.")
    return 0


def everything(debian: Path | None) -> int:
    stages = dockerfile.read(ROOT / "Dockerfile")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coomet-image-", dir="/var/tmp")))
        clean = debian or folder / "debian"
        if debian is None:
            with timed("debootstrap"):
                debootstrap(clean)
        (folder / "context").mkdir()
        copy_context(folder / "context")
        roots: dict[str, Root] = {}
        for stage in stages:
            root = roots[stage.name] = Root(folder / f"stage-{stage.name}")
            subprocess.run(["cp", "-a", str(clean), str(root.path)], check=True)
            connect(root.path)
            stack.enter_context(mounted(root.path))
            with timed(f"stage {stage.name}"):
                build(stage, root, folder / "context", roots)
        last = roots[stages[-1].name]
        check(stages[-1], last, folder)
        return size_of(last.path)


if __name__ == "__main__":
    sys.exit(main())
