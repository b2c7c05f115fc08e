"""``ProgbarLogger``: how far the training is, and how good."""

from __future__ import annotations

import sys
import time

from kerasedu.callbacks.callback import Callback

_WIDTH = 20
_SECONDS_BETWEEN_UPDATES = 0.1


class ProgbarLogger(Callback):
    """Print one line an epoch to stdout; on a terminal it grows while the epoch runs.

    Everywhere else, a notebook or a file, only the finished line is printed. verbose 0 prints nothing, 2 the finished
    lines also on a terminal.

    Source: https://keras.io/api/callbacks/
    """

    def __init__(self) -> None:
        super().__init__()
        self.verbose = 1
        self.epochs = 1
        self.target: int | None = None
        self._in_fit = False
        self._epoch = 0

    def set_params(self, params):
        super().set_params(params)
        self.verbose = 1 if params.get("verbose", 1) == "auto" else params.get("verbose", 1)
        self.epochs = params.get("epochs", 1)
        self.target = params.get("steps") or None

    def on_train_begin(self, logs=None):
        self._in_fit = True

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch
        self._start()

    def on_test_begin(self, logs=None):
        if not self._in_fit:
            self._start()

    def on_predict_begin(self, logs=None):
        self._start()

    def on_train_batch_end(self, batch, logs=None):
        self._advance(batch + 1, logs)

    def on_test_batch_end(self, batch, logs=None):
        if not self._in_fit:
            self._advance(batch + 1, logs)

    def on_predict_batch_end(self, batch, logs=None):
        self._advance(batch + 1, None)

    def on_epoch_end(self, epoch, logs=None):
        self._finish(logs)

    def on_test_end(self, logs=None):
        if not self._in_fit:
            self._finish(logs)

    def on_predict_end(self, logs=None):
        self._finish(None)

    def _start(self) -> None:
        self._seen = 0
        self._begin = self._last = time.monotonic()
        self._printed = 0
        self._grows = self.verbose == 1 and sys.stdout is not None and sys.stdout.isatty()

    def _advance(self, seen: int, logs) -> None:
        self._seen = seen
        now = time.monotonic()
        if self._grows and now - self._last >= _SECONDS_BETWEEN_UPDATES:
            self._last = now
            self._print(self._line(now, logs))

    def _finish(self, logs) -> None:
        if not self.verbose:
            return
        line = self._line(time.monotonic(), logs)
        if self._grows:
            self._print(line)
            print()
        else:
            print(line)

    def _line(self, now: float, logs) -> str:
        parts = []
        if self._in_fit and self.epochs > 1:
            parts.append(f"Epoch {self._epoch + 1:{len(str(self.epochs))}}/{self.epochs}")
        if self._grows and self.target:
            filled = min(_WIDTH, _WIDTH * self._seen // self.target)
            parts.append(f"[{'=' * filled}{' ' * (_WIDTH - filled)}]")
        target = self.target or self._seen
        parts.append(f"{self._seen:{len(str(target))}}/{target}")
        seconds = now - self._begin
        parts.append(f"{seconds:.1f}s {_duration(seconds / max(self._seen, 1))}/step")
        return "  ".join(parts) + "".join(f" - {name}: {_number(value)}" for name, value in (logs or {}).items())

    def _print(self, line: str) -> None:
        print("\r" + line.ljust(self._printed), end="", flush=True)
        self._printed = len(line)


def _duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.1f}s"
    return f"{seconds * 1e3:.0f}ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us"


def _number(value) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:.4f}" if abs(value) > 1e-3 else f"{value:.4e}"
