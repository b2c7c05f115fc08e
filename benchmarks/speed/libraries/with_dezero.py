"""DeZero: the training loop of its examples. It has no GRU."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.speed.libraries.aged import bring_back_old_names
from benchmarks.speed.workloads import Conv, Dense, Flatten, Layer, Pool, Recurrent, Training, Update

PACKAGE = "dezero"
INSTALL = 'pip install -c constraints.txt -e ".[bench]"'


def build(workload: Training):
    """A ``dezero.Model`` that applies the layers in order, channels first; it ends in logits."""
    bring_back_old_names()
    import dezero

    model = dezero.Model()
    functions = []
    for k, layer in enumerate(workload.layers):
        part, function = _part(dezero, layer)
        functions.append(function)
        if part is not None:
            setattr(model, f"layer{k}", part)  # so that model.params() finds its parameters

    def forward(x):
        for function in functions:
            x = function(x)
        return x

    model.forward = forward
    return model


def _part(dezero, layer: Layer):
    """The layer that holds parameters, if there are any, and the function of a ``Variable`` that applies it."""
    F, L = dezero.functions, dezero.layers
    match layer:
        case Dense(units, activation):
            dense = L.Linear(units)
            return dense, (lambda x: F.relu(dense(x))) if activation == "relu" else dense
        case Conv(filters, kernel):
            conv = L.Conv2d(filters, kernel)
            return conv, lambda x: F.relu(conv(x))
        case Pool(size):
            return None, lambda x: F.pooling(x, size, stride=size)
        case Flatten():
            return None, F.flatten
        case Recurrent(kind, units):
            cell = {"LSTM": L.LSTM, "SimpleRNN": L.RNN}[kind](units)
            return cell, lambda x: _last_state(cell, x)


def _last_state(cell, x):
    cell.reset_state()
    for step in np.moveaxis(x, 1, 0):
        state = cell(np.ascontiguousarray(step))
    return state


def training(workload: Training) -> Callable[[int], None] | None:
    if any(isinstance(layer, Recurrent) and layer.kind == "GRU" for layer in workload.layers):
        return None
    model, (x, y) = build(workload), workload.data(workload.steps)
    import dezero

    if len(workload.input_shape) == 3:
        x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    optimizer = dezero.optimizers.Adam().setup(model)
    loss_of = dezero.functions.softmax_cross_entropy if workload.classifies else dezero.functions.mean_squared_error

    def run(steps: int) -> None:
        for start in range(0, steps * workload.batch, workload.batch):
            batch = slice(start, start + workload.batch)
            loss = loss_of(model(x[batch]), y[batch])
            model.cleargrads()
            loss.backward()
            optimizer.update()

    return run


def updating(workload: Update) -> Callable[[int], None]:
    bring_back_old_names()
    import dezero

    model = dezero.Model()
    for k, (value, gradient) in enumerate(zip(*workload.data())):
        parameter = dezero.Parameter(value)
        parameter.grad = dezero.Variable(gradient)
        setattr(model, f"parameter{k}", parameter)
    optimizer = dezero.optimizers.Adam().setup(model)

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.update()

    return run
