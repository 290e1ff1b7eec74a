"""`./run screenshots`: the pictures of the READMEs, taken anew from the demo with its whole story.

The clock stands at the same moment and the window has the same size each time, so that a picture changes only with
what it shows; course numbers and names are those of the story.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from app.demo.seed import address
from tests.browser.conftest import ARGUMENTS, CHROMIUM

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
NOW = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
WIDTH, HEIGHT = 1280, 800
LARGEST = 150_000
"""Bytes of a picture."""
PLAYING = ("steps played", "Разыграно шагов")


def main() -> int:
    if CHROMIUM is None:
        sys.stderr.write("no Chromium here: apt-get install -y chromium\n")
        return 1
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))  # the demo beside it is to end as well
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for locale in ("en", "ru"):
            size = {"width": WIDTH, "height": HEIGHT}
            context = browser.new_context(base_url=base, viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
            context.add_cookies([{"name": "language", "value": locale, "url": base}])
            take_all(context.new_page(), locale)
            context.close()
        browser.close()
    return 0


def take_all(tab: Page, locale: str) -> None:
    """Inbox, a course in agreement, the monitoring of a published one."""
    enter(tab, "admin-by")
    tab.goto("/?view=roles")
    take(tab, f"inbox-{locale}")
    tab.goto(course(tab, "2026-006"))
    take(tab, f"course-{locale}")
    tab.goto(f"{course(tab, '2025-002')}/monitoring")
    take(tab, f"monitoring-{locale}")


def enter(tab: Page, key: str) -> None:
    tab.goto("/demo")
    tab.click(f"button[value='{address(key)}']")


def course(tab: Page, number: str) -> str:
    """Address of the course with that number."""
    tab.goto(f"/courses?q={number}")
    return str(tab.locator("main a[href*='/courses/0']").first.get_attribute("href"))


def take(tab: Page, name: str) -> None:
    """AssertionError for a picture that is too large for a README."""
    tab.evaluate("document.fonts.ready")
    path = PICTURES / f"{name}.png"
    tab.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    assert size < LARGEST, f"{path.name} has {size} bytes"
    sys.stdout.write(f"{path.relative_to(ROOT)}: {size} bytes\n")


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """A demo of its own whose story is told; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    offset = (NOW - datetime.now(UTC)).total_seconds()
    (folder / "clock-offset").write_text(str(offset))
    command = [sys.executable, "-m", "app.cli", "demo", "--port", str(port), "--data", str(folder)]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LANG": "en_GB.UTF-8"})
    try:
        base = f"http://127.0.0.1:{port}"
        wait(base, server)
        now = (NOW - datetime.now(UTC)).total_seconds()  # the time that the playing took is taken back
        (folder / "clock-offset").write_text(str(now))
        yield base
    finally:
        server.terminate()
        server.wait(60)


def wait(base: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 600
    while time.monotonic() < until:
        assert server.poll() is None, "the demo has ended"
        try:
            with urllib.request.urlopen(f"{base}/demo", timeout=10) as answer:
                text = answer.read().decode()
        except OSError:
            text = PLAYING[0]
        if not any(words in text for words in PLAYING):
            return
        time.sleep(1)
    raise AssertionError("the demo's story was not told in ten minutes")


if __name__ == "__main__":
    sys.exit(main())
