"""Convolution, pooling and normalization against keras.ops: values and derivatives over drawn configurations."""

import numpy as np
import pytest

from kerasedu import ops, parity
from kerasedu.parity import oracle

pytestmark = pytest.mark.parity


def conv_problem(seed):
    """Shapes and options as they come: strides or dilation, padding, groups, odd and even lengths."""
    rng = np.random.default_rng(seed)
    rank = rng.integers(1, 3)
    size, d = rng.integers(1, 4, rank), rng.integers(1, 3, rank)
    lengths = [int(rng.integers(1 + b * (k - 1), 9)) for k, b in zip(size, d)]
    groups = 1 + (seed % 4 == 0)
    channels, filters = (int(n) for n in rng.integers(1, 4, 2))
    step = {"dilation_rate": d.tolist()} if seed % 2 else {"strides": rng.integers(1, 4, rank).tolist()}
    x = rng.standard_normal((rng.integers(1, 3), *lengths, groups * channels))
    kernel = rng.standard_normal((*size, channels, groups * filters))
    return x, kernel, {"padding": ("valid", "same")[seed % 3 % 2], **step}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(24))
def test_conv(seed, dtype):
    x, kernel, options = conv_problem(seed)
    report = parity.check(ops.conv, (x.astype(dtype), kernel.astype(dtype)), **options)
    assert report.passed, report


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("pool", [ops.max_pool, ops.average_pool])
def test_pooling(pool, seed, dtype):
    """With few different numbers, so that many maxima are equal."""
    rng = np.random.default_rng(seed)
    rank = rng.integers(1, 3)
    size = rng.integers(1, 4, rank).tolist()
    strides = rng.integers(1, 4, rank).tolist() if seed % 3 else None
    x = rng.integers(-2, 3, (2, *(rng.integers(k, 9) for k in size), 2)).astype(dtype)
    report = parity.check(pool, x, pool_size=size, strides=strides, padding=("valid", "same")[seed % 2])
    assert report.passed, report


@pytest.mark.parametrize(("dtype", "limit"), [("float32", 1e-5), ("float64", 1e-13)])
@pytest.mark.parametrize("names", [(), ("offset",), ("scale",), ("offset", "scale")], ids=" and ".join)
@pytest.mark.parametrize("axis", [-1, 1, 2])
def test_batch_normalization(axis, names, dtype, limit):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 4, 5)).astype(dtype)
    arguments = [x, *rng.uniform(0.5, 1.5, (2 + len(names), x.shape[axis])).astype(dtype)]
    dy = rng.standard_normal(x.shape).astype(dtype)

    def call(f, x, mean, variance, *values):
        return f(x, mean, variance, axis, **dict(zip(names, values)))

    keras, _ = oracle.load()
    (y,), expected = oracle.vjp(lambda *tensors: call(keras.ops.batch_normalization, *tensors), arguments, [dy])
    np.testing.assert_allclose(call(ops.batch_normalization, *arguments), y, rtol=limit, atol=limit)
    gradients = call(lambda *a, **o: ops.batch_normalization_backward(dy, *a, **o), *arguments)
    for ours, theirs in zip([g for g in gradients if g is not None], expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=limit, atol=10 * limit)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("rms_scaling", [False, True])
@pytest.mark.parametrize(("axis", "shape"), [(-1, (5,)), (1, (4,)), ([1, 2], (4, 5)), ([-1, 1], (5, 4))])
def test_layer_normalization(axis, shape, rms_scaling, dtype):
    rng = np.random.default_rng(1)
    x, gamma, beta = (rng.standard_normal(s).astype(dtype) for s in ((3, 4, 5), shape, shape))
    for arguments in ((x, gamma), (x,), (x, gamma, beta))[: 2 if rms_scaling else 3]:
        report = parity.check(ops.layer_normalization, arguments, axis=axis, epsilon=0.01, rms_scaling=rms_scaling)
        assert report.passed, report
