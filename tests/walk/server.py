"""The program's own processes, started as anybody starts them: a web server or several, workers, a database."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Servers:
    """Running processes and where they are reached."""

    folder: Path
    urls: list[str] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.urls[0]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A process of the command line, its output kept in the folder."""
        log = (self.folder / f"process-{len(self.processes)}.log").open("wb")
        environment = {**os.environ, "LANG": "en_GB.UTF-8", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "app.cli", *arguments, "--data", str(self.folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=environment)
        self.processes.append(process)
        return process

    def serve(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A web server, waited for until it answers."""
        port = free_port()
        process = self.start("demo", "--port", str(port), *arguments)
        url = f"http://127.0.0.1:{port}"
        wait_for(url, process, self.folder / f"process-{len(self.processes) - 1}.log")
        self.urls.append(url)
        return process

    def complaints(self) -> str:
        """The last tracebacks of all processes, for whoever looks for the reason of a failure."""
        logs = [path.read_text(errors="replace") for path in sorted(self.folder.glob("process-*.log"))]
        return "\n".join(log[log.rindex("Traceback") :][-3000:] for log in logs if "Traceback" in log)

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
    """Until the address answers. RuntimeError with the end of the log if the process dies first."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text(errors='replace')[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"no answer from {url} in {seconds} s: {log.read_text(errors='replace')[-2000:]}")


@contextmanager
def running(
    web: int = 1, workers: int = 0, database: str = "", options: Sequence[str] = (), folder: Path | None = None
) -> Iterator[Servers]:
    """`web` servers (the first fills the database; its built-in worker is off when there are `workers` processes)."""
    with tempfile.TemporaryDirectory(prefix="coomet-") as temporary:
        servers = Servers(folder or Path(temporary))
        shared = ["--database", database] if database else []
        alone = ["--no-worker"] if workers else []
        try:
            servers.serve(*shared, *alone, *options)
            for _ in range(web - 1):
                servers.serve(*shared, "--no-worker", "--no-seed", *options)
            for _ in range(workers):
                servers.start("worker", "--demo", *shared)
            yield servers
        finally:
            servers.stop()
