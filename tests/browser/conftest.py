"""A demo with its courses in a process of its own, and Debian's Chromium before it. Skips, saying why, without one."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as Tab

from app.demo.seed import address
from app.i18n import Locale

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Open = Callable[..., Tab]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the demo."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("browser")
    command = [sys.executable, "-m", "app.cli", "demo", "--recent", "--port", str(port), "--data", str(folder)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            _await(url, server, folder / "log")
            yield url
        finally:
            server.terminate()
            server.wait(30)


def _await(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{url}/demo", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the demo did not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install -y chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture
def open_as(browser: Browser, base: str) -> Iterator[Open]:
    """open_as("chair-16", "en", width=360, theme="dark") is a tab in which that persona is signed in."""
    contexts: list[BrowserContext] = []

    def begin(key: str = "", locale: Locale = "ru", width: int = 1440, theme: Any = "light", **options: Any) -> Tab:
        phone = {"has_touch": True, "is_mobile": True} if width < 600 else {}
        size = {"width": width, "height": 780 if phone else 900}
        context = browser.new_context(
            base_url=base, viewport=size, color_scheme=theme, **phone, **options  # type: ignore[arg-type]  # as documented
        )
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "language", "value": locale, "url": base}])
        contexts.append(context)
        tab = context.new_page()
        if key:
            tab.goto("/demo")
            tab.click(f"button[value='{address(key)}']")
        return tab

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where screenshots are kept to be looked at."""
    folder = Path(os.environ.get("TEST_ARTIFACTS", Path(__file__).parent / ".artifacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
