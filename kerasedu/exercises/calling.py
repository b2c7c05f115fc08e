"""Call a learner's function so that whatever it does comes back as data: an answer, an error, an endless loop."""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from kerasedu.exercises.result import NOT_ANSWERED, RAISED, TOO_SLOW

PRINT_LIMIT = 10_000  # characters of a learner's output that are kept


@dataclass(frozen=True)
class Outcome:
    """What one call led to: a ``value``, or a ``fault`` (not answered, raised an error, too slow) with its ``detail``.

    ``changed`` names the arguments that are no longer what they were; ``printed`` and ``warned`` hold what the
    function wrote and what NumPy warned of.
    """

    value: Any = None
    fault: str | None = None
    error: str = ""
    detail: str = ""
    changed: tuple[str, ...] = ()
    printed: str = ""
    warned: tuple[str, ...] = ()


class TimeIsUp(BaseException):
    """Raised inside a learner's function; not an ``Exception``, so that ``except Exception`` lets it through."""


def call(function: Callable, arguments: dict[str, Any], seconds: float) -> Outcome:
    """The outcome of ``function(*arguments)`` on copies of the arguments, within ``seconds``."""
    copies = {name: _copy(value) for name, value in arguments.items()}
    output = _Output()
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn"):
        warnings.simplefilter("always")
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            outcome = _outcome(function, tuple(copies.values()), seconds)
        changed = tuple(name for name, value in arguments.items() if not _same(value, copies[name]))
    warned = tuple(dict.fromkeys(str(warning.message) for warning in caught))
    return Outcome(**{**vars(outcome), "changed": changed, "printed": output.getvalue(), "warned": warned})


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise ``TimeIsUp`` inside the block after ``seconds``, and again each second until it is left.

    It needs SIGALRM and the main thread; elsewhere (Windows, worker threads) the block runs without a limit.
    """
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(signum, frame):
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _outcome(function: Callable, arguments: tuple, seconds: float) -> Outcome:
    clock = contextlib.nullcontext() if getattr(function, "keeps_time", False) else time_limit(seconds)
    try:
        with clock:
            return Outcome(value=function(*arguments))
    except NotImplementedError:
        return Outcome(fault=NOT_ANSWERED)
    except TimeIsUp:
        return Outcome(fault=TOO_SLOW)
    except (Exception, SystemExit) as error:
        detail = f"{type(error).__name__}: {_shorten(str(error))}".rstrip(": ")
        line = getattr(error, "learners_line", "") or _learners_line(error.__traceback__, function)
        return Outcome(fault=RAISED, error=type(error).__name__, detail=f"{line}\n{detail}" if line else detail)


def _learners_line(traceback: TracebackType | None, function: Callable) -> str:
    """The last line of the learner's own code that the error passed through."""
    try:
        own_file = inspect.unwrap(function).__code__.co_filename
    except AttributeError:
        return ""
    line = ""
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if file == own_file:
            source = linecache.getline(file, traceback.tb_lineno).strip()
            line = f"line {traceback.tb_lineno} of its cell: {source}" if source else line
        traceback = traceback.tb_next
    return line


class _Output(io.StringIO):
    """Keeps the first characters written to it and lets the rest go."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINT_LIMIT - self.tell())])
        return len(text)


def _copy(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    return type(value)(_copy(item) for item in value) if isinstance(value, (list, tuple)) else value


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray):
        return before.shape == after.shape and before.dtype == after.dtype and before.tobytes() == after.tobytes()
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(_same(b, a) for b, a in zip(before, after))
    return True


def _shorten(text: str, length: int = 300) -> str:
    return text if len(text) <= length else f"{text[:length]} …"
