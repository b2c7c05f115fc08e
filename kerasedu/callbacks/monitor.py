"""``MonitorCallback``: watching one logged number for improvement."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from kerasedu.callbacks.callback import Callback


class MonitorCallback(Callback):
    """A callback that asks after each epoch whether one logged number is better than the best so far.

    Better means lower than best - min_delta in mode "min", higher than best + min_delta in mode "max".

    Arguments:
        monitor: name of the number in ``logs``: ``"val_loss"``, ``"accuracy"``, …
        mode: ``"min"``, ``"max"``, or ``"auto"``: losses should fall, a metric goes the way that it says itself.
        baseline: the best before training; None for none.
        min_delta: smaller changes do not count.
    """

    def __init__(
        self, monitor: str = "val_loss", mode: str = "auto", baseline: float | None = None, min_delta: float = 0
    ):
        super().__init__()
        if mode not in ("auto", "min", "max"):
            warnings.warn(f"{type(self).__name__} mode {mode!r} is unknown, so it is 'auto'", stacklevel=3)
            mode = "auto"
        self.monitor = monitor
        self.mode = mode
        self.best = baseline
        self.min_delta = abs(min_delta)
        self.monitor_op: Callable | None = None

    def _is_improvement(self, value: float, reference: float | None) -> bool:
        """Whether ``value`` is better than ``reference``; it is, if there is no reference yet."""
        if reference is None:
            return True
        if self.monitor_op is None:
            self._set_monitor_op()
        margin = -self.min_delta if self.monitor_op is np.less else self.min_delta
        return bool(self.monitor_op(value - margin, reference))

    def _set_monitor_op(self) -> None:
        """Decide whether lower or higher is better.

        Raises:
            ValueError: mode is "auto" and the direction of the metric is not known.
        """
        mode = self.mode
        if mode == "auto":
            mode = self._direction_of_metric()
        self.monitor_op = np.less if mode == "min" else np.greater

    def _direction_of_metric(self) -> str:
        name = self.monitor.removeprefix("val_")
        if name == "loss":
            return "min"
        for metric in _metric_objects(self.model):
            if metric.name == name and getattr(metric, "_direction", None) is not None:
                return "max" if metric._direction == "up" else "min"
        raise ValueError(
            f"{type(self).__name__} does not know whether {self.monitor!r} should fall or rise: give mode='min' or "
            "mode='max'"
        )


def _metric_objects(model: Any) -> list:
    compiled = [metric for metric in getattr(model, "metrics", []) if hasattr(metric, "metrics")]
    return [metric for container in compiled for metric in container.metrics]
