"""Whole training runs: the history and every weight after every step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kerasedu import layers, optimizers
from kerasedu.models import Model, Sequential
from kerasedu.parity.matrix.case import Case, Draw
from kerasedu.parity.training import check_fit

SAMPLES, CLASSES = 24, 3


def model_cases(dtype: str) -> Iterator[Case]:
    """Two epochs of every kind of network, and of one network under every optimizer."""
    draw = Draw(dtype, 50)
    rows, images, series = draw.normal(SAMPLES, 6), draw.normal(SAMPLES, 8, 8, 1), draw.normal(SAMPLES, 5, 4)
    labels = draw.integers(CLASSES, SAMPLES)
    for name, hidden, x in (
        ("MLP", [layers.Dense(8, activation="relu")], rows),
        ("MLP with normalization", [layers.Dense(8), layers.BatchNormalization(), layers.ReLU()], rows),
        ("CNN", [layers.Conv2D(4, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()], images),
        ("CNN with averages", [layers.Conv2D(4, 3, padding="same"), layers.GlobalAveragePooling2D()], images),
        ("SimpleRNN", [layers.SimpleRNN(6)], series),
        ("LSTM", [layers.LSTM(6)], series),
        ("GRU", [layers.GRU(6)], series),
        ("Bidirectional LSTM", [layers.Bidirectional(layers.LSTM(4))], series),
    ):
        yield _training(name, _classifier(hidden, x, dtype), x, labels, dtype)
    for optimizer in ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Adamax", "Nadam"):
        model = _classifier([layers.Dense(8, activation="tanh")], rows, dtype, getattr(optimizers, optimizer)())
        yield _training(f"MLP with {optimizer}", model, rows, labels, dtype)
    yield _two_inputs_two_outputs(dtype)


def _classifier(hidden: list, x: Any, dtype: str, optimizer: Any = "adam") -> Sequential:
    stack = [type(layer).from_config({**layer.get_config(), "dtype": dtype}) for layer in hidden]
    last = layers.Dense(CLASSES, activation="softmax", dtype=dtype)
    model = Sequential([layers.Input(x.shape[1:], dtype=dtype), *stack, last])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _two_inputs_two_outputs(dtype: str) -> Case:
    draw = Draw(dtype, 51)
    a, b = layers.Input((4,), dtype=dtype), layers.Input((3,), dtype=dtype)
    shared = layers.Dense(5, activation="tanh", dtype=dtype)
    left, right = shared(a), shared(layers.Dense(4, dtype=dtype)(b))
    together = layers.Concatenate(dtype=dtype)([left, right])
    number = layers.Dense(1, name="number", dtype=dtype)(together)
    kind = layers.Dense(CLASSES, activation="softmax", name="kind", dtype=dtype)(layers.Add(dtype=dtype)([left, right]))
    model = Model([a, b], [number, kind])
    losses = ["mse", "sparse_categorical_crossentropy"]
    model.compile(optimizers.SGD(0.05, momentum=0.9), losses, loss_weights=[0.3, 1.0])
    x = [draw.normal(SAMPLES, 4), draw.normal(SAMPLES, 3)]
    y = [draw.normal(SAMPLES, 1), draw.integers(CLASSES, SAMPLES)]
    return _training("two inputs, two outputs, a shared layer", model, x, y, dtype, "Model")


def _training(label: str, model: Model, x: Any, y: Any, dtype: str, name: str = "Sequential") -> Case:
    options = {"epochs": 2, "batch_size": 8}
    return Case("training", (name,), model, x, dtype, y, options, label=label, compare=check_fit)
