"""Watch a running worker from outside: kill it, and all it started, when it takes too long or too much memory."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

TICK = 0.1
OUT_OF_TIME, OUT_OF_MEMORY = "time", "memory"


class Watchdog:
    """Kills ``process`` when a deadline passes or its processes together hold more than ``memory`` bytes.

    ``reason`` says which it was, once it has happened.
    """

    def __init__(self, process: subprocess.Popen, memory: int):
        self.process, self.memory = process, memory
        self.deadline: float | None = None
        self.reason: str | None = None
        self._done = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """End the worker."""
        self._done.set()
        kill(self.process)

    def _watch(self) -> None:
        while not self._done.wait(TICK):
            if self.deadline is not None and time.monotonic() > self.deadline:
                self.reason = OUT_OF_TIME
            elif memory_of(self.process.pid) > self.memory:
                self.reason = OUT_OF_MEMORY
            if self.reason:
                return kill(self.process)


def kill(process: subprocess.Popen) -> None:
    """Kill a worker and its group of processes; a sandbox dies with the process that made it."""
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def memory_of(pid: int) -> int:
    """Bytes held by a process and its descendants, pages that several share counted once (PSS); 0 without /proc."""
    total, waiting = 0, [pid]
    while waiting:
        folder = Path("/proc", str(waiting.pop()))
        try:
            total += _proportional_set_size(folder)
            waiting += [int(child) for path in folder.glob("task/*/children") for child in path.read_text().split()]
        except (OSError, ValueError):  # it has ended
            continue
    return total


def _proportional_set_size(folder: Path) -> int:
    for line in (folder / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
