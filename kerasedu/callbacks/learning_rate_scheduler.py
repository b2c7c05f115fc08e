"""``LearningRateScheduler``: the learning rate as a function of the epoch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kerasedu.callbacks.callback import Callback


class LearningRateScheduler(Callback):
    """Before each epoch, set the learning rate to ``schedule(epoch, learning_rate)``.

    The learning rate of each epoch is logged as ``learning_rate``.

    Arguments:
        schedule: a function of the epoch (from 0) and the learning rate so far, or of the epoch alone.
        verbose: 1 prints the learning rate before each epoch.

    Source: https://keras.io/api/callbacks/learning_rate_scheduler/
    """

    def __init__(self, schedule: Callable[..., float], verbose: int = 0):
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        optimizer = self.model.optimizer
        try:
            rate = self.schedule(epoch, float(optimizer.learning_rate))
        except TypeError:
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.floating)):
            raise ValueError(f"LearningRateScheduler: schedule returns a float, got {rate!r}")
        optimizer.learning_rate = rate
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.")

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["learning_rate"] = float(self.model.optimizer.learning_rate)
