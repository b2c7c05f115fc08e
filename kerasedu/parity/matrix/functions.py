"""Ops, activations, regularizers, constraints: y and dL/dx."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from kerasedu import activations, constraints, ops, regularizers
from kerasedu.parity.matrix.case import Case, Draw

UNARY = ("square", "transpose", "relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "softplus", "softsign",
         "silu", "swish", "gelu", "leaky_relu", "softmax", "log_softmax", "logsumexp")  # fmt: skip
BINARY = ("add", "subtract", "multiply", "divide")
SHAPES = (((3, 4), (3, 4)), ((3, 4), (4,)), ((2, 1, 4), (3, 1)))
ACTIVATIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "linear": ({},),
    "relu": ({}, {"negative_slope": 0.2}, {"max_value": 1.0, "threshold": 0.1}),
    "leaky_relu": ({}, {"negative_slope": 0.1}),
    "elu": ({}, {"alpha": 0.5}),
    "selu": ({},),
    "gelu": ({}, {"approximate": True}),
    "sigmoid": ({},),
    "hard_sigmoid": ({},),
    "tanh": ({},),
    "softmax": ({}, {"axis": 0}),
    "log_softmax": ({}, {"axis": 0}),
    "softplus": ({},),
    "softsign": ({},),
    "silu": ({},),
    "swish": ({},),
    "exponential": ({},),
}


def function_cases(dtype: str) -> Iterator[Case]:
    """Ops and what is like them."""
    yield from _ops(dtype)
    yield from _products(dtype)
    yield from _spatial(dtype)
    yield from _crossentropies(dtype)
    draw = Draw(dtype)
    for name, variants in ACTIVATIONS.items():
        for options, shape in product(variants, ((5, 7), (2, 3, 4))):
            yield Case("activations", (name,), getattr(activations, name), draw.normal(*shape), dtype, options=options)
    for penalty in (regularizers.L1(0.02), regularizers.L2(0.03), regularizers.L1L2(0.02, 0.03)):
        yield Case("regularizers", (type(penalty).__name__,), penalty, draw.normal(4, 5), dtype)
    for axis in (0, 1):
        for projection in (
            constraints.MaxNorm(0.8, axis=axis),
            constraints.MinMaxNorm(0.5, 1.0, rate=0.7, axis=axis),
            constraints.UnitNorm(axis=axis),
        ):
            yield Case("constraints", (type(projection).__name__,), projection, draw.normal(4, 5), dtype)
    yield Case("constraints", ("NonNeg",), constraints.NonNeg(), draw.normal(4, 5), dtype)


def _op(name: str, x: Any, dtype: str, **options: Any) -> Case:
    return Case("ops", (name,), getattr(ops, name), x, dtype, options=options)


def _ops(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 1)
    for name, shape in product(UNARY, ((4, 5), (2, 3, 4))):
        yield _op(name, draw.normal(*shape), dtype)
    for name, (a, b) in product(BINARY, SHAPES):
        yield _op(name, (draw.normal(*a), draw.positive(*b)), dtype)
    for axis in (0, -1):
        yield _op("concatenate", ([draw.normal(2, 3), draw.normal(2, 3)],), dtype, axis=axis)
        yield _op("stack", ([draw.normal(2, 3), draw.normal(2, 3)],), dtype, axis=axis)
        yield _op("logsumexp", draw.normal(3, 4), dtype, axis=axis, keepdims=True)
        yield _op("softmax", draw.normal(3, 4), dtype, axis=axis)
    yield _op("split", draw.normal(6, 4), dtype, indices_or_sections=3)
    yield _op("split", draw.normal(6, 4), dtype, indices_or_sections=[1, 4])
    yield _op("transpose", draw.normal(2, 3, 4), dtype, axes=(2, 0, 1))
    options = {"num_classes": 5, "dtype": dtype}
    yield Case("ops", ("one_hot",), ops.one_hot, draw.integers(5, 3, 2), dtype, options=options)
    for axes, keepdims in (((0,), False), ((0, 1), True)):
        yield _op("moments", draw.normal(6, 5), dtype, axes=axes, keepdims=keepdims)
    x, mean, variance, scale, shift = (
        draw.normal(6, 4),
        draw.normal(4),
        draw.positive(4),
        draw.normal(4),
        draw.normal(4),
    )
    yield _op("batch_normalization", (x, mean, variance), dtype, axis=-1)
    yield _op("batch_normalization", (x, mean, variance), dtype, axis=-1, epsilon=0.01)
    yield _op("layer_normalization", (x, scale, shift), dtype)
    yield _op("layer_normalization", (x, scale), dtype, epsilon=0.01)


def _products(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 2)
    for a, b in (((3, 4), (4, 5)), ((4,), (4, 5)), ((3, 4), (4,)), ((2, 3, 4), (4, 5)), ((2, 1, 3, 4), (5, 4, 2))):
        yield _op("matmul", (draw.normal(*a), draw.normal(*b)), dtype)
    for a, b in (((3, 4), (4, 5)), ((4,), (4,)), ((2, 3, 4), (5, 4, 2))):
        yield _op("dot", (draw.normal(*a), draw.normal(*b)), dtype)
    yield _op("outer", (draw.normal(3), draw.normal(4)), dtype)
    for subscripts, a, b in (
        ("ij,jk->ik", (3, 4), (4, 5)),
        ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)),
        ("ij,ij->i", (3, 4), (3, 4)),
    ):
        yield _op("einsum", (subscripts, draw.normal(*a), draw.normal(*b)), dtype)


def _spatial(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 3)
    for padding, strides, dilation in product(("valid", "same"), (1, 2), (1, 2)):
        if strides > 1 and dilation > 1:  # Keras refuses both at once
            continue
        options = {"padding": padding, "strides": strides, "dilation_rate": dilation}
        yield _op("conv", (draw.normal(2, 9, 3), draw.normal(3, 3, 4)), dtype, **options)
        yield _op("conv", (draw.normal(2, 7, 8, 3), draw.normal(3, 2, 3, 4)), dtype, **options)
        yield _op("conv", (draw.normal(2, 7, 8, 4), draw.normal(3, 3, 2, 6)), dtype, **options)
    for name, padding, strides in product(("max_pool", "average_pool"), ("valid", "same"), (1, 2, 3)):
        yield _op(name, draw.normal(2, 9, 3), dtype, pool_size=2, strides=strides, padding=padding)
        yield _op(name, draw.normal(2, 7, 8, 3), dtype, pool_size=(3, 2), strides=strides, padding=padding)


def _crossentropies(dtype: str) -> Iterator[Case]:
    draw = Draw(dtype, 4)
    for from_logits in (False, True):
        scores = draw.normal(5, 4) if from_logits else draw.probabilities(5, 4)
        yield _op("categorical_crossentropy", (draw.one_hot(4, 5), scores), dtype, from_logits=from_logits)
        yield _op("sparse_categorical_crossentropy", (draw.integers(4, 5), scores), dtype, from_logits=from_logits)
        scores = draw.normal(5, 4) if from_logits else draw.fractions(5, 4)
        yield _op("binary_crossentropy", (draw.fractions(5, 4), scores), dtype, from_logits=from_logits)
