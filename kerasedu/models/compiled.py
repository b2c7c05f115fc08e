"""What ``compile`` makes of ``loss=`` and ``metrics=``: one loss and a list of metrics for each output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kerasedu import losses, metrics
from kerasedu.losses.reduction import match_ranks

_CROSSENTROPY = ("crossentropy", "ce")
_ACCURACY = ("accuracy", "acc")


class CompiledLoss:
    """L = Σ wₖ Lₖ(yₖ, ŷₖ) over the outputs k of a model.

    Where output k ends in softmax or sigmoid and Lₖ is a cross-entropy, Lₖ is computed from the logits, as Keras does
    in ``fit`` and ``evaluate``.

    ``trackers`` gather Lₖ for logs and history, if there are several. As in Keras on TensorFlow, these are means over
    batches, in which a smaller last batch counts as much as the others; L itself is a mean over samples. So the logged
    L can differ a little from Σ wₖ times the logged Lₖ.

    Arguments:
        loss: a loss or its name, for all outputs; or a list or dictionary with one for each output (None for no loss).
        loss_weights: wₖ, as a list or dictionary; by default 1.
        names: the names of the outputs.
    """

    def __init__(self, loss: Any, loss_weights: Any, names: Sequence[str]):
        self.losses = [_as_loss(item) for item in _per_output("loss", loss, names)]
        weights = [None] * len(names) if loss_weights is None else _per_output("loss_weights", loss_weights, names)
        self.weights = [1.0 if weight is None else weight for weight in weights]
        self.names = names
        self.used = [k for k, item in enumerate(self.losses) if item is not None]
        self.trackers = [metrics.Mean(name=f"{names[k]}_loss") for k in self.used] if len(self.used) > 1 else []
        self._on_logits: dict[int, tuple[Any, Any]] = {}

    def propagate(self, y_true: list, y_pred: list, sample_weight: list, masks: list, logits: list):
        """``(L, cache)``. Each argument has an entry for each output; logits are as ``Layer.logits`` returns them."""
        total, cache = 0.0, [None] * len(y_pred)
        for number, k in enumerate(self.used):
            if y_true[k] is None:
                raise ValueError(f"output {self.names[k]!r} has a loss, so it needs targets: y is missing")
            if self.losses[k] in _CROSSENTROPY:
                self.losses[k] = losses.get(_crossentropy_for(np.shape(y_true[k]), np.shape(y_pred[k])))
            on_logits = self._on_logits_of(k, logits[k])
            loss, y = (self.losses[k], y_pred[k]) if on_logits is None else (on_logits, logits[k][1])
            value, loss_cache = loss.propagate(y_true[k], y, sample_weight[k], masks[k])
            cache[k] = (loss, loss_cache, on_logits is not None)
            if self.trackers:
                self.trackers[number].update_state(value)
            total = total + self.weights[k] * value
        return total, cache

    def backpropagate(self, cache: list) -> tuple[list, list[bool]]:
        """dL/dŷₖ for each output, and whether it is dL/dzₖ at the logits instead; None where there is no loss."""
        gradients, at_logits = [], []
        for entry, weight in zip(cache, self.weights):
            if entry is None:
                gradients.append(None)
                at_logits.append(False)
                continue
            loss, loss_cache, is_at_logits = entry
            gradients.append(weight * loss.backpropagate(loss_cache))
            at_logits.append(is_at_logits)
        return gradients, at_logits

    def _on_logits_of(self, k: int, logits):
        """The loss of output k as a function of its logits, or None if it cannot be computed from them."""
        if logits is None:
            return None
        activation, _ = logits
        known, loss = self._on_logits.get(k, (None, None))
        if known is not activation:
            loss = self.losses[k].on_logits(activation)
            self._on_logits[k] = (activation, loss)
        return loss


class CompiledMetrics:
    """The metrics of each output, with the names under which they stand in logs and history.

    Several outputs put their name before the metric's: ``"digit_accuracy"``.

    Arguments:
        plain: ``compile(metrics=)``: a list for all outputs, or a list or dictionary with an entry for each output.
        weighted: ``compile(weighted_metrics=)``: the same, and these take sample weights into account.
        names: the names of the outputs.
    """

    name = "compile_metrics"

    def __init__(self, plain: Any, weighted: Any, names: Sequence[str]):
        for argument, value in (("metrics", plain), ("weighted_metrics", weighted)):
            if value and not isinstance(value, (list, tuple, Mapping)):
                raise ValueError(
                    f"compile: {argument} is a list or a dictionary, got {value!r}: {argument}=[{value!r}]"
                )
        self._plain = _metrics_per_output("metrics", plain, names)
        self._weighted = _metrics_per_output("weighted_metrics", weighted, names)
        self._names = names
        self._of_output: list[tuple[int, bool, metrics.Metric]] | None = None

    @property
    def metrics(self) -> list[metrics.Metric]:
        """All metric objects; none before the first batch, whose shapes say what ``"accuracy"`` means."""
        return [metric for _, _, metric in self._of_output or ()]

    def update_state(self, y_true: list, y_pred: list, sample_weight: list, masks: list) -> None:
        """Add a batch; each argument has an entry for each output."""
        if self._of_output is None:
            self._of_output = [
                (k, is_weighted, metrics.for_output(item, np.shape(y_true[k]), np.shape(y_pred[k])))
                for is_weighted, wanted in ((False, self._plain), (True, self._weighted))
                for k, items in enumerate(wanted)
                for item in items
            ]
        for k, is_weighted, metric in self._of_output:
            weight = sample_weight[k] if is_weighted else None
            if masks[k] is not None and isinstance(metric, metrics.MeanMetricWrapper):
                weight = _merge(weight, masks[k])
            metric.update_state(y_true[k], y_pred[k], sample_weight=weight)

    def reset_state(self) -> None:
        """Forget all batches."""
        for metric in self.metrics:
            metric.reset_state()

    def result(self) -> dict[str, Any]:
        """Name -> value. A name that occurs again gets ``_1``, ``_2``, …; a weighted metric ``weighted_`` first."""
        results: dict[str, Any] = {}
        counts: dict[str, int] = {}
        for k, is_weighted, metric in self._of_output or ():
            prefix = f"{self._names[k]}_" if len(self._names) > 1 else ""
            name = f"{prefix}{metric.name}"
            if is_weighted and name in counts:
                name = f"{prefix}weighted_{metric.name}"
            counts[name] = counts.get(name, -1) + 1
            results[f"{name}_{counts[name]}" if counts[name] else name] = metric.result()
        return results


def _as_loss(identifier: Any) -> losses.Loss | str | None:
    if isinstance(identifier, (list, tuple)) and len(identifier) == 1:
        (identifier,) = identifier
    if identifier in _CROSSENTROPY:
        return identifier
    loss = losses.get(identifier)
    if loss is None or isinstance(loss, losses.Loss):
        return loss
    raise ValueError(
        f"compile: the loss {identifier!r} is a plain function, so its derivative is not known. Give a name, or an "
        "object of a subclass of kerasedu.losses.Loss that defines call and call_backward."
    )


def _crossentropy_for(y_true_shape: Sequence[int], y_pred_shape: Sequence[int]) -> str:
    """The cross-entropy that fits: binary for one output, sparse for class numbers, otherwise categorical."""
    if y_pred_shape[-1] == 1:
        return "binary_crossentropy"
    if len(y_true_shape) < len(y_pred_shape) or y_true_shape[-1] == 1:
        return "sparse_categorical_crossentropy"
    return "categorical_crossentropy"


def _per_output(argument: str, value: Any, names: Sequence[str]) -> list:
    """``value`` with one entry for each output."""
    if _is_dictionary(value):
        unknown = set(value) - set(names)
        if unknown:
            raise ValueError(f"compile: {argument} names {sorted(unknown)}, but the model's outputs are {list(names)}")
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)):
        if len(value) != len(names):
            raise ValueError(f"compile: {argument} has {len(value)} entries for {len(names)} outputs, {list(names)}")
        return list(value)
    return [value] * len(names)


def _metrics_per_output(argument: str, value: Any, names: Sequence[str]) -> list[list]:
    if not value:
        return [[] for _ in names]
    if len(names) == 1:
        return [_found(value)]
    if isinstance(value, (list, tuple)) and len(value) != len(names):
        raise ValueError(
            f"compile: with several outputs, {argument} has an entry (a metric or a list) for each: {list(names)}; "
            f"got {value!r}"
        )
    return [[] if item is None else _found(item) for item in _per_output(argument, value, names)]


def _found(value: Any) -> list:
    """Metrics for names and functions; ``"accuracy"`` waits for the shapes of the first batch."""
    return [
        item if isinstance(item, str) and item.lower() in _ACCURACY else metrics.for_output(item, (), ())
        for item in _flat(value)
    ]


def _is_dictionary(value: Any) -> bool:
    """Whether ``value`` maps names of outputs, and is not the configuration of one loss or metric."""
    return isinstance(value, Mapping) and "class_name" not in value


def _flat(value: Any) -> list:
    if _is_dictionary(value):
        return [item for key in sorted(value) for item in _flat(value[key])]
    if isinstance(value, (list, tuple)):
        return [item for inner in value for item in _flat(inner)]
    return [value]


def _merge(weight, mask) -> np.ndarray:
    """Sample weights that are 0 where the mask is False."""
    mask = np.asarray(mask, dtype=float)
    if weight is None:
        return mask
    mask, weight = match_ranks(mask, np.asarray(weight))
    return mask * weight.reshape(weight.shape + (1,) * (mask.ndim - weight.ndim))
