"""A compiled model against its twin: the gradients of its loss, and whole training runs."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasedu import callbacks
from kerasedu.models import Model
from kerasedu.optimizers import SGD
from kerasedu.parity import device, oracle
from kerasedu.parity.compare import compare, compare_trajectory
from kerasedu.parity.layers import short
from kerasedu.parity.report import Report, Row
from kerasedu.parity.structure import flatten, map_leaves
from kerasedu.parity.tolerance import change, perturb
from kerasedu.parity.translate import to_keras


def check_fit(
    model: Model, x, y=None, *, epochs: int = 3, batch_size: int | None = None, name: str | None = None, **options
) -> Report:
    """Train a copy of ``model`` and its twin from the same weights, on the same batches, and compare the two runs.

    Compared are the history, epoch by epoch, and every weight after every step; the report has one row a weight, its
    worst step. Both runs start with a fresh optimizer and do not shuffle. Rounding grows in training, at a rate that
    depends on the problem. The tolerance knows that rate: it contains the distance, so far, to two more runs, in which
    Keras starts from weights and data moved by one rounding.

    Arguments:
        model: compiled; it is left as it was. Layers that draw random numbers, such as Dropout, cannot be compared.
        x, y, epochs, batch_size: as for ``fit``.
        name: title of the report.
        options: further arguments of ``fit``: ``sample_weight``, ``class_weight``, ``validation_data``, ….

    Raises:
        ImportError: there is no TensorFlow.
        ValueError: the model is not compiled, or a layer in it has no counterpart in Keras.
    """
    oracle.load()
    if not model.compiled:
        raise ValueError(f"{model} is not compiled: call compile(optimizer, loss) before check_fit")
    options = {**options, "epochs": epochs, "batch_size": batch_size, "shuffle": False, "verbose": 0}
    ours = fresh_copy(model, x)
    report = Report(name or f"fit of {model}", device.describe())
    with oracle.precision(ours.dtype):
        start = ours.get_weights()
        got = Run.of(ours, callbacks, x, y, options)
        other = KerasRuns(fresh_copy(model, x))
        expected = other.run(start, x, y, options)
        near = [perturb(w) for w in start], map_leaves(perturb, x)
        moved = [other.run(*near, y, options), other.run(*map_leaves(perturb, near), y, options)]
    _compare_histories(report, got, expected, moved, ours.dtype)
    _compare_weights(report, ours, got, expected, moved)
    return report


def check_loss_gradients(report: Report, model: Model, x, y, *, sample_weight=None) -> None:
    """Compare the compiled loss, penalties included, and its gradients, in training mode."""
    ours = fresh_copy(model, x)
    weights, batch = ours.get_weights(), len(flatten(x)[0])
    ours.optimizer = recorder = _Recorder()
    loss = ours.train_on_batch(x, y, sample_weight=sample_weight, return_dict=True)["loss"]
    after = ours.get_weights()
    other = to_keras(fresh_copy(model, x))

    def run(change):
        for variable, value in zip(other.weights, weights, strict=True):
            variable.assign(change(value))
        inputs = map_leaves(change, x)

        def loss_of(*_):
            y_pred = other(inputs, training=True)
            return other.compute_loss(inputs, y, y_pred, sample_weight=sample_weight, training=True)

        outputs, gradients = oracle.vjp(loss_of, [], variables=other.trainable_weights)
        return outputs[0], gradients, [v.numpy() for v in other.weights]

    (value, gradients, then), (value_near, near, then_near) = run(np.asarray), run(perturb)
    report.add(compare("loss", np.asarray(loss, value.dtype), value, change(value, value_near), terms=batch))
    for v, got, expected, moved in zip(ours.trainable_weights, recorder.gradients, gradients, near, strict=True):
        n = batch * max(v.value.size, 1) ** 0.5
        report.add(compare(f"dL/d{short(ours, v)}", got, expected, change(expected, moved), terms=n))
    trainable = {id(v) for v in ours.trainable_weights}
    for v, got, expected, moved in zip(ours.weights, after, then, then_near):
        if id(v) not in trainable:
            report.add(compare(f"{short(ours, v)} after", got, expected, change(expected, moved), terms=batch))


@dataclass
class Run:
    """One training run: the history, and after each step the values of all weights."""

    history: dict[str, list[float]]
    weights: list[list[np.ndarray]]

    @classmethod
    def of(cls, model: Any, library: Any, x, y, options: dict[str, Any]) -> Run:
        """Train a model of either library; ``library`` is where its ``LambdaCallback`` is."""
        weights: list[list[np.ndarray]] = []
        record = library.LambdaCallback(on_train_batch_end=lambda batch, logs: weights.append(model.get_weights()))
        history = model.fit(x, y, callbacks=[record], **options).history
        return cls(history, weights)


class KerasRuns:
    """The Keras twin of a model, which can be trained several times, each time from the start."""

    def __init__(self, model: Model):
        self.keras, _ = oracle.load()
        self.model = to_keras(model)
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = [v.numpy() for v in self.model.optimizer.variables]

    def run(self, weights: list[np.ndarray], x, y, options) -> Run:
        for variable, value in zip(self.model.optimizer.variables, self.start):
            variable.assign(value)
        self.model.set_weights(weights)
        return Run.of(self.model, self.keras.callbacks, x, y, options)


class _Recorder(SGD):
    """An optimizer that keeps the gradients and changes nothing."""

    def apply(self, grads, trainable_variables=None) -> None:
        self.gradients = [np.array(g) for g in grads]


def fresh_copy(model: Model, x) -> Model:
    """A copy with the same weights, built for x, compiled with an optimizer that has made no step."""
    if not model.built:
        model(map_leaves(lambda a: np.asarray(a)[:1], x))
    model = copy.deepcopy(model)
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(**{**model._compile_arguments, "optimizer": optimizer})
    return model


def _compare_histories(report: Report, got: Run, expected: Run, moved: list[Run], dtype: str) -> None:
    for key in sorted(set(got.history) | set(expected.history)):
        if key not in got.history or key not in expected.history:
            owner = "Keras" if key in expected.history else "kerasedu"
            report.add(Row(f"history: {key}", dtype, cause=f"only {owner} has it"))
            continue
        ours, theirs, *near = (np.asarray(run.history[key], dtype) for run in (got, expected, *moved))
        delta = max(change(theirs, series) for series in near)
        report.add(compare(f"history: {key}", ours, theirs, delta, terms=len(got.weights)))


def _compare_weights(report: Report, model: Model, got: Run, expected: Run, moved: list[Run]) -> None:
    if len(got.weights) != len(expected.weights):
        report.add(Row("steps", model.dtype, cause=f"{len(got.weights)} steps, Keras makes {len(expected.weights)}"))
        return
    for i, variable in enumerate(model.weights):
        runs = ([step[i] for step in run.weights] for run in (got, expected, *moved))
        report.add(compare_trajectory(short(model, variable), *runs))
