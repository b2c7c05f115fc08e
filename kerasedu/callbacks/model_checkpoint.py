"""``ModelCheckpoint``: the model in a file while it trains."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np

from kerasedu.callbacks.monitor import MonitorCallback


class ModelCheckpoint(MonitorCallback):
    """Save the model, or only its weights, after each epoch or after every so many batches.

    Arguments:
        filepath: where to; ``"{epoch:02d}-{val_loss:.2f}.kerasedu"`` is filled in with the epoch (from 1) and the
            logged numbers. Folders are made as needed.
        monitor, mode: what is watched if ``save_best_only``; see ``MonitorCallback``.
        verbose: 1 prints when the model is saved.
        save_best_only: only when the watched number is better than ever.
        save_weights_only: ``model.save_weights`` instead of ``model.save``.
        save_freq: ``"epoch"``, or a number of batches.
        initial_value_threshold: the best before training.

    Source: https://keras.io/api/callbacks/model_checkpoint/
    """

    def __init__(
        self,
        filepath: str | os.PathLike,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: str | int = "epoch",
        initial_value_threshold: float | None = None,
    ):
        super().__init__(monitor, mode, initial_value_threshold)
        if save_freq != "epoch" and not isinstance(save_freq, int):
            raise ValueError(f"ModelCheckpoint: save_freq is 'epoch' or a number of batches, got {save_freq!r}")
        self.filepath = os.fspath(filepath)
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self._batches = 0
        self._epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.save_freq == "epoch":
            return
        self._batches += 1
        if self._batches >= self.save_freq:
            self._batches = 0
            self._save(self._epoch, logs, batch=batch + 1)

    def on_epoch_end(self, epoch, logs=None):
        if self.save_best_only and self.monitor_op is None:
            self._set_monitor_op()
        if self.save_freq == "epoch":
            self._save(epoch, logs)

    def _save(self, epoch: int, logs, **names: int) -> None:
        logs = logs or {}
        try:
            path = Path(self.filepath.format(epoch=epoch + 1, **{**names, **logs}))
        except KeyError as error:
            raise KeyError(f"ModelCheckpoint: filepath {self.filepath!r} names {error}, which is not logged") from None
        if not self._is_wanted(epoch, logs, path):
            return
        if path.is_dir():
            raise OSError(f"ModelCheckpoint: {path} is a folder, a file name is needed")
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: finished saving model to {path}")

    def _is_wanted(self, epoch: int, logs, path: Path) -> bool:
        if not self.save_best_only:
            self._say(epoch, f"saving model to {path}")
            return True
        current = logs.get(self.monitor)
        if current is None or np.ndim(current) > 0:
            what = "is not logged" if current is None else "is not one number"
            warnings.warn(f"ModelCheckpoint watches {self.monitor!r}, which {what}: it saves anyway", stacklevel=2)
            return True
        best = "None" if self.best is None else f"{self.best:.5f}"
        if not self._is_improvement(current, self.best):
            self._say(epoch, f"{self.monitor} did not improve from {best}")
            return False
        self._say(epoch, f"{self.monitor} improved from {best} to {current:.5f}, saving model to {path}")
        self.best = current
        return True

    def _say(self, epoch: int, message: str) -> None:
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1}: {message}")
