"""A served app and a browser that notes what pages load and complain about."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.rungwise.pages.fleet import make_database

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds that a server may take to start."""


def chromium() -> str | None:
    """The browser's program, if there is one."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Where there is none the test is skipped, or fails if ``CI_BROWSER_REQUIRED`` is 1."""
    program = chromium()
    if program is None:
        if os.environ.get("CI_BROWSER_REQUIRED") == "1":
            pytest.fail("There is no Chromium, and CI_BROWSER_REQUIRED=1 asks for one.")
        pytest.skip("there is no Chromium")
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program, args=[*arguments, "--no-first-run", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started as a person does on a machine without a screen, where nothing was ever set up."""
    folder = tmp_path_factory.mktemp("site")
    make_database(folder / "database")
    (folder / "home").mkdir()
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    given = {name: value for name, value in os.environ.items() if name != "DISPLAY" and not name.startswith("STREAMLIT_")}
    environment = {**given, "HOME": str(folder / "home"), "RUNGWISE_DATABASE": str(folder / "database")}
    address = f"http://localhost:{port}"
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait(address, server, folder / "log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
                if answer.read() == b"ok":
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"The app did not start: {log.read_text()}")
