"""Start the worker as an ordinary process, with the rights of whoever starts it.

For learners who check their own work, on any system, and for `kerasedu grade --sandbox none`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from kerasedu.grading.sandbox.bubblewrap import WORKER
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.sandbox.watchdog import memory_of


class Unconfined:
    """Starts workers that nothing confines but the clock; of ``limits`` only the times hold."""

    def __init__(self, limits: Limits, keras: bool = False):
        self.limits, self.keras = limits, keras

    def with_keras(self) -> Unconfined:
        """The same for answers that use Keras."""
        return Unconfined(self.limits.for_keras(), keras=True)

    def memory(self, pid: int) -> int:
        """Bytes that a worker and what it started hold."""
        return memory_of(pid)

    def start(self) -> subprocess.Popen:
        """A worker that waits for frames on its stdin."""
        settings = json.dumps({"packages": [], "keras": self.keras, "user": 0, "limits": {}})
        return subprocess.Popen(
            [sys.executable, "-I", "-B", str(WORKER), settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )
