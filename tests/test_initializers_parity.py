"""Initializers against Keras's: equal constants, equal distributions; regularizers and constraints number by number."""

import inspect

import numpy as np
import pytest

from kerasedu import constraints, initializers, regularizers
from kerasedu.configurable import constructor_arguments
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity

RANDOM = [
    ("RandomNormal", {}),
    ("RandomNormal", {"mean": 1.0, "stddev": 2.0}),
    ("RandomUniform", {}),
    ("RandomUniform", {"minval": 1.0, "maxval": 3.0}),
    ("TruncatedNormal", {}),
    ("TruncatedNormal", {"mean": 1.0, "stddev": 2.0}),
    ("VarianceScaling", {}),
    *(("VarianceScaling", {"scale": 2.0, "mode": mode}) for mode in ("fan_in", "fan_out", "fan_avg")),
    *(("VarianceScaling", {"distribution": d}) for d in ("uniform", "untruncated_normal", "normal", "Uniform")),
    ("VarianceScaling", {"input_axes": [0], "output_axes": [1, 2]}),
    *((f"{who}{what}", {}) for who in ("Glorot", "He", "Lecun") for what in ("Uniform", "Normal")),
    ("HeUniform", {"input_axes": [-1], "output_axes": [0]}),
    ("Orthogonal", {}),
    ("Orthogonal", {"gain": 3.0}),
]
W = np.random.default_rng(0).standard_normal((4, 3, 2))


@pytest.fixture(scope="module")
def keras():
    return oracle.load()[0]


@pytest.mark.parametrize(("name", "options"), RANDOM)
@pytest.mark.parametrize("shape", [(100, 60), (3, 30, 40), (4, 5, 20, 30)])
def test_the_distribution_is_keras_s(keras, name, options, shape):
    if 2 in options.get("output_axes", ()) and len(shape) < 3:
        shape = (*shape, 2)
    ours = getattr(initializers, name)(seed=1, **options)(shape)
    theirs = np.asarray(getattr(keras.initializers, name)(seed=2, **options)(shape))
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    # the largest gap between two empirical distributions of n numbers (Kolmogorov, Smirnov): below 2.2 √(1/n) in all
    # but one of 10,000 cases
    values = np.sort(np.concatenate([ours.ravel(), theirs.ravel()]))
    parts = [np.searchsorted(np.sort(a.ravel()), values, side="right") / a.size for a in (ours, theirs)]
    assert np.abs(parts[0] - parts[1]).max() < 2.2 / np.sqrt(ours.size)
    np.testing.assert_allclose(ours.std(), theirs.std(), rtol=5 / np.sqrt(ours.size))
    if "ormal" not in name or "Truncated" in name:
        np.testing.assert_allclose(ours.max() - ours.min(), theirs.max() - theirs.min(), rtol=0.35)


@pytest.mark.parametrize(
    ("name", "options"),
    [("Zeros", {}), ("Ones", {}), ("Constant", {"value": 0.1}), ("Identity", {}), ("Identity", {"gain": 0.1})],
)
@pytest.mark.parametrize("shape", [(2, 3), (3, 2)])
@pytest.mark.parametrize("dtype", [None, "float32", "float64"])
def test_constants(keras, name, options, shape, dtype):
    ours = getattr(initializers, name)(**options)(shape, dtype=dtype)
    theirs = np.asarray(getattr(keras.initializers, name)(**options)(shape, dtype=dtype))
    np.testing.assert_array_equal(ours, theirs)
    assert ours.dtype == theirs.dtype


@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (5, 3, 4), (2, 5, 3, 4)])
def test_fans(shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert initializers.compute_fans(shape) == compute_fans(shape)


@pytest.mark.parametrize("room", [initializers, regularizers, constraints])
def test_arguments_and_defaults_are_keras_s(keras, room):
    theirs = getattr(keras, room.__name__.rpartition(".")[2])
    classes = {
        name: cls
        for name, cls in vars(room).items()
        if isinstance(cls, type) and cls.__module__.startswith(room.__name__)
    }
    compared = 0
    for name, cls in classes.items():
        if name in ("Initializer", "RandomInitializer", "Regularizer", "Constraint"):
            continue
        wanted = inspect.signature(getattr(theirs, name)).parameters
        got = inspect.signature(cls).parameters
        assert [(p.name, p.default) for p in got.values()] == [(p.name, p.default) for p in wanted.values()]
        assert set(constructor_arguments(cls)) == set(wanted)
        compared += 1
    assert compared >= 4


@pytest.mark.parametrize(
    ("name", "options"),
    [("L1", {}), ("L1", {"l1": 0.3}), ("L2", {}), ("L2", {"l2": 0.3}), ("L1L2", {}), ("L1L2", {"l1": 0.1, "l2": 0.2})],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_penalties_and_their_gradients(keras, name, options, dtype):
    w = W.astype(dtype)
    w[0, 0] = 0
    with oracle.precision(dtype):
        (expected,), (slope,) = oracle.vjp(getattr(keras.regularizers, name)(**options), [w])
    ours = getattr(regularizers, name)(**options)
    tolerance = 20 * np.finfo(dtype).eps
    np.testing.assert_allclose(ours(w), expected, rtol=tolerance)
    np.testing.assert_allclose(ours.backward(w), slope, rtol=tolerance)
    assert (ours(w).dtype, ours.backward(w).dtype) == (expected.dtype, slope.dtype)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("NonNeg", {}),
        ("MaxNorm", {}),
        ("MaxNorm", {"max_value": 0.7, "axis": [0, 1]}),
        ("MinMaxNorm", {}),
        ("MinMaxNorm", {"min_value": 0.3, "max_value": 0.7, "rate": 0.3, "axis": 1}),
        ("UnitNorm", {}),
        ("UnitNorm", {"axis": -1}),
    ],
)
@pytest.mark.parametrize("size", [1, 1e-7, 0, 1e3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_projections(keras, name, options, size, dtype):
    w = (size * W).astype(dtype)
    expected = np.asarray(getattr(keras.constraints, name)(**options)(w))
    got = getattr(constraints, name)(**options)(w)
    np.testing.assert_allclose(got, expected, rtol=20 * np.finfo(dtype).eps)
    assert got.dtype == expected.dtype
