"""A compiled model against its twin: the gradients of its loss, and whole training runs."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np

from kerasedu import callbacks, plots
from kerasedu.configurable import serialize
from kerasedu.gradcheck import with_dtype
from kerasedu.models import Model
from kerasedu.optimizers import SGD
from kerasedu.parity import device, oracle
from kerasedu.parity.compare import compare, compare_trajectory
from kerasedu.parity.layers import short
from kerasedu.parity.report import Report, Row
from kerasedu.parity.structure import flatten, map_leaves
from kerasedu.parity.tolerance import change, perturb
from kerasedu.parity.translate import to_keras

DROPOUT_RATES = ("rate", "dropout", "recurrent_dropout")  # as arguments of layers are called


def check_fit(
    model: Model, x, y=None, *, epochs: int = 3, batch_size: int | None = None, name: str | None = None, **options
) -> Report:
    """Train a copy of ``model`` and its twin from the same weights, on the same batches, and compare the two runs.

    Compared are the history, epoch by epoch, and every weight after every step; the report has one row a weight, its
    worst step. Both runs start with a fresh optimizer and do not shuffle. Rounding grows in training, at a rate that
    depends on the problem. The tolerance knows that rate: δ is measured in two more runs of Keras, one from weights
    and data moved by one rounding, one in the other precision.

    Arguments:
        model: compiled; it is left as it was. Layers that draw random numbers, such as Dropout, cannot be compared.
        x, y, epochs, batch_size: as for ``fit``.
        name: title of the report.
        options: further arguments of ``fit``: ``sample_weight``, ``class_weight``, ``validation_data``, ….

    Raises:
        ImportError: there is no TensorFlow.
        ValueError: the model is not compiled, draws random numbers, or has a layer without counterpart in Keras.
    """
    return _report(train_both(model, x, y, {**options, "epochs": epochs, "batch_size": batch_size}), name)


def compare_training(
    model: Model, x, y=None, *, epochs: int = 3, batch_size: int | None = None, name: str | None = None, **options
) -> Training:
    """As ``check_fit``, with a figure: both losses by epoch, and the distance between the weights by step.

    Beside the distance stand how far the weights have moved since the start, and how far Keras ends up from itself
    when it starts from weights and data that are moved by one rounding. Two runs of one formula are about as far apart
    as that.

    Arguments, raises: as for ``check_fit``.

    Returns:
        A ``Training``, with ``report``, ``distances`` and ``picture``; it shows as figure and table.
    """
    runs = train_both(model, x, y, {**options, "epochs": epochs, "batch_size": batch_size})
    return Training(_report(runs, name), runs)


class Training:
    """Two runs compared: ``report`` as of ``check_fit``, ``distances`` after each step, and ``picture``."""

    def __init__(self, report: Report, runs: Runs):
        self.report = report
        self.distances = _apart(runs.got.weights, runs.expected.weights)
        of_rounding = _apart(runs.moved.weights, runs.expected.weights)
        moved = _apart([runs.start] * len(runs.expected.weights), runs.expected.weights)
        losses = {"kerasedu": runs.got.history["loss"], "tf.keras": runs.expected.history["loss"]}
        self.picture = plots.runs(
            f"The losses of both libraries by epoch, from {losses['kerasedu'][0]:.3g} to {losses['kerasedu'][-1]:.3g}; "
            f"and by step how far their weights are apart, at most {max(self.distances):.1e} after steps that moved "
            f"them by up to {max(moved):.1e}.",
            losses,
            {"kerasedu and Keras": self.distances, "Keras, inputs moved by a rounding": of_rounding},
            moved,
        )

    def __bool__(self) -> bool:
        return self.report.passed

    def __repr__(self) -> str:
        return f"{self.report}\nlargest distance between the weights: {max(self.distances):.1e}"

    def _repr_html_(self) -> str:
        return self.picture._repr_html_() + self.report._repr_html_()


@dataclass
class Runs:
    """One run of ours, and three of Keras: as it is, from inputs moved by one rounding, and in the other precision."""

    model: Model
    start: list[np.ndarray]
    got: Run
    expected: Run
    moved: Run
    elsewhere: Run
    scale: float

    def delta(self, y, near, far) -> float:
        """δ of ``parity.tolerance``, from the two further runs."""
        return max(change(y, near), self.scale * change(y, far))


def train_both(model: Model, x, y, options: dict[str, Any]) -> Runs:
    """Train copies of ``model``, all from its weights and on the same batches."""
    device.require_full_precision()
    if not model.compiled:
        raise ValueError(f"{model} is not compiled: call compile(optimizer, loss) before check_fit")
    refuse_random_draws(model)
    options = {**options, "shuffle": False, "verbose": 0}
    ours = fresh_copy(model, x)
    start = ours.get_weights()
    with oracle.precision(ours.dtype):
        other = KerasRuns(ours)
        expected = other.run(start, x, y, options)
        moved = other.run([perturb(w) for w in start], map_leaves(perturb, x), y, options)
    counterpart, scale = in_other_precision(ours)
    with oracle.precision(counterpart.dtype):
        elsewhere = KerasRuns(counterpart).run(start, x, y, options)
    with oracle.precision(ours.dtype):
        got = Run.of(ours, callbacks, x, y, options)
    return Runs(ours, start, got, expected, moved, elsewhere, scale)


def _report(runs: Runs, name: str | None) -> Report:
    report = Report(name or f"fit of {runs.model}", device.describe())
    _compare_histories(report, runs)
    _compare_weights(report, runs)
    return report


def _apart(weights: list[list[np.ndarray]], others: list[list[np.ndarray]]) -> list[float]:
    """max|w - w'| over all weights, for each step."""
    return [max((change(b, a) for a, b in zip(*pair)), default=0.0) for pair in zip(weights, others)]


