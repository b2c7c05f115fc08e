"""Watch a running worker from outside: kill it, and all it started, when it takes too long or too much memory."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

TICK = 0.1
OUT_OF_TIME, OUT_OF_MEMORY = "time", "memory"


class Watchdog:
    """Kills ``process`` when a deadline passes or it takes too much memory.

    ``reason`` says which it was, once it has happened.

    Arguments:
        process: the worker.
        memory: says how many bytes it and all that it started hold.
        limit: how many they may hold.
    """

    def __init__(self, process: subprocess.Popen, memory: Callable[[int], int], limit: int):
        self.process, self.memory, self.limit = process, memory, limit
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
            elif self.memory(self.process.pid) > self.limit:
                self.reason = OUT_OF_MEMORY
            if self.reason:
                return kill(self.process)


def kill(process: subprocess.Popen) -> None:
    """Kill a worker and its group of processes; a sandbox dies with the process that made it."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
    process.wait()


def memory_of(pid: int) -> int:
    """Bytes held by a process and its descendants, pages that several share counted once (PSS); 0 without /proc."""
    total, waiting = 0, [pid]
    while waiting:
        process = waiting.pop()
        waiting += children_of(process)
        try:
            total += _proportional_set_size(Path("/proc", str(process)))
        except (OSError, ValueError):  # it has ended
            continue
    return total


def children_of(pid: int) -> list[int]:
    """Processes that a process started; none without /proc."""
    try:
        paths = Path("/proc", str(pid)).glob("task/*/children")
        return [int(child) for path in paths for child in path.read_text().split()]
    except OSError:
        return []


def _proportional_set_size(folder: Path) -> int:
    for line in (folder / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
