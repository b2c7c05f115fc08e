"""``fit``: the loop that trains."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kerasedu.callbacks import CallbackList, History
from kerasedu.callbacks.callback import as_numbers
from kerasedu.models.batch import Batch, as_batch, split, with_class_weights
from kerasedu.models.compilation import single
from kerasedu.models.diagnosis import LostLoss, explain_lost_loss
from kerasedu.models.evaluation import Evaluator
from kerasedu.models.sources import Epochs, as_source, as_validation_source, is_batches
from kerasedu.threads import processors_shared
from kerasedu.variable import Variable


class Trainer(Evaluator):
    """What makes a layer trainable. ``_train_step`` is the heart of it: forward, loss, backward, update."""

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
    ) -> History:
        """Train: go through the data ``epochs`` times, and after each batch change the weights.

        Arguments:
            x: inputs, samples along the first axis: an array; for several inputs a list, or a dictionary by input
                name; or something that gives batches (x, y) or (x, y, sample_weight), such as a generator.
            y: targets, as many samples: an array; for several outputs a list, or a dictionary by output name.
            batch_size: samples in a batch, 32 if None. The last batch may be smaller.
            epochs: where counting ends: the epochs are ``initial_epoch``, …, ``epochs`` - 1.
            verbose: 0 silent, 1 a progress bar on a terminal, 2 one line an epoch; ``"auto"`` is 1.
            callbacks: list of ``kerasedu.callbacks.Callback``.
            validation_split: this fraction of the samples, the last ones, is not trained on but evaluated after each
                epoch.
            validation_data: (x, y) or (x, y, sample_weight), evaluated after each epoch.
            shuffle: whether samples are put in a new order before each epoch; ``"batch"``: only within batches.
            class_weight: class -> weight of its samples in the loss.
            sample_weight: weights of the samples in the loss, shape (samples,) or (samples, time).
            initial_epoch: where counting starts.
            steps_per_epoch: batches in an epoch; by default one pass through the data.
            validation_steps: batches in a validation; by default all.
            validation_batch_size: by default ``batch_size``.
            validation_freq: validate after every so many epochs, or after the epochs listed (from 1).

        Returns:
            The ``History``: ``history`` maps ``"loss"``, the metrics, and the same with ``val_`` for validation, to
            lists with a number for each epoch. The loss is the mean over the epoch's samples, penalties included.

        Raises:
            ValueError: not compiled, no loss, data that does not fit, or a loss that is NaN or infinite: the message
                says where that began, and trainable weights and optimizer are as before the batch. (With the callback
                ``TerminateOnNaN`` training ends quietly, after the update, as in Keras.)
        """
        self._need_compiled("fit")
        names = self._names()
        if is_batches(x, y):
            if validation_split:
                raise ValueError("validation_split needs arrays: with batches, give validation_data")
            source = as_source((x, y, sample_weight), names, class_weight=class_weight)
        else:
            data = as_batch((x, y, sample_weight), names)
            if validation_split and validation_data is None:
                data, validation_data = split(data, validation_split)
            source = as_source(with_class_weights(data, class_weight), names, batch_size, steps_per_epoch, shuffle)
        batches = Epochs(source, steps_per_epoch)
        callbacks = self._callback_list(callbacks, verbose, epochs=epochs, steps=len(batches), history=True)
        if not self.trainable_weights and self.built:
            warnings.warn(f"{self} has no trainable weights: fit will change nothing", stacklevel=2)

        self.stop_training = False
        logs: dict[str, Any] = {}
        callbacks.on_train_begin()
        for epoch in range(initial_epoch, epochs):
            self.reset_metrics()
            callbacks.on_epoch_begin(epoch)
            with processors_shared():
                steps = self._train_epoch(epoch, batches, callbacks)
            if steps < (batches.steps or 1) and not self.stop_training:
                _warn_of_the_end(epoch, steps, is_first=epoch == initial_epoch)
            if steps == 0:
                break
            logs = self.get_metrics_result()
            if validation_data is not None and _is_due(epoch + 1, validation_freq):
                size = validation_batch_size or batch_size
                held_out = as_validation_source(validation_data, names, size, validation_steps)
                results = self._evaluate(Epochs(held_out, validation_steps), callbacks)
                logs.update({f"val_{name}": value for name, value in results.items()})
            callbacks.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        if epochs > initial_epoch:
            self.optimizer.finalize_variable_values(self.trainable_weights)
        callbacks.on_train_end(logs)
        return self.history

    def _train_epoch(self, epoch: int, batches: Epochs, callbacks: CallbackList) -> int:
        """Train on one epoch. Returns the number of its batches."""
        steps = 0
        for batch in batches:
            callbacks.on_train_batch_begin(steps)
            lost = self._train_step(batch)
            callbacks.on_train_batch_end(steps, self.get_metrics_result())
            steps += 1
            if self.stop_training:
                break
            if lost:
                lost.undo()
                raise ValueError(f"epoch {epoch + 1}, batch {steps}: {explain_lost_loss(self, batch, lost)}")
        return steps

    def _train_step(self, batch: Batch) -> LostLoss | None:
        """One update of the weights. Returns what it takes to explain and undo it if the loss is NaN or infinite."""
        with np.errstate(all="ignore"):  # a NaN is reported with its origin instead of NumPy's warnings
            y_pred, cache = self.propagate(single(batch.x), training=True)
            loss, loss_cache = self._forward_loss(batch, y_pred, cache)
            variables = self.trainable_weights
            if not self.optimizer.built:
                self.optimizer.build(variables)
            lost = None if np.isfinite(loss) else LostLoss(y_pred, cache, [*variables, *self.optimizer.variables])
            dy, at_logits = self._compiled_loss.backpropagate(loss_cache)
            gradients = self.weight_gradients(single(dy), cache, single(at_logits))
            gradients = [self.optimizer.scale_loss(g) for g in _add_penalties(gradients, variables)]
            self.optimizer.apply(gradients, variables)
        return lost

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ):
        """One update of the weights. Returns loss and metrics of the batch, in the forms that ``evaluate`` returns."""
        self._need_compiled("train_on_batch")
        self.reset_metrics()
        self._train_step(with_class_weights(as_batch((x, y, sample_weight), self._names()), class_weight))
        logs = as_numbers(self.get_metrics_result())
        return logs if return_dict else self._in_order(logs)


def _add_penalties(gradients: list[np.ndarray], variables: list[Variable]) -> list[np.ndarray]:
    """d(loss + penalties)/dw for each variable w."""
    return [g if w.regularizer is None else g + w.regularizer.backward(w.value) for g, w in zip(gradients, variables)]


def _warn_of_the_end(epoch: int, steps: int, is_first: bool) -> None:
    message = (
        f"the data ended after {steps} batches of epoch {epoch + 1}. A generator has to give steps_per_epoch * epochs "
        "batches; arrays and lists of batches begin anew with the next epoch."
    )
    if is_first and steps == 0:
        raise ValueError(message)
    warnings.warn(message, stacklevel=3)


def _is_due(epoch: int, frequency: int | Sequence[int]) -> bool:
    """Whether to validate after this epoch, counted from 1."""
    if isinstance(frequency, int):
        return epoch % frequency == 0
    if isinstance(frequency, Sequence):
        return epoch in frequency
    raise ValueError(f"validation_freq is a number of epochs or a list of epochs, got {frequency!r}")
