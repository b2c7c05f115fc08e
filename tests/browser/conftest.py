"""A page of the browser, and JupyterLab as a learner and as a teacher start it."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

START_SECONDS = 120
WAIT_MILLISECONDS = 90_000


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(WAIT_MILLISECONDS)
    expect.set_options(timeout=WAIT_MILLISECONDS)
    yield page
    page.close()


@pytest.fixture
def keep(page, artefacts):
    """Keep a screenshot of the page under artefacts/."""
    return lambda name: page.screenshot(path=artefacts / f"{name}.png")


@pytest.fixture
def wait_for(page, artefacts):
    """Wait until a condition holds. If it never does, the message says what JupyterLab shows: so does a screenshot."""

    def wait(condition, state=lambda: "", seconds=WAIT_MILLISECONDS / 1000):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                page.screenshot(path=artefacts / "waited_in_vain.png")
                shown = page.locator("#jp-main-statusbar, .jp-Dialog").all_inner_texts()
                raise AssertionError(f"not within {seconds:g} s; JupyterLab shows {shown}. {state()}")
            time.sleep(0.3)

    return wait


@pytest.fixture(scope="session")
def free_port():
    """A port nobody listens on, below those that systems give out by themselves: it stays free until it is used."""
    untried = iter(range(18888, 19888))
    return lambda: next(port for port in untried if not _listens(port))


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def serve():
    """Start a command that serves JupyterLab; the address that it prints, token included. Stopped after the test."""
    started = []

    def start(command, folder):
        environment = os.environ | {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        alarm = threading.Timer(START_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        lines = []
        for line in process.stdout:
            lines.append(line)
            address = re.search(r"http://127\.0\.0\.1:(\d+)/lab\S*\?token=\w+", line)
            if address:
                while process.poll() is None and not _listens(int(address[1])):  # the address is printed before
                    time.sleep(0.1)
                alarm.cancel()
                threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would stop the server
                return address[0]
        raise AssertionError("no address printed:\n" + "".join(lines))

    yield start
    for process in started:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
