"""Batch and layer normalization: by their formulas, their invariances, and their gradients against differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops
from kerasedu.gradcheck import numerical_gradient


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


def slopes(f, arguments, dy):
    """dL/da for each argument a, with L = Σ dy f(…), by differences."""
    for i, argument in enumerate(arguments):
        yield numerical_gradient(lambda a, i=i: (dy * f(*arguments[:i], a, *arguments[i + 1 :])).sum(), argument)


# -- batch normalization ----------------------------------------------------------------------------------------------


def test_batch_normalization_by_its_formula():
    x = np.array([[1.0, 10], [3, 20]])
    y = ops.batch_normalization(x, [1, 10], [3, 24], -1, offset=[1, 0], scale=[1, 2], epsilon=1)
    np.testing.assert_allclose(y, [[1, 0], [2, 4]])
    y = ops.batch_normalization(x, [1, 10], [3, 24], -1, epsilon=1)
    np.testing.assert_allclose(y, [[0, 0], [1, 2]])


def test_the_default_epsilon_is_a_thousandth():
    np.testing.assert_allclose(ops.batch_normalization([[1.0]], [0.0], [0.0], -1), [[1 / np.sqrt(1e-3)]], rtol=1e-6)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_each_place_along_the_axis_has_its_own_statistics(axis):
    x = draw(0, 3, 4, 5)
    others = tuple(k for k in range(3) if k != axis % 3)
    mean, variance = x.mean(others), x.var(others)
    y = ops.batch_normalization(x, mean, variance, axis, epsilon=0)
    np.testing.assert_allclose(y.mean(others), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(others), 1)


@pytest.mark.parametrize("axis", [1, -1])
@pytest.mark.parametrize("given", ["both", "offset", "scale", "neither"])
def test_batch_normalization_gradients_agree_with_differences(axis, given):
    x, n = draw(1, 3, 4, 2), (3, 4, 2)[axis]
    optional = {"offset": draw(2, n), "scale": draw(3, n)}
    optional = {name: values for name, values in optional.items() if given in (name, "both")}

    def f(x, mean, variance, *values):
        return ops.batch_normalization(x, mean, variance, axis, **dict(zip(optional, values)), epsilon=0.1)

    arguments = [x, draw(4, n), draw(5, n) ** 2, *optional.values()]
    dy = draw(6, *x.shape)
    gradients = ops.batch_normalization_backward(dy, *arguments[:3], axis, **optional, epsilon=0.1)
    assert [g is None for g in gradients[3:]] == [name not in optional for name in ("offset", "scale")]
    found = [g for g in gradients if g is not None]
    for ours, expected, argument in zip(found, slopes(f, arguments, dy), arguments, strict=True):
        assert ours.shape == argument.shape
        np.testing.assert_allclose(ours, expected, rtol=1e-7, atol=1e-8)


def test_statistics_may_keep_their_axes():
    x = draw(0, 3, 4)
    mean, variance = ops.moments(x, 0, keepdims=True)
    y = ops.batch_normalization(x, mean, variance, -1)
    np.testing.assert_array_equal(y, ops.batch_normalization(x, mean[0], variance[0], -1))
    _, d_mean, d_variance, *_ = ops.batch_normalization_backward(y, x, mean, variance, -1)
    assert d_mean.shape == d_variance.shape == (1, 4)


# -- layer normalization ----------------------------------------------------------------------------------------------


def test_layer_normalization_by_its_formula():
    x = np.array([[1.0, 3], [10, 30]])
    np.testing.assert_allclose(ops.layer_normalization(x, epsilon=0), [[-1, 1], [-1, 1]])
    y = ops.layer_normalization(x, [1, 2], [10, 20], epsilon=3)  # variances 1 and 100
    np.testing.assert_allclose(y, [[9.5, 21], [10 - 10 / np.sqrt(103), 20 + 20 / np.sqrt(103)]])


def test_rms_scaling_neither_centres_nor_divides_by_the_root_of_the_mean_square():
    x = np.array([[1.0, 3]])  # variance 1, mean square 5
    np.testing.assert_allclose(ops.layer_normalization(x, [1, 2], [5, 5], epsilon=3, rms_scaling=True), [[0.5, 3]])


def test_the_default_epsilon_is_a_ten_millionth():
    x = np.array([[0.0, 2e-4]])  # variance 1e-8
    expected = 1e-4 / np.sqrt(1e-8 + 1e-7)
    np.testing.assert_allclose(ops.layer_normalization(x), [[-expected, expected]])


@given(shift=st.floats(-9, 9), stretch=st.floats(0.1, 9), seed=st.integers(0, 99))
def test_shifting_and_stretching_a_sample_changes_nothing(shift, stretch, seed):
    x = draw(seed, 2, 5)
    changed = x * [[stretch], [1]] + [[shift], [0]]
    y, y_changed = (ops.layer_normalization(a, epsilon=0) for a in (x, changed))
    np.testing.assert_allclose(y_changed, y, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("axis", [-1, 1, [1, 2], (1, 3), [-1, -3], [2]])
def test_every_sample_has_mean_0_and_variance_1(axis):
    x = draw(0, 3, 4, 5, 6) * 3 + 7
    y = ops.layer_normalization(x, axis=axis, epsilon=0)
    axes = tuple(np.atleast_1d(axis))
    np.testing.assert_allclose(y.mean(axes), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axes), 1)


def test_gamma_and_beta_have_the_shape_of_the_axes():
    x, gamma, beta = draw(0, 2, 3, 4, 5), draw(1, 3, 5), draw(2, 3, 5)
    plain = ops.layer_normalization(x, axis=[1, 3])
    y = ops.layer_normalization(x, gamma, beta, axis=[1, 3])
    np.testing.assert_allclose(y, plain * gamma[:, None] + beta[:, None])


@pytest.mark.parametrize("rms_scaling", [False, True])
@pytest.mark.parametrize("given", ["both", "gamma", "beta", "neither"])
@pytest.mark.parametrize(("axis", "shape"), [(-1, (4,)), (1, (3,)), ([1, 2], (3, 4))])
def test_layer_normalization_gradients_agree_with_differences(axis, shape, given, rms_scaling):
    optional = {"gamma": draw(2, *shape), "beta": draw(3, *shape)}
    optional = {name: values for name, values in optional.items() if given in (name, "both")}
    options = {"axis": axis, "epsilon": 0.1, "rms_scaling": rms_scaling}

    def f(x, *values):
        return ops.layer_normalization(x, **dict(zip(optional, values)), **options)

    arguments = [draw(1, 2, 3, 4), *optional.values()]
    dy = draw(4, 2, 3, 4)
    gradients = ops.layer_normalization_backward(dy, arguments[0], **optional, **options)
    assert [g is None for g in gradients[1:]] == [name not in optional for name in ("gamma", "beta")]
    found = [g for g in gradients if g is not None]
    for ours, expected, argument in zip(found, slopes(f, arguments, dy), arguments, strict=True):
        assert ours.shape == argument.shape
        np.testing.assert_allclose(ours, expected, rtol=1e-7, atol=1e-8)


# -- both -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("epsilon", [1e-3, np.float64(1e-3)], ids=["float", "NumPy float"])
def test_the_type_of_the_input_is_kept(dtype, epsilon):
    x, ones = draw(0, 2, 3).astype(dtype), np.ones(3)
    assert ops.batch_normalization(x, ones, ones, -1, ones, ones, epsilon).dtype == dtype
    assert ops.layer_normalization(x, ones, ones, -1, epsilon).dtype == dtype
    for gradient in (
        *ops.batch_normalization_backward(x, x, ones, ones, -1, ones, ones, epsilon),
        *ops.layer_normalization_backward(x, x, ones, ones, -1, epsilon),
    ):
        assert gradient.dtype == dtype


def test_forward_and_backward_have_the_same_defaults():
    x, dy, ones = draw(0, 2, 3, 4), draw(1, 2, 3, 4), np.ones(4)
    for ours, expected in [
        (ops.layer_normalization(x), ops.layer_normalization(x, axis=-1, epsilon=1e-7, rms_scaling=False)),
        (
            ops.layer_normalization_backward(dy, x)[0],
            ops.layer_normalization_backward(dy, x, axis=2, epsilon=1e-7, rms_scaling=False)[0],
        ),
        (
            ops.batch_normalization_backward(dy, x, ones, ones, -1)[0],
            ops.batch_normalization_backward(dy, x, ones, ones, 2, np.zeros(4), ones, 1e-3)[0],
        ),
    ]:
        np.testing.assert_array_equal(ours, expected)


def test_integers_become_floats():
    assert ops.batch_normalization([[1, 2]], [0, 0], [1, 1], -1).dtype == np.float32
    assert ops.layer_normalization([[1, 2]]).dtype == np.float32


def test_empty_batches_and_read_only_arrays():
    for x in (np.zeros((0, 3)), np.broadcast_to(1.0, (2, 3))):
        y = ops.layer_normalization(x, np.ones(3))
        dx, d_gamma, _ = ops.layer_normalization_backward(y, x, np.ones(3))
        assert (y.shape, dx.shape, d_gamma.tolist()) == (x.shape, x.shape, [0, 0, 0])
        y = ops.batch_normalization(x, np.ones(3), np.ones(3), -1)
        assert ops.batch_normalization_backward(y, x, np.ones(3), np.ones(3), -1)[0].shape == x.shape


def test_what_does_not_fit_is_named():
    x, three = np.zeros((2, 3)), np.zeros(3)
    for name, arguments in [
        ("mean", (np.zeros(2), three, -1)),
        ("variance", (three, np.zeros(()), -1)),
        ("offset", (three, three, -1, np.zeros(2))),
        ("scale", (three, three, -1, None, np.zeros(4))),
    ]:
        with pytest.raises(ValueError, match=rf"shape \(2, 3\) along axis -1 expected {name} to have 3 numbers"):
            ops.batch_normalization(x, *arguments)
        if name != "offset":
            with pytest.raises(ValueError, match=f"expected {name} to have"):
                ops.batch_normalization_backward(x, x, *arguments)
    for name in ("gamma", "beta"):
        with pytest.raises(ValueError, match=rf"expected {name} to have 6 numbers, got shape \(3,\)"):
            ops.layer_normalization(x, axis=[0, 1], **{name: three})
        with pytest.raises(ValueError, match=f"expected {name} to have"):
            ops.layer_normalization_backward(x, x, axis=[0, 1], **{name: three})
    for f in (lambda: ops.batch_normalization(x, three, three, 2), lambda: ops.layer_normalization(x, axis=2)):
        with pytest.raises(ValueError, match="axis 2 is out of bounds"):
            f()
    with pytest.raises(ValueError, match="expected mean to have 3 numbers"):
        ops.batch_normalization(x, None, three, -1)
