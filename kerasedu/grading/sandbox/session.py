"""The grader's end of a sandbox: run cells, fetch values, call functions, and notice when the sandbox is lost."""

from __future__ import annotations

import contextlib
import re
import secrets
import subprocess
import time
import warnings
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from kerasedu.exercises.calling import TimeIsUp
from kerasedu.grading.sandbox import wire
from kerasedu.grading.sandbox.limits import Limits
from kerasedu.grading.sandbox.watchdog import OUT_OF_MEMORY, OUT_OF_TIME, Watchdog

START_SECONDS = 30.0
# Texts that come from the sandbox are the learner's. These alone are NumPy's own for certain.
NUMPY_WARNING = re.compile(r"(divide by zero|invalid value|overflow|underflow) encountered in [\w. ]{1,40}")


class Launcher(Protocol):
    limits: Limits

    def with_keras(self) -> Launcher: ...

    def start(self) -> subprocess.Popen: ...

    def memory(self, pid: int) -> int: ...


class Lost(Exception):
    """The worker is gone; ``reason`` is "time", "memory", "ended" or "protocol"."""

    def __init__(self, reason: str):
        super().__init__(EXPLAINED[reason])
        self.reason = reason


EXPLAINED = {
    OUT_OF_TIME: "It took longer than the time limit. Is there a loop that never ends, or one over very many numbers?",
    OUT_OF_MEMORY: "It took more memory than there is for one submission.",
    "ended": "It ended the process that it ran in, or crashed it.",
    "protocol": "It wrote into the channel by which results are returned.",
}


class Raised(Exception):
    """A learner's code raised an error of a ``type``, with a ``message``, in a ``line`` of a ``cell``."""

    def __init__(self, type: str, message: str, cell: str, line: int):
        super().__init__(message)
        self.type, self.message, self.cell, self.line = type, message, cell, line


class Session:
    """One running worker.

    Arguments:
        launcher: starts it.
        disclose: whether to pass the texts of its errors on. Those of someone else's code may hold hidden inputs.
    """

    def __init__(self, launcher: Launcher, disclose: bool = False):
        self.limits, self.disclose = launcher.limits, disclose
        self.printed = ""
        self._sources: dict[str, str] = {}
        self._process = launcher.start()
        self._watchdog = Watchdog(self._process, launcher.memory, self.limits.memory)
        self.lost: Lost | None = None
        try:
            self._exchange(None, START_SECONDS)
        except Lost:
            notes = self._process.stderr.read(2_000).decode(errors="replace").strip()
            self.close()
            raise OSError(f"the worker did not start: {notes or 'no reason given'}") from None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and everything that it started."""
        self._watchdog.stop()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):  # what could not be written any more is of no use to anyone
                stream.close()

    def run(self, cell: str, source: str, seconds: float | None = None) -> None:
        """Run an answer cell.

        Raises:
            Raised: the cell raised an error.
            Lost: it took the worker with it.
        """
        self._sources[cell] = source
        reply = self._exchange({"op": "run", "cell": cell, "source": source}, seconds or self.limits.cell_seconds)
        self._raise_from(reply)

    def fetch(self, name: str) -> Any:
        """The value of a name; a ``Stub`` for a function.

        Raises:
            NameError: nothing is called so.
        """
        value = self._exchange({"op": "fetch", "name": name}, self.limits.cell_seconds).get("value")
        if isinstance(value, wire.Absent):
            raise NameError(f"name {name!r} is not defined", name=name)
        if isinstance(value, wire.Opaque) and value.kind == "function":
            return Stub(self, name)
        return value

    def call(self, name: str, arguments: tuple, seconds: float) -> Any:
        """The value of a call; arguments that the function changed are changed here too."""
        reply = self._exchange({"op": "call", "name": name, "arguments": arguments}, seconds)
        for text in reply.get("warned") or ():
            if isinstance(text, str) and (self.disclose or NUMPY_WARNING.fullmatch(text)):
                warnings.warn(text, RuntimeWarning, stacklevel=2)
        self._raise_from(reply)
        for change in reply.get("changed") or ():
            _mirror(change, arguments)
        return reply.get("value")

    def line(self, raised: Raised) -> str:
        """The line of the learner's cell that an error came from, as it stands in the notebook."""
        lines = self._sources.get(raised.cell, "").splitlines()
        if not 0 < raised.line <= len(lines):
            return ""
        return f"line {raised.line} of its cell: {lines[raised.line - 1].strip()}"

    def _exchange(self, message: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
        if self.lost:
            raise self.lost
        self._watchdog.deadline = time.monotonic() + seconds
        number = secrets.randbits(53) if message else None
        try:
            if message is not None:
                wire.write_frame(self._process.stdin, {**message, "id": number})
            reply = wire.read_frame(self._process.stdout)
            if reply.get("id") != number:
                raise wire.WireError("an answer to another question")
        except (EOFError, OSError, ValueError) as error:
            reason = "protocol" if isinstance(error, wire.WireError) else "ended"
            self._watchdog.stop()
            self.lost = Lost(self._watchdog.reason or reason)
            raise self.lost from None
        except BaseException:  # interrupted half-way: what comes next would be out of step
            self._watchdog.stop()
            self.lost = Lost(OUT_OF_TIME)
            raise
        self._watchdog.deadline = None
        self.printed = str(reply.get("printed") or "")
        return reply

    def _raise_from(self, reply: dict[str, Any]) -> None:
        raised = reply.get("raised")
        if isinstance(raised, dict):
            line = raised.get("line")
            texts = (str(raised.get(key, "")) for key in ("type", "message", "cell"))
            raise Raised(*texts, line=line if isinstance(line, int) else 0)
        if raised is not None:
            raise Raised("Exception", "", "", 0)


class Stub:
    """Stands for a learner's function: a call sends plain data into the sandbox and brings plain data back."""

    keeps_time = True  # so that whoever calls it need not

    def __init__(self, session: Session, name: str):
        self.session, self.name = session, name
        self.seconds = session.limits.function_seconds

    def __call__(self, *arguments: Any) -> Any:
        start = time.monotonic()
        try:
            return self.session.call(self.name, arguments, max(self.seconds, 0.01))
        except Lost as lost:
            if lost.reason == OUT_OF_TIME:
                raise TimeIsUp from None
            raise _named("ProcessEnded")(str(lost)) from None
        except Raised as raised:
            if raised.type == "NotImplementedError":
                raise NotImplementedError from None
            error = _named(raised.type)(raised.message if self.session.disclose else "")
            error.learners_line = self.session.line(raised)
            raise error from None
        finally:
            self.seconds -= time.monotonic() - start


def _named(name: str) -> Callable[[str], Exception]:
    """An exception type of that name: reports and known mistakes know errors by their names."""
    return type(name if name.isidentifier() and len(name) <= 40 else "Exception", (Exception,), {})


def _mirror(change: Any, arguments: tuple) -> None:
    """Make the change that a function made to one of its arguments, if it is one that can be made."""
    if not isinstance(change, tuple) or len(change) != 2 or not isinstance(change[0], int):
        return
    place, now = change
    old = arguments[place] if 0 <= place < len(arguments) else None
    if type(old) is not type(now):
        return
    if isinstance(old, list):
        old[:] = now
    elif isinstance(old, np.ndarray) and (old.shape, old.dtype) == (now.shape, now.dtype):
        np.copyto(old, now)
