"""Arithmetic, joining and splitting, one-hot rows and moments: values by hand, derivatives against differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kerasedu import config, ops
from kerasedu.ops.broadcasting import promote, sum_to_shape

rng = np.random.default_rng(0)
X = np.array([[1.0, 2, 3], [4, 5, 6]])
BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
}
pairs_of_shapes = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)


def slope(f, dy, x, h=1e-6):
    """dL/dx for L = Σ dy f(x), by central differences."""
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = np.array(x), np.array(x)
        up[i] += h
        down[i] -= h
        gradient[i] = (dy * (f(up) - f(down))).sum() / (2 * h)
    return gradient


# -- arithmetic -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BINARY)
@given(shapes=pairs_of_shapes)
def test_arithmetic_broadcasts_and_so_does_its_derivative(name, shapes):
    rng = np.random.default_rng(0)
    a, b = (rng.uniform(1, 2, shape) for shape in shapes.input_shapes)
    f = getattr(ops, name)
    y = f(a, b)
    np.testing.assert_array_equal(y, BINARY[name](a, b))
    dy = rng.standard_normal(y.shape)
    da, db = getattr(ops, f"{name}_backward")(dy, a, b)
    np.testing.assert_allclose(da, slope(lambda a: f(a, b), dy, a), atol=1e-7)
    np.testing.assert_allclose(db, slope(lambda b: f(a, b), dy, b), atol=1e-7)


def test_a_number_used_n_times_receives_n_gradients():
    dy = np.ones((2, 3))
    da, db = ops.add_backward(dy, X, 1.0)
    np.testing.assert_array_equal(da, dy)
    assert db == 6
    _, row = ops.subtract_backward(dy, X, X[0])
    np.testing.assert_array_equal(row, [-2, -2, -2])


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (np.float32, np.float32, "float32"),
        (np.float32, np.float64, "float64"),
        (np.float32, np.int64, "float32"),
        (np.int64, np.float64, "float64"),
    ],
)
def test_floating_point_wins_over_integers_of_any_size(name, a, b, expected):
    a, b = a([1, 2]), b([3, 4])
    assert getattr(ops, name)(a, b).dtype == expected
    assert [g.dtype for g in getattr(ops, f"{name}_backward")(np.ones(2), a, b)] == [expected, expected]


def test_numbers_adapt_to_arrays():
    assert ops.add(np.float32([1]), 2.5).dtype == "float32"
    assert ops.multiply(2, np.float64([1])).dtype == "float64"
    assert ops.add(np.int32([1]), 2).dtype == "int32"
    assert ops.add(np.int64([1]), 2.5).dtype == "float32"
    assert ops.add([1.0], [2.0]).dtype == "float32"
    assert ops.add([1], [2]).dtype.kind == "i"


def test_integers_stay_integers_but_quotients_do_not():
    assert ops.multiply(np.int32([2]), np.int64([3])).dtype == "int64"
    y = ops.divide(np.int64([1]), np.int64([2]))
    assert y == 0.5
    assert y.dtype == "float32"
    gradients = ops.divide_backward(np.ones(1), np.int64([3]), np.int64([2]))
    assert [float(g[0]) for g in gradients] == [0.5, -0.75]
    assert [g.dtype for g in gradients] == ["float32", "float32"]


def test_the_default_type_decides_for_lists(monkeypatch):
    monkeypatch.setattr(config, "_floatx", "float64")
    assert ops.add([1.0], [2.0]).dtype == "float64"
    assert ops.divide([1], [2]).dtype == "float64"


def test_square_and_its_derivative():
    np.testing.assert_array_equal(ops.square(X), [[1, 4, 9], [16, 25, 36]])
    np.testing.assert_array_equal(ops.square_backward(np.full((2, 3), 3.0), X), 6 * X)
    assert ops.square_backward(np.ones((2, 3)), X.astype("float32")).dtype == "float32"
    assert ops.square_backward(0.5, 3) == 3


def test_shapes_that_do_not_broadcast_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        ops.add(np.ones(3), np.ones(2))


def test_promote_gives_arrays_of_one_type():
    a, b, c = promote([1, 2], np.float32(3), True)
    assert [x.dtype for x in (a, b, c)] == ["float32"] * 3
    assert promote(np.float32([1]))[0].dtype == "float32"
    assert promote(np.bool_([True]))[0].dtype == "bool"


@given(pairs_of_shapes)
def test_sum_to_shape_is_the_adjoint_of_broadcasting(shapes):
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal(shapes.input_shapes[0]), rng.standard_normal(shapes.result_shape)
    back = sum_to_shape(dy, x.shape)
    assert back.shape == x.shape
    np.testing.assert_allclose((np.broadcast_to(x, dy.shape) * dy).sum(), (x * back).sum(), atol=1e-12)


# -- shapes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axes", [None, (1, 2, 0), (2, 0, 1), (-1, 0, 1), [0, 1, 2]])
def test_transposing_back_restores(axes):
    x = rng.standard_normal((2, 3, 4))
    y = ops.transpose(x, axes)
    np.testing.assert_array_equal(y, np.transpose(x, axes))
    np.testing.assert_array_equal(ops.transpose_backward(y, x, axes), x)


def test_transpose_swaps_rows_and_columns():
    np.testing.assert_array_equal(ops.transpose(X), [[1, 4], [2, 5], [3, 6]])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_what_is_joined_comes_apart_again(axis):
    xs = [np.moveaxis(rng.standard_normal((n, 2, 2)), 0, axis) for n in (3, 1, 0, 2)]
    y = ops.concatenate(xs, axis)
    assert y.shape[axis] == 6
    for piece, x in zip(ops.concatenate_backward(y, xs, axis), xs, strict=True):
        np.testing.assert_array_equal(piece, x)
    stacked = ops.stack(xs[:1] * 3, axis)
    assert stacked.shape[axis] == 3
    for piece in ops.stack_backward(stacked, xs[:1] * 3, axis):
        np.testing.assert_array_equal(piece, xs[0])


def test_arrays_are_joined_along_the_first_axis_unless_told():
    np.testing.assert_array_equal(ops.concatenate([X, X[:1]]), [*X, X[0]])
    np.testing.assert_array_equal(ops.stack([X, X])[1], X)
    assert [piece.shape for piece in ops.concatenate_backward(np.ones((3, 3)), [X, X[:1]])] == [(2, 3), (1, 3)]
    assert [piece.shape for piece in ops.stack_backward(np.ones((2, 2, 3)), [X, X])] == [(2, 3), (2, 3)]
    np.testing.assert_array_equal(ops.split(X, 2)[1], X[1:])
    np.testing.assert_array_equal(ops.split_backward([X[:1], X[1:]], X, 2), X)


def test_joined_arrays_have_one_type():
    a, b = np.ones(1, "float32"), np.ones(1, "int64")
    assert ops.concatenate([a, b]).dtype == ops.stack([a, b]).dtype == "float32"


@pytest.mark.parametrize("pieces", [2, 4, [1, 3], [0, 2, 2]])
@pytest.mark.parametrize("axis", [0, -1])
def test_pieces_join_to_the_whole(pieces, axis):
    x = rng.standard_normal((4, 4))
    ys = ops.split(x, pieces, axis)
    assert isinstance(ys, list)
    for y, expected in zip(ys, np.split(x, pieces, axis), strict=True):
        np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(ops.split_backward(ys, x, pieces, axis), x)


def test_pieces_have_equal_lengths():
    with pytest.raises(ValueError):
        ops.split(np.ones(5), 2)


# -- one-hot rows -----------------------------------------------------------------------------------------------------


def test_a_one_stands_at_the_class():
    np.testing.assert_array_equal(ops.one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(ops.one_hot(1, 2), [0, 1])


@given(hnp.arrays("int64", hnp.array_shapes(max_dims=2, max_side=4), elements=st.integers(0, 4)), st.integers(-1, 0))
def test_argmax_undoes_one_hot(x, axis):
    np.testing.assert_array_equal(ops.one_hot(x, 5, axis).argmax(axis), x)


def test_what_is_no_class_has_no_one():
    np.testing.assert_array_equal(ops.one_hot([-1, 3], 3), np.zeros((2, 3)))


def test_the_type_of_one_hot_rows(monkeypatch):
    assert ops.one_hot([0], 2).dtype == "float32"
    with monkeypatch.context() as patch:
        patch.setattr(config, "_floatx", "float64")
        assert ops.one_hot([0], 2).dtype == "float64"
    assert ops.one_hot([0], 2, dtype="int8").dtype == "int8"
    np.testing.assert_array_equal(ops.one_hot(np.array([1.0]), 2), [[0, 1]])


def test_classes_are_whole_numbers():
    with pytest.raises(ValueError, match=r"whole numbers, got float64 numbers such as 0\.5"):
        ops.one_hot([0.5, 1.0], 2)
    with pytest.raises(ValueError, match="whole numbers"):
        ops.one_hot(["a"], 2)
    assert ops.one_hot(np.zeros((0,), int), 3).shape == (0, 3)


# -- moments ----------------------------------------------------------------------------------------------------------

AXES = [(0,), (1,), (0, 2), [0, 1], (0, 1, 2), -1]


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("keepdims", [False, True])
def test_moments_and_their_derivative(axes, keepdims):
    x = rng.standard_normal((2, 3, 4))
    over = tuple(axes) if isinstance(axes, list) else axes
    mean, variance = ops.moments(x, axes, keepdims)
    np.testing.assert_allclose(mean, x.mean(over, keepdims=keepdims))
    np.testing.assert_allclose(variance, x.var(over, keepdims=keepdims))
    d_mean, d_variance = rng.standard_normal((2, *mean.shape))
    expected = slope(lambda x: ops.moments(x, axes, keepdims)[0], d_mean, x)
    expected += slope(lambda x: ops.moments(x, axes, keepdims)[1], d_variance, x)
    got = ops.moments_backward((d_mean, d_variance), x, axes, keepdims)
    np.testing.assert_allclose(got, expected, atol=1e-8)


def test_axes_of_moments_are_dropped_unless_told():
    mean, variance = ops.moments(X, 0)
    np.testing.assert_array_equal(mean, [2.5, 3.5, 4.5])
    np.testing.assert_array_equal(variance, [2.25] * 3)
    assert ops.moments_backward((mean, variance), X, 0).shape == (2, 3)


def test_moments_keep_float32_and_make_it_of_integers():
    for x in (X.astype("float32"), X.astype("int64")):
        mean, variance = ops.moments(x, 0)
        assert mean.dtype == variance.dtype == "float32"
        assert ops.moments_backward((np.ones(3), np.ones(3)), x, 0).dtype == "float32"


def test_the_variance_of_large_numbers_does_not_cancel():
    np.testing.assert_allclose(ops.moments(np.array([1e8, 1e8 + 2]), 0)[1], 1)


def test_the_gradient_of_an_empty_batch_is_empty():
    assert ops.moments_backward((np.ones((0, 1)), np.ones((0, 1))), np.ones((0, 3)), 1, True).shape == (0, 3)


def test_only_the_axes_summed_over_are_dropped():
    x = np.arange(3.0).reshape(1, 3)
    assert ops.logsumexp(x, axis=1).shape == (1,)
    assert [part.shape for part in ops.moments(x, axes=[1])] == [(1,), (1,)]


def test_of_no_numbers_at_all():
    x = np.empty((2, 0), np.float32)
    assert ops.softmax(x).shape == (2, 0)
    np.testing.assert_array_equal(ops.logsumexp(x, axis=1), [-np.inf, -np.inf])


def test_the_gradient_of_einsum_keeps_the_type_of_its_array():
    a, b = np.ones((2, 3), np.float32), np.ones((3, 4), np.float32)
    dy = np.ones((2,), np.float64)
    assert [g.dtype for g in ops.einsum_backward(dy, "ij,jk->i", a, b)] == [np.float32, np.float32]
