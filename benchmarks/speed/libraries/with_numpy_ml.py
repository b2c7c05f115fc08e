"""numpy-ml: its layers one after the other. It computes in float64, and its recurrent layers keep no last state."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.speed.libraries.aged import bring_back_old_names
from benchmarks.speed.workloads import Conv, Dense, Flatten, Layer, Pool, Recurrent, Training, Update

PACKAGE = "numpy_ml"
INSTALL = 'pip install -c constraints.txt -e ".[bench]"'


def build(workload: Training) -> list:
    """The layers from input to output, without the softmax, whose gradient is that of the loss."""
    bring_back_old_names()
    from numpy_ml.neural_nets import layers

    return [_layer(layers, layer) for layer in workload.layers]


def _layer(layers, layer: Layer):
    match layer:
        case Dense(units, activation):
            return layers.FullyConnected(units, "ReLU" if activation == "relu" else None, optimizer="Adam")
        case Conv(filters, kernel):
            return layers.Conv2D(filters, (kernel, kernel), act_fn="ReLU", optimizer="Adam")
        case Pool(size):
            return layers.Pool2D((size, size), stride=size, optimizer="Adam")
        case Flatten():
            return layers.Flatten()


def training(workload: Training) -> Callable[[int], None] | None:
    if any(isinstance(layer, Recurrent) for layer in workload.layers):
        return None
    layers, (x, y) = build(workload), workload.data(workload.steps)
    from numpy_ml.neural_nets.losses import CrossEntropy

    one_hot = np.eye(workload.layers[-1].units)

    def run(steps: int) -> None:
        for start in range(0, steps * workload.batch, workload.batch):
            value, labels = x[start : start + workload.batch], one_hot[y[start : start + workload.batch]]
            for layer in layers:
                value = layer.forward(value)
            probabilities = _softmax(value)
            CrossEntropy.loss(labels, probabilities)
            gradient = CrossEntropy.grad(labels, probabilities)  # with respect to the logits
            for layer in reversed(layers):
                gradient = layer.backward(gradient)
                layer.update()

    return run


def _softmax(z: np.ndarray) -> np.ndarray:
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def updating(workload: Update) -> Callable[[int], None]:
    bring_back_old_names()
    from numpy_ml.neural_nets.optimizers import Adam

    parameters, gradients = workload.data()
    optimizer = Adam()

    def run(steps: int) -> None:
        for _ in range(steps):
            optimizer.step()
            for k, gradient in enumerate(gradients):
                parameters[k] = optimizer(parameters[k], gradient, f"parameter{k}")

    return run
