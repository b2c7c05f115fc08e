"""``History``: the record of a training."""

from __future__ import annotations

from kerasedu.callbacks.callback import Callback


class History(Callback):
    """What ``fit`` returns: ``history["loss"]`` and every other value logged, a list with an entry for each epoch.

    ``epoch`` lists the numbers of the epochs, from 0. The keys are in alphabetical order, as in Keras.

    Source: https://keras.io/api/callbacks/
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self
