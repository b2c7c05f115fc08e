"""Losses and metrics against their twins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kerasedu.metrics import Metric
from kerasedu.parity import oracle
from kerasedu.parity.compare import compare
from kerasedu.parity.layers import as_input
from kerasedu.parity.report import Report
from kerasedu.parity.tolerance import change, largest, perturb
from kerasedu.parity.translate import function_twin, twin


def check_loss(report: Report, loss, y_pred, y_true, *, sample_weight=None) -> None:
    """Compare the value and dL/dy_pred of a loss."""
    y_pred, y_true = np.asarray(y_pred), as_input(y_true, np.asarray(y_pred).dtype)
    weight = None if sample_weight is None else np.asarray(sample_weight, y_pred.dtype)
    value = loss.forward(y_true, y_pred, sample_weight=weight)
    gradient = loss.backward()
    other = twin(loss)

    def run(y_pred, y_true, weight):
        arrays = [y_pred, y_true, *([] if weight is None else [weight])]
        outputs, gradients = oracle.vjp(lambda p, t, *w: other(t, p, *w), arrays)
        return outputs[0], gradients[0]

    expected = run(y_pred, y_true, weight)
    moved = run(perturb(y_pred), y_true, None if weight is None else perturb(weight))
    largest_weight = 1.0 if weight is None else largest(weight)
    values = oracle.vjp(lambda p, t: other.call(t, p), [y_pred, y_true])[0][0]
    size = largest(values)  # of what may cancel: in the mean, and in log Σ exp z - z_k
    if getattr(loss, "from_logits", False):
        size = max(size, largest(y_pred))
    size *= largest_weight * (values.size if loss.reduction == "sum" else 1)
    report.add(compare("loss", value, expected[0], change(expected[0], moved[0]), terms=y_pred.size, size=size))
    terms = y_pred.shape[-1] if y_pred.ndim else 1
    size = largest_weight / (1 if loss.reduction in ("sum", "none", None) else len(y_pred))
    report.add(compare("dL/dy_pred", gradient, expected[1], change(expected[1], moved[1]), terms, size))


def check_loss_function(report: Report, function: Callable, y_pred, y_true, **options) -> None:
    """Compare the per-sample values of a loss or metric function."""
    y_pred, y_true = np.asarray(y_pred), as_input(y_true, np.asarray(y_pred).dtype)
    other = function_twin(function)

    def run(y_pred, y_true):
        return oracle.vjp(lambda p, t: other(t, p, **options), [y_pred, y_true])[0][0]

    got, expected = function(y_true, y_pred, **options), run(y_pred, y_true)
    delta = change(expected, run(perturb(y_pred), y_true))
    report.add(compare("value", got, expected, delta, terms=y_pred.shape[-1]))


def check_metric(report: Report, metric, y_pred, y_true=None, *, sample_weight=None, steps=3) -> None:
    """Compare the result after each of ``steps`` batches, and after ``reset_state`` and the first batch again."""

    def split(a):
        return [None] * steps if a is None else np.array_split(np.asarray(a), steps)

    batches = list(zip(split(y_true), split(y_pred), split(sample_weight)))

    def results(metric, change):
        def update(true, pred, weight):
            values = [change(pred)] if true is None else [true, change(pred)]
            metric.update_state(*values, sample_weight=None if weight is None else change(weight))
            result = metric.result()
            return np.array(result) if isinstance(metric, Metric) else oracle.as_numpy(result)

        metric.reset_state()
        values = [update(*batch) for batch in batches]
        metric.reset_state()
        return [*values, update(*batches[0])]

    got = results(metric, np.asarray)
    other = twin(metric)
    expected, moved = results(other, np.asarray), results(other, perturb)
    names = [*(f"after batch {t + 1}" for t in range(steps)), "after reset and batch 1"]
    for name, ours, theirs, near in zip(names, got, expected, moved):
        report.add(compare(name, ours.astype(theirs.dtype), theirs, change(theirs, near), terms=np.size(y_pred)))
