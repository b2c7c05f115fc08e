"""Pooling: by hand, which x gets the gradient, and the fast form against the loops."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops
from kerasedu.gradcheck import check_gradients

FAST = {"max": ops.max_pool, "average": ops.average_pool}
FAST_BACKWARD = {"max": ops.max_pool_backward, "average": ops.average_pool_backward}
LOOPS = {"max": ops.max_pool_loops, "average": ops.average_pool_loops}
LOOPS_BACKWARD = {"max": ops.max_pool_loops_backward, "average": ops.average_pool_loops_backward}


def sequence(*values):
    return np.array(values, dtype=float).reshape(1, -1, 1)


def image(*rows):
    return np.array(rows, dtype=float)[None, ..., None]


@st.composite
def problems(draw_from):
    """(x, options): few different numbers, so that many are equal; any number of axes; a batch that may be empty."""
    rank = draw_from(st.integers(1, 3))
    size = tuple(draw_from(st.integers(1, 3)) for _ in range(rank))
    padding = draw_from(st.sampled_from(["valid", "same"]))
    lengths = [draw_from(st.integers(k if padding == "valid" else 1, {1: 9, 2: 6, 3: 4}[rank])) for k in size]
    strides = draw_from(st.none() | st.tuples(*[st.integers(1, 3)] * rank))
    rng = np.random.default_rng(draw_from(st.integers(0, 1000)))
    x = rng.integers(-2, 3, (draw_from(st.sampled_from([2, 1, 0])), *lengths, draw_from(st.integers(1, 2))))
    return x.astype(float), {"pool_size": size, "strides": strides, "padding": padding}


# -- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "largest", "means"),
    [
        ({"pool_size": 2}, [3, 5], [2, 3.5]),  # what is left over at the end is not seen
        ({"pool_size": 2, "padding": "same"}, [3, 5, 4], [2, 3.5, 4]),
        ({"pool_size": 2, "strides": 1}, [3, 3, 5, 5], [2, 2.5, 3.5, 4.5]),
        ({"pool_size": 3, "strides": 2}, [3, 5], [2, 11 / 3]),
        ({"pool_size": 3, "strides": 1, "padding": "same"}, [3, 3, 5, 5, 5], [2, 2, 10 / 3, 11 / 3, 4.5]),
        ({"pool_size": 1, "strides": 3}, [1, 5], [1, 5]),
    ],
)
def test_by_example(options, largest, means):
    x = sequence(1, 3, 2, 5, 4)
    np.testing.assert_allclose(ops.max_pool(x, **options).ravel(), largest)
    np.testing.assert_allclose(ops.average_pool(x, **options).ravel(), means)


def test_an_image_by_example():
    x = image([1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12])
    assert ops.max_pool(x, (2, 2), (1, 2))[0, :, :, 0].tolist() == [[6, 8], [10, 12]]
    assert ops.average_pool(x, (2, 2), (1, 2))[0, :, :, 0].tolist() == [[3.5, 5.5], [7.5, 9.5]]
    assert ops.max_pool(x, (3, 1))[0, :, :, 0].tolist() == [[9, 10, 11, 12]]


def test_channels_are_pooled_by_themselves():
    x = np.array([[[1.0, 40], [2, 30]]])
    assert ops.max_pool(x, 2).tolist() == [[[2, 40]]]
    assert ops.average_pool(x, 2).tolist() == [[[1.5, 35]]]


def test_at_an_edge_the_mean_is_of_fewer_numbers():
    ones = np.ones((1, 5, 4, 1))
    assert (ops.average_pool(ones, 3, 1, "same") == 1).all()


def test_padding_is_never_the_maximum():
    x = -np.ones((1, 4, 4, 1))
    assert (ops.max_pool(x, 3, 2, "same") == -1).all()
    assert (ops.max_pool(np.full((1, 3, 1), -np.inf), 2, 1, "same") == -np.inf).all()


def test_nan_is_not_passed_over():
    y = ops.max_pool(sequence(np.nan, 1, 2, 3, 4, np.nan), 2)
    np.testing.assert_array_equal(y.ravel(), [np.nan, 3, np.nan])


# -- gradients --------------------------------------------------------------------------------------------------------


def test_the_gradient_goes_to_the_maximum_alone():
    dx = ops.max_pool_backward(sequence(10, 20), sequence(1, 3, 5, 4), 2)
    assert dx.ravel().tolist() == [0, 10, 20, 0]


def test_of_equal_maxima_the_first_gets_the_gradient_row_by_row():
    x = image([0, 7, 7], [7, 7, 0])
    dx = ops.max_pool_backward(np.ones((1, 1, 1, 1)), x, (2, 3))
    assert dx[0, :, :, 0].tolist() == [[0, 1, 0], [0, 0, 0]]
    dx = ops.max_pool_backward(np.ones((1, 1, 2, 1)), x, 2, 1)
    assert dx[0, :, :, 0].tolist() == [[0, 2, 0], [0, 0, 0]]


def test_overlapping_windows_add_up():
    dx = ops.max_pool_backward(sequence(1, 10, 100), sequence(1, 5, 2, 9), 2, 1)
    assert dx.ravel().tolist() == [0, 11, 0, 100]
    dx = ops.average_pool_backward(sequence(2, 20, 200), sequence(1, 5, 2, 9), 2, 1)
    assert dx.ravel().tolist() == [1, 11, 110, 100]


def test_the_mean_sends_equal_parts_to_what_it_saw():
    dx = ops.average_pool_backward(sequence(6, 6, 6), sequence(1, 2, 3, 4, 5), 2, padding="same")
    assert dx.ravel().tolist() == [3, 3, 3, 3, 6]


def test_padding_gets_no_gradient():
    dx = ops.max_pool_backward(np.ones((1, 3, 1)), np.full((1, 3, 1), -np.inf), 3, 1, "same")
    assert dx.ravel().tolist() == [2, 1, 0]


@pytest.mark.parametrize("kind", FAST)
@given(problem=problems())
def test_the_fast_form_equals_the_loops(kind, problem):
    x, options = problem
    y = FAST[kind](x, **options)
    np.testing.assert_allclose(y, LOOPS[kind](x, **options), rtol=1e-12)
    dy = np.random.default_rng(0).standard_normal(y.shape)
    dx = FAST_BACKWARD[kind](dy, x, **options)
    np.testing.assert_allclose(dx, LOOPS_BACKWARD[kind](dy, x, **options), rtol=1e-12, atol=1e-14)


@given(problem=problems())
def test_no_gradient_is_lost(problem):
    x, options = problem
    for kind, forward in FAST.items():
        dy = np.random.default_rng(1).standard_normal(forward(x, **options).shape)
        dx = FAST_BACKWARD[kind](dy, x, **options)
        np.testing.assert_allclose(dx.sum((*range(1, x.ndim - 1),)), dy.sum((*range(1, x.ndim - 1),)), atol=1e-10)


@given(problem=problems())
def test_the_mean_is_linear_and_its_backward_the_adjoint(problem):
    x, options = problem
    x2 = np.random.default_rng(2).standard_normal(x.shape)
    y, y2 = ops.average_pool(x, **options), ops.average_pool(x2, **options)
    np.testing.assert_allclose(ops.average_pool(2 * x - x2, **options), 2 * y - y2, atol=1e-12)
    np.testing.assert_allclose(np.vdot(y2, y), np.vdot(x, ops.average_pool_backward(y2, x, **options)), atol=1e-10)


@given(problem=problems())
def test_the_maximum_is_at_least_the_mean(problem):
    x, options = problem
    assert (ops.max_pool(x, **options) >= ops.average_pool(x, **options) - 1e-12).all()


@pytest.mark.parametrize("kind", FAST)
@given(problem=problems())
def test_channels_first_is_the_same_with_axes_moved(kind, problem):
    x, options = problem
    moved, first = np.moveaxis(x, -1, 1), {**options, "data_format": "channels_first"}
    y = FAST[kind](x, **options)
    dy = np.random.default_rng(3).standard_normal(y.shape)
    dx, dy_moved = FAST_BACKWARD[kind](dy, x, **options), np.moveaxis(dy, -1, 1)
    for forward, backward in [(FAST, FAST_BACKWARD), (LOOPS, LOOPS_BACKWARD)]:
        np.testing.assert_allclose(np.moveaxis(forward[kind](moved, **first), 1, -1), y, rtol=1e-12)
        dx_moved = backward[kind](dy_moved, moved, **first)
        np.testing.assert_allclose(np.moveaxis(dx_moved, 1, -1), dx, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", FAST)
@pytest.mark.parametrize("options", [{"pool_size": 2}, {"pool_size": (3, 2), "strides": 2, "padding": "same"}])
def test_gradients_agree_with_differences(kind, options):
    x = np.random.default_rng(4).permutation(60).reshape(2, 5, 3, 2) / 7
    report = check_gradients(FAST[kind], x, **options)
    assert report.passed, report


# -- arrays as they come ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FAST)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_of_the_input_is_kept(kind, dtype):
    x = np.ones((1, 5, 2), dtype)
    y = FAST[kind](x, 3, 2, "same")
    assert y.dtype == dtype
    assert FAST_BACKWARD[kind](y, x, 3, 2, "same").dtype == dtype
    assert LOOPS[kind](x, 3, 2, "same").dtype == dtype
    assert LOOPS_BACKWARD[kind](y, x, 3, 2, "same").dtype == dtype


@pytest.mark.parametrize("kind", FAST)
def test_integers_become_floats(kind):
    y = FAST[kind](np.arange(4).reshape(1, 4, 1), 2)
    assert y.dtype == np.float32
    assert y.ravel().tolist() == ([1, 3] if kind == "max" else [0.5, 2.5])


@pytest.mark.parametrize("kind", FAST)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_arrays_may_be_read_only_and_anyhow_in_memory(kind, padding):
    x = np.random.default_rng(5).standard_normal((4, 6, 5, 2))[::2, :, ::-1]
    x.flags.writeable = False
    for size in (1, 2):
        y = FAST[kind](x, size, padding=padding)
        dx = FAST_BACKWARD[kind](np.broadcast_to(1.0, y.shape), x, size, padding=padding)
        np.testing.assert_allclose(dx, FAST_BACKWARD[kind](np.ones(y.shape), x.copy(), size, padding=padding))


@pytest.mark.parametrize("kind", FAST)
@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((5, 5), {"pool_size": 2}, "NAME: expected inputs .* Is the batch axis or the channel axis missing"),
        ((1, 3, 1), {"pool_size": 4}, r"NAME: a window of \(4,\) does not fit into an input of \(3,\)"),
        ((1, 3, 1), {"pool_size": 0}, "NAME: the window's size: expected a positive integer"),
        ((1, 3, 1), {"pool_size": 2, "strides": 0}, "NAME: strides: expected a positive integer"),
        ((1, 3, 1), {"pool_size": 2, "padding": "causal"}, "NAME: expected padding to be 'valid' or 'same'"),
        ((1, 3, 1), {"pool_size": 2, "data_format": "x"}, "expected 'channels_last' or 'channels_first'"),
    ],
)
def test_what_does_not_fit_is_named(kind, shape, options, message):
    backward = (partial(f[kind], np.zeros(1)) for f in (FAST_BACKWARD, LOOPS_BACKWARD))
    for f in (FAST[kind], LOOPS[kind], *backward):
        with pytest.raises(ValueError, match=message.replace("NAME", f"^{kind}_pool")):
            f(np.zeros(shape), **options)


@pytest.mark.parametrize("kind", FAST)
def test_dy_has_the_shape_of_the_output(kind):
    for backward in (FAST_BACKWARD[kind], LOOPS_BACKWARD[kind]):
        with pytest.raises(ValueError, match=rf"^{kind}_pool_backward: expected dy .* \(1, 2, 3\), got \(1, 4, 3\)"):
            backward(np.zeros((1, 4, 3)), np.zeros((1, 4, 3)), 2)
