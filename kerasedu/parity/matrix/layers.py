"""Layers without windows and without memory: outputs, masks, every gradient, moving statistics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kerasedu import layers
from kerasedu.layers import Layer
from kerasedu.parity.matrix.case import Case, Draw

MASK = np.array([[1, 1, 0, 0], [1, 0, 1, 1], [1, 1, 1, 1]], bool)
RANDOM_BIAS = {"bias_initializer": "random_normal"}  # zeros would hide a wrong bias
MERGING = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")


def layer_cases(dtype: str) -> Iterator[Case]:
    """Dense, activations, shapes, merging, normalization, embedding, wrappers."""
    for layer, x in _one_input(dtype):
        yield layer_case(layer, x, dtype)
    yield from _merging(dtype)
    yield from _normalization(dtype)
    yield from _steps(dtype)


def layer_case(layer: Layer, x: Any, dtype: str, family: str = "layers", **options: Any) -> Case:
    return Case(family, (type(layer).__name__,), layer, x, dtype, options=options)


def _one_input(dtype: str) -> Iterator[tuple[Layer, np.ndarray]]:
    draw = Draw(dtype, 10)
    rows, steps = draw.normal(5, 4), draw.normal(3, 4, 5)
    for options in ({}, {"use_bias": False}, {"activation": "relu"}, {"activation": "softmax"}, {"activation": "tanh"}):
        for x in (rows, steps):
            yield layers.Dense(3, dtype=dtype, **RANDOM_BIAS, **options), x
    regularized = {"kernel_regularizer": "l2", "bias_regularizer": "l1", "kernel_constraint": "max_norm"}
    yield layers.Dense(3, dtype=dtype, **regularized), rows
    for name in ("relu", "sigmoid", "tanh", "softmax", "gelu", "selu", "hard_sigmoid", "softplus"):
        yield layers.Activation(name, dtype=dtype), steps
    yield layers.ReLU(dtype=dtype), steps
    yield layers.ReLU(max_value=1.0, negative_slope=0.25, threshold=0.5, dtype=dtype), steps
    yield layers.LeakyReLU(dtype=dtype), steps
    yield layers.LeakyReLU(negative_slope=0.1, dtype=dtype), steps
    yield layers.ELU(dtype=dtype), steps
    yield layers.ELU(alpha=0.7, dtype=dtype), steps
    for axis in (-1, 1, [1, 2]):
        yield layers.Softmax(axis, dtype=dtype), steps
    yield layers.Identity(dtype=dtype), steps
    yield layers.Dropout(0.5, dtype=dtype), steps
    yield layers.Flatten(dtype=dtype), steps
    yield layers.Flatten("channels_first", dtype=dtype), steps
    yield layers.Reshape((2, 10), dtype=dtype), steps
    yield layers.Reshape((-1, 2), dtype=dtype), steps
    yield layers.Permute((2, 1), dtype=dtype), steps
    yield layers.RepeatVector(3, dtype=dtype), rows


def _merging(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 11)
    pairs = ([(3, 4, 5), (3, 4, 5)], [(3, 1, 5), (3, 4, 1)], [(3, 5), (3, 4, 5)])
    for name in MERGING:
        for shapes in pairs[:1] if name == "Concatenate" else pairs:
            inputs = [draw.integers(4, *shape).astype(dtype) for shape in shapes]  # few numbers, so ties
            yield layer_case(getattr(layers, name)(dtype=dtype), inputs, dtype)
        if name != "Subtract":
            inputs = [draw.normal(3, 4) for _ in range(3)]
            yield layer_case(getattr(layers, name)(dtype=dtype), inputs, dtype)
    yield layer_case(layers.Concatenate(axis=1, dtype=dtype), [draw.normal(3, 2, 5), draw.normal(3, 4, 5)], dtype)


def _normalization(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 12)
    trained = {"gamma_initializer": "random_normal", "beta_initializer": "random_normal", "dtype": dtype}
    for training in (False, True):
        for options in ({}, {"axis": 1}, {"center": False}, {"scale": False}, {"momentum": 0.6, "epsilon": 0.01}):
            layer = layers.BatchNormalization(**options, **trained)
            yield layer_case(layer, draw.normal(6, 4, 3), dtype, training=training)
        yield layer_case(layers.BatchNormalization(**trained), draw.normal(2, 3, 4, 3), dtype, training=training)
        yield layer_case(
            layers.BatchNormalization(**trained), draw.normal(3, 4, 2), dtype, training=training, mask=MASK
        )
    for options in ({}, {"axis": (1, 2)}, {"center": False}, {"scale": False}, {"epsilon": 0.01}, {"axis": 1}):
        yield layer_case(layers.LayerNormalization(**options, **trained), draw.normal(3, 4, 5), dtype)


def _steps(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 13)
    words = draw.integers(6, 3, 4)
    yield layer_case(layers.Embedding(6, 3, dtype=dtype), words, dtype)
    yield layer_case(layers.Embedding(6, 3, mask_zero=True, dtype=dtype), words, dtype)
    padded = draw.normal(3, 4, 2)
    padded[0, 2:] = padded[1, 1] = 0
    yield layer_case(layers.Masking(dtype=dtype), padded, dtype)
    yield layer_case(layers.Masking(mask_value=0.5, dtype=dtype), padded, dtype)
    for mask in (None, MASK):
        options = {} if mask is None else {"mask": mask}
        inner = layers.Dense(3, activation="softmax", dtype=dtype, **RANDOM_BIAS)
        yield layer_case(layers.TimeDistributed(inner, dtype=dtype), draw.normal(3, 4, 5), dtype, **options)
    yield layer_case(
        layers.TimeDistributed(layers.Conv2D(2, 3, dtype=dtype), dtype=dtype), draw.normal(2, 3, 5, 5, 1), dtype
    )
