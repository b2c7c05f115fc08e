"""An optimizer against its twin, step by step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kerasedu.parity import oracle
from kerasedu.parity.compare import compare, compare_trajectory
from kerasedu.parity.layers import numbered
from kerasedu.parity.report import Report
from kerasedu.parity.tolerance import change, perturb
from kerasedu.parity.translate import twin
from kerasedu.variable import Variable

Trajectory = list[list[np.ndarray]]


def check_optimizer(report: Report, optimizer, x, *, gradients=None, steps=10, seed=0) -> None:
    """Compare every variable after every step; the report has one row a variable, its worst step.

    Arguments:
        optimizer: a fresh one; a copy of it is used.
        x: initial value of the variable, or a list of several.
        gradients: for each step the gradient, or a list of one for each variable; by default ``steps`` random ones
            drawn from ``seed``.
    """
    several = isinstance(x, (list, tuple))
    values = [np.asarray(v) for v in (x if several else [x])]
    rng = np.random.default_rng(seed)
    if gradients is None:
        gradients = [[rng.standard_normal(v.shape).astype(v.dtype) for v in values] for _ in range(steps)]
    else:
        gradients = [
            [np.asarray(g, v.dtype) for g, v in zip(step if several else [step], values)] for step in gradients
        ]
    got = ours(type(optimizer).from_config(optimizer.get_config()), values, gradients)
    expected = theirs(twin(optimizer), values, gradients)
    moved = theirs(twin(optimizer), [perturb(v) for v in values], [[perturb(g) for g in step] for step in gradients])
    for i, name in enumerate(numbered("variable", values)):
        ours_i, theirs_i, near = ([step[i] for step in run] for run in (got, expected, moved))
        report.add(compare_trajectory(name, ours_i, theirs_i, list(map(change, theirs_i, near))))


def check_schedule(report: Report, schedule, x) -> None:
    """Compare the learning rates at the steps x."""
    steps = np.atleast_1d(x)
    other = twin(schedule)
    expected = np.array([oracle.as_numpy(other(step)) for step in steps])
    got = np.array([schedule(step) for step in steps], expected.dtype)
    report.add(compare("learning rates", got, expected))


def ours(optimizer, values: Sequence[np.ndarray], gradients: Trajectory) -> Trajectory:
    """The values of our variables after every step."""
    variables = [Variable(v, name) for name, v in zip(numbered("variable", list(values)), values)]
    trajectory = []
    for step in gradients:
        optimizer.apply_gradients(list(zip(step, variables)))
        trajectory.append([v.numpy() for v in variables])
    return trajectory


def theirs(optimizer, values: Sequence[np.ndarray], gradients: Trajectory) -> Trajectory:
    """The values of Keras's variables after every step, computed by a compiled step as in ``fit``."""
    from kerasedu.parity import device

    keras, _ = oracle.load()
    library = oracle.library()
    with library.place(device.settle()):
        variables = [
            keras.Variable(v, name=name, dtype=v.dtype.name)
            for name, v in zip(numbered("variable", list(values)), values)
        ]
        optimizer.build(variables)

        @library.compiled
        def step(*gradients):
            optimizer.apply(list(gradients), variables)

        trajectory = []
        for gradient in gradients:
            step(*map(keras.ops.convert_to_tensor, gradient))
            trajectory.append([oracle.as_numpy(v) for v in variables])
    return trajectory
