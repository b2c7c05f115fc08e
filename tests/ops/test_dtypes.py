"""Gradients and states have the type of x, whatever the type of dL/dy; shapes in both data formats."""

import numpy as np
import pytest

from kerasedu import ops
from kerasedu.ops.data_format import shape_channels_last, shape_from_channels_last

RNG = np.random.default_rng(0)


def numbers(*shape, dtype="float32"):
    return RNG.standard_normal(shape).astype(dtype)


DY = numbers(2, 3, 3, 4, dtype="float64")
X, KERNEL = numbers(2, 4, 4, 3), numbers(2, 2, 3, 4)
ROWS = numbers(6, 3)
CALLS = {
    "conv": lambda: ops.conv_backward(DY, X, KERNEL),
    "max_pool": lambda: ops.max_pool_backward(DY[:, :2, :2, :3], X, 2),
    "average_pool": lambda: ops.average_pool_backward(DY[:, :2, :2, :3], X, 2),
    "einsum": lambda: ops.einsum_backward(numbers(6, dtype="float64"), "ij,kl->i", ROWS, numbers(2, 5)),
    "layer_normalization": lambda: ops.layer_normalization_backward(numbers(6, 3, dtype="float64"), ROWS),
    "batch_normalization": lambda: ops.batch_normalization_backward(
        numbers(6, 3, dtype="float64"), ROWS, numbers(3), numbers(3) ** 2, -1
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_gradients_have_the_type_of_x(name):
    result = CALLS[name]()
    for gradient in result if isinstance(result, (tuple, list)) else [result]:
        if gradient is not None:
            assert gradient.dtype == np.float32


@pytest.mark.parametrize(("kind", "gates", "states"), [("simple_rnn", 1, 1), ("lstm", 4, 2), ("gru", 3, 1)])
def test_sequences_stay_in_float32(kind, gates, states):
    x, h = numbers(5, 2, 3), [numbers(2, 4) for _ in range(states)]
    bias = numbers(2, 12) if kind == "gru" else numbers(4 * gates)
    histories, cache = getattr(ops, f"{kind}_sequence")(x, *h, numbers(3, 4 * gates), numbers(4, 4 * gates), bias)
    gradients = getattr(ops, f"{kind}_sequence_backward")(None, *h, cache)
    for array in (*(histories if states > 1 else [histories]), *gradients, *(a for a in cache if a is not None)):
        assert array.dtype in (np.float32, bool)


def test_shapes_change_places_with_their_axes():
    assert shape_channels_last((2, 3, 4, 5), "channels_first") == (2, 4, 5, 3)
    assert shape_from_channels_last((2, 4, 5, 3), "channels_first") == (2, 3, 4, 5)
    assert shape_channels_last((2, 3, 4), "channels_last") == shape_from_channels_last((2, 3, 4), None) == (2, 3, 4)