def check_loss_gradients(report: Report, model: Model, x, y, *, sample_weight=None) -> None:
    """Compare the compiled loss, penalties included, and its gradients, in training mode; tolerances as in training."""
    refuse_random_draws(model)
    ours = fresh_copy(model, x)
    weights, batch = ours.get_weights(), len(flatten(x)[0])
    counterpart, scale = in_other_precision(ours)
    expected = keras_gradients(to_keras(ours), weights, x, y, sample_weight)
    near = keras_gradients(to_keras(ours), map_leaves(perturb, weights), map_leaves(perturb, x), y, sample_weight)
    with oracle.precision(counterpart.dtype):
        far = keras_gradients(to_keras(counterpart), weights, x, y, sample_weight)

    ours.optimizer = recorder = _Recorder()
    loss = ours.train_on_batch(x, y, sample_weight=sample_weight, return_dict=True)["loss"]
    trainable = {id(v) for v in ours.trainable_weights}
    after = [v for v in ours.weights if id(v) not in trainable]
    got = [np.asarray(loss, ours.dtype), *recorder.gradients, *(v.value for v in after)]
    names = [
        "loss",
        *(f"dL/d{short(ours, v)}" for v in ours.trainable_weights),
        *(f"{short(ours, v)} after" for v in after),
    ]
    for name, mine, theirs, moved, elsewhere in zip(names, got, expected, near, far, strict=True):
        delta = max(change(theirs, moved), scale * change(theirs, elsewhere))
        report.add(compare(name, mine, theirs, delta, terms=batch * max(mine.size, 1) ** 0.5))


def refuse_random_draws(model: Model) -> None:
    """Raise a ValueError if the model drops numbers by lot: the two libraries draw different ones."""
    if _drops(serialize(model)):
        raise ValueError(
            f"{model} has dropout, and in training the two libraries draw different numbers. Compare a model with "
            "rate 0 in its place."
        )


def _drops(config: Any) -> bool:
    """Whether a rate of dropout above 0 stands anywhere in a configuration."""
    if isinstance(config, dict):
        return any(config.get(key) for key in DROPOUT_RATES) or any(_drops(item) for item in config.values())
    return isinstance(config, (list, tuple)) and any(_drops(item) for item in config)


def keras_gradients(model: Any, weights: list[np.ndarray], x, y, sample_weight) -> list[np.ndarray]:
    """The loss of Keras's model in training, the gradients of its trainable weights, and its other weights after."""
    model.set_weights(weights)

    def loss():
        return model.compute_loss(x, y, model(x, training=True), sample_weight=sample_weight, training=True)

    updated = model.non_trainable_variables
    values, gradients = oracle.vjp(loss, [], variables=model.trainable_weights, updated=updated)
    return [*values, *gradients, *map(oracle.as_numpy, model.non_trainable_weights)]


@dataclass
class Run:
    """One training run: the history, and after each step the values of all weights."""

    history: dict[str, list[float]]
    weights: list[list[np.ndarray]]

    @classmethod
    def of(cls, model: Any, library: Any, x, y, options: dict[str, Any]) -> Run:
        """Train a model of either library; ``library`` is where its ``LambdaCallback`` is."""
        weights: list[list[np.ndarray]] = []

        def note(batch, logs):
            if hasattr(model, "jax_state_sync"):  # on JAX the weights are elsewhere while fit runs
                model.jax_state_sync()
            weights.append(model.get_weights())

        record = library.LambdaCallback(on_train_batch_end=note)
        history = model.fit(x, y, callbacks=[record], **options).history
        return cls(history, weights)


class KerasRuns:
    """The Keras twin of a model, which can be trained several times, each time from the start."""

    def __init__(self, model: Model):
        self.keras, _ = oracle.load()
        self.model = to_keras(model)
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = [oracle.as_numpy(v) for v in self.model.optimizer.variables]

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


def in_other_precision(model: Model) -> tuple[Model, float]:
    """The model in float64 if it is in float32, and the other way round; and how much of a difference to count.

    The difference between the two precisions is the rounding error of float32. That of float64 is smaller by the
    quotient of the two ε.
    """
    if model.dtype == "float32":
        return with_dtype(model, "float64"), 1.0
    return with_dtype(model, "float32"), float(np.finfo(np.float64).eps / np.finfo(np.float32).eps)


def _compare_histories(report: Report, runs: Runs) -> None:
    dtype = runs.model.dtype
    for key in sorted(set(runs.got.history) | set(runs.expected.history)):
        if key not in runs.got.history or key not in runs.expected.history:
            owner = "Keras" if key in runs.expected.history else "kerasedu"
            report.add(Row(f"history: {key}", dtype, cause=f"only {owner} has it"))
            continue
        all_runs = (runs.got, runs.expected, runs.moved, runs.elsewhere)
        ours, *theirs = (np.asarray(run.history[key], dtype) for run in all_runs)
        terms = len(runs.got.weights)
        report.add(compare(f"history: {key}", ours, theirs[0], runs.delta(*theirs), terms=terms))


def _compare_weights(report: Report, runs: Runs) -> None:
    steps, expected = len(runs.got.weights), len(runs.expected.weights)
    if steps != expected:
        report.add(Row("steps", runs.model.dtype, cause=f"{steps} steps, Keras makes {expected}"))
        return
    for i, variable in enumerate(runs.model.weights):
        all_runs = (runs.got, runs.expected, runs.moved, runs.elsewhere)
        ours, *theirs = ([step[i] for step in run.weights] for run in all_runs)
        report.add(compare_trajectory(short(runs.model, variable), ours, theirs[0], list(map(runs.delta, *theirs))))
