"""``compile``: which loss, which optimizer, which metrics."""

from __future__ import annotations

from typing import Any

from kerasedu import metrics as metrics_room
from kerasedu import optimizers
from kerasedu.callbacks import CallbackList, History, ProgbarLogger
from kerasedu.models.batch import Names
from kerasedu.models.compiled import CompiledLoss, CompiledMetrics


class Compiled:
    """The part of a model that ``compile`` makes: a loss, an optimizer and metrics."""

    compiled = False
    stop_training = False
    optimizer: optimizers.Optimizer | None = None
    loss: Any = None
    history: History | None = None

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Choose how to train. The weights stay as they are: compiling again goes on from them.

        Arguments:
            optimizer: an optimizer or its name.
            loss: a loss or its name; for several outputs also a list or a dictionary by output name.
            loss_weights: with several outputs, factors of their losses in the sum that is minimised.
            metrics: list of metrics, of names, or of functions of y_true and y_pred; for several outputs a list or
                dictionary with an entry for each. ``"accuracy"`` becomes the accuracy that fits the shapes.
            weighted_metrics: the same, computed with the sample weights.
            run_eagerly, steps_per_execution, jit_compile, auto_scale_loss: how TensorFlow executes; they change no
                result and are ignored here.

        Raises:
            ValueError: a name is not known, or lists and dictionaries do not fit the model's outputs.
        """
        names = self.output_names
        self._compiled_loss = CompiledLoss(loss, loss_weights, names)
        self._compiled_metrics = None
        if metrics is not None or weighted_metrics is not None:
            self._compiled_metrics = CompiledMetrics(metrics, weighted_metrics, names)
        self._loss_tracker = metrics_room.Mean(name="loss")
        self.optimizer = optimizers.get(optimizer)
        self.loss = loss
        self._compile_arguments = {
            "optimizer": self.optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
        }
        self.stop_training = False
        self.compiled = True

    # -- metrics ------------------------------------------------------------------------------------------------

    @property
    def metrics(self) -> list:
        """The mean loss, the compiled metrics as one, and with several outputs the mean loss of each."""
        if not self.compiled:
            return []
        compiled = [] if self._compiled_metrics is None else [self._compiled_metrics]
        return [self._loss_tracker, *compiled, *self._compiled_loss.trackers]

    @property
    def metrics_names(self) -> list[str]:
        """Their names."""
        return [metric.name for metric in self.metrics]

    def reset_metrics(self) -> None:
        """Forget what the metrics have gathered."""
        for metric in self.metrics:
            metric.reset_state()

    def get_metrics_result(self) -> dict[str, Any]:
        """Name -> value of the loss and all metrics since the last reset."""
        results: dict[str, Any] = {}
        for metric in self.metrics:
            result = metric.result()
            results.update(result if isinstance(result, dict) else {metric.name: result})
        return results

    def _in_order(self, logs: dict[str, float]):
        """``logs`` as the list that Keras returns: loss, metrics, then everything else by name; one number alone."""
        names = [self._loss_tracker.name]
        if self._compiled_metrics is not None:
            names += [metric.name for metric in self._compiled_metrics.metrics]
        names += [tracker.name for tracker in self._compiled_loss.trackers]
        values = [logs[name] for name in names if name in logs]
        values += [logs[name] for name in sorted(logs) if name not in names]
        return values if len(values) > 1 else values[0]

    # -- what the loops need ------------------------------------------------------------------------------------

    def _need_compiled(self, method: str) -> None:
        if not self.compiled:
            raise ValueError(f"{self} is not compiled: call compile(optimizer, loss) before {method}()")

    def _names(self) -> Names:
        used = self._compiled_loss.used if self.compiled else range(len(self.output_names))
        return Names(self.input_names, self.output_names, used)

    def _callback_list(
        self, callbacks: Any, verbose: Any, epochs: int, steps: int, history: bool = False
    ) -> CallbackList:
        """The user's callbacks, then a ``History`` and a progress bar if they are wanted and not there yet."""
        if isinstance(callbacks, CallbackList):
            return callbacks
        everything = CallbackList(callbacks, model=self, verbose=verbose, epochs=epochs, steps=steps or None)
        present = everything.callbacks
        if history:
            if not any(isinstance(callback, History) for callback in present):
                everything.append(History())
            self.history = next(callback for callback in present if isinstance(callback, History))
        if verbose != 0 and not any(isinstance(callback, ProgbarLogger) for callback in present):
            everything.append(ProgbarLogger())
        return everything


def single(values: list) -> Any:
    """The one value of a list of one; otherwise the list."""
    return values[0] if len(values) == 1 else values
