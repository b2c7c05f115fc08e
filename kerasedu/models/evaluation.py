"""``evaluate`` and ``predict``: going forwards only."""

from __future__ import annotations

from typing import Any

import numpy as np

from kerasedu.callbacks import CallbackList
from kerasedu.callbacks.callback import as_numbers
from kerasedu.layers.symbolic import as_list
from kerasedu.models.batch import Batch, as_batch
from kerasedu.models.compilation import Compiled, single
from kerasedu.models.sources import Epochs, as_source


class Evaluator(Compiled):
    """The part of a model that computes losses, metrics and predictions."""

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: Any = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ):
        """Loss and metrics on data, without training on it. Arguments as for ``fit``.

        Returns:
            The loss; with metrics a list, the loss first; with ``return_dict`` a dictionary.

        Raises:
            ValueError: not compiled, or data that does not fit the model.
        """
        self._need_compiled("evaluate")
        source = as_source((x, y, sample_weight), self._names(), batch_size, steps)
        batches = Epochs(source, steps)
        logs = self._evaluate(batches, self._callback_list(callbacks, verbose, epochs=1, steps=len(batches)))
        return logs if return_dict else self._in_order(logs)

    def _evaluate(self, batches: Epochs, callbacks: CallbackList) -> dict[str, float]:
        self.reset_metrics()
        callbacks.on_test_begin()
        steps = 0
        for batch in batches:
            callbacks.on_test_batch_begin(steps)
            self._test_step(batch)
            callbacks.on_test_batch_end(steps, self.get_metrics_result())
            steps += 1
        _check_some(steps)
        logs = as_numbers(self.get_metrics_result())
        callbacks.on_test_end(logs)
        return logs

    def test_on_batch(self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False):
        """Loss and metrics of one batch, in the forms that ``evaluate`` returns."""
        self._need_compiled("test_on_batch")
        self.reset_metrics()
        self._test_step(as_batch((x, y, sample_weight), self._names()))
        logs = as_numbers(self.get_metrics_result())
        return logs if return_dict else self._in_order(logs)

    def _test_step(self, batch: Batch) -> None:
        with np.errstate(all="ignore"):
            y_pred, cache = self.propagate(single(batch.x), training=False)
            self._forward_loss(batch, y_pred, cache)

    def _forward_loss(self, batch: Batch, y_pred: Any, cache: Any) -> tuple[Any, Any]:
        """``(L, cache)`` of a batch, penalties included. Notes the loss and the metrics."""
        several = len(batch.y) > 1
        mask, logits = self.output_mask(None, None, cache), self.logits(cache)
        y_pred, masks = as_list(y_pred), mask if several and mask else [mask] * len(batch.y)
        logits = logits if several and logits else [logits] * len(batch.y)
        loss, loss_cache = self._compiled_loss.propagate(batch.y, y_pred, batch.sample_weight, masks, logits)
        penalties = self.losses
        if not self._compiled_loss.used and not penalties:
            raise ValueError(f"{self} has no loss to compute: name one, compile(optimizer, loss='mse') for example")
        loss = loss + sum(penalties)
        self._loss_tracker.update_state(loss, sample_weight=len(batch.x[0]))
        if self._compiled_metrics is not None:
            self._compiled_metrics.update_state(batch.y, y_pred, batch.sample_weight, masks)
        return loss, loss_cache

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: Any = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ):
        """The outputs for ``x``, batch by batch, computed as outside training (no dropout). Arguments as for ``fit``.

        Returns:
            An array; for several outputs a list, or a dictionary if the model was made with one.
        """
        source = as_source((x,), self._names(), batch_size, steps, may_be_empty=True)
        batches = Epochs(source, steps)
        callbacks = self._callback_list(callbacks, verbose, epochs=1, steps=len(batches))
        outputs: list[list[np.ndarray]] = []
        callbacks.on_predict_begin()
        for step, batch in enumerate(batches):
            callbacks.on_predict_batch_begin(step)
            y = self._predict_step(batch)
            outputs.append(as_list(y))
            callbacks.on_predict_batch_end(step, {"outputs": y})
        callbacks.on_predict_end()
        _check_some(len(outputs))
        return self.pack_outputs(single([np.concatenate(parts) for parts in zip(*outputs)]))

    def predict_on_batch(self, x: Any):
        """The outputs for one batch, in the form that ``predict`` returns."""
        return self.pack_outputs(self._predict_step(as_batch((x,), self._names())))

    def _predict_step(self, batch: Batch):
        with np.errstate(all="ignore"):
            y, _ = self.propagate(single(batch.x), training=False)
        return y


def _check_some(batches: int) -> None:
    if batches == 0:
        raise ValueError(
            "there is no data: not one batch came. A generator can be gone through once only; a list of batches serves "
            "again and again."
        )
