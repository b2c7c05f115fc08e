"""``ReduceLROnPlateau``: smaller steps when nothing gets better."""

from __future__ import annotations

import warnings

from kerasedu.callbacks.monitor import MonitorCallback


class ReduceLROnPlateau(MonitorCallback):
    """Multiply the learning rate by ``factor`` when a logged number has not become better for ``patience`` epochs.

    The learning rate of each epoch is logged as ``learning_rate``.

    Arguments:
        monitor, mode, min_delta: what is watched; see ``MonitorCallback``.
        factor: less than 1.
        patience: epochs without improvement.
        verbose: 1 prints each reduction.
        cooldown: epochs after a reduction in which nothing is counted.
        min_lr: the learning rate does not fall below this.

    Source: https://keras.io/api/callbacks/reduce_lr_on_plateau/
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ):
        super().__init__(monitor, mode, min_delta=min_delta)
        if factor >= 1:
            raise ValueError(f"ReduceLROnPlateau: factor is less than 1, got {factor}")
        self.factor = factor
        self.min_lr = min_lr
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self._start()

    def _start(self) -> None:
        self.best = None
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs=None):
        self._start()

    def on_epoch_end(self, epoch, logs=None):
        if self.monitor_op is None:
            self._set_monitor_op()
        logs = {} if logs is None else logs
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        current = logs.get(self.monitor)
        if current is None:
            warnings.warn(
                f"ReduceLROnPlateau watches {self.monitor!r}, but only {', '.join(logs)} are logged", stacklevel=2
            )
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_improvement(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience and self._reduce(epoch):
                self.cooldown_counter = self.cooldown
                self.wait = 0

    def in_cooldown(self) -> bool:
        """Whether the last reduction is less than ``cooldown`` epochs ago."""
        return self.cooldown_counter > 0

    def _reduce(self, epoch: int) -> bool:
        before = float(self.model.optimizer.learning_rate)
        if before <= self.min_lr:
            return False
        after = max(before * self.factor, self.min_lr)
        self.model.optimizer.learning_rate = after
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {after}.")
        return True
