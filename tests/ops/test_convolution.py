"""Convolution: by hand, by its algebra (linear, adjoint, local), and the fast form against the loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu import ops
from kerasedu.gradcheck import check_gradients


def image(*rows):
    return np.array(rows, dtype=float)[None, ..., None]


def draw(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


@st.composite
def problems(draw_from, max_rank=3):
    """(x, kernel, options) for any number of axes, strides or dilation, padding, groups, a batch that may be empty."""
    rank = draw_from(st.integers(1, max_rank))
    each = {1: 7, 2: 5, 3: 3}[rank]
    size = [draw_from(st.integers(1, 3)) for _ in range(rank)]
    options = {"padding": draw_from(st.sampled_from(["valid", "same", "causal"] if rank == 1 else ["valid", "same"]))}
    step = draw_from(st.sampled_from(["strides", "dilation_rate"]))
    options[step] = tuple(draw_from(st.integers(1, 3)) for _ in range(rank))
    spread = options.get("dilation_rate", (1,) * rank)
    shortest = [d * (k - 1) + 1 if options["padding"] == "valid" else 1 for d, k in zip(spread, size)]
    lengths = [draw_from(st.integers(n, max(n, each))) for n in shortest]
    groups, channels, filters = (draw_from(st.integers(1, 2)) for _ in range(3))
    seed = draw_from(st.integers(0, 1000))
    batch = draw_from(st.sampled_from([2, 1, 2, 1, 0]))
    return draw(seed, batch, *lengths, groups * channels), draw(seed + 1, *size, channels, groups * filters), options


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_the_kernel_is_not_turned_round():
    x = np.array([0.0, 0, 1, 0, 0]).reshape(1, 5, 1)
    kernel = np.array([1.0, 2, 3]).reshape(3, 1, 1)
    assert ops.conv(x, kernel).ravel().tolist() == [3, 2, 1]


def test_each_output_is_a_weighted_sum_of_its_window():
    x = image([1, 2, 3], [4, 5, 6], [7, 8, 9])
    kernel = np.array([[1.0, 10], [100, 1000]]).reshape(2, 2, 1, 1)
    assert ops.conv(x, kernel)[0, :, :, 0].tolist() == [[5421, 6532], [8754, 9865]]


def test_channels_are_added_up_for_every_filter():
    x = np.array([[[1.0, 2, 3]]])  # one place, three channels
    kernel = np.array([[[1.0, 0], [10, 1], [100, 2]]])  # two filters
    assert ops.conv(x, kernel).tolist() == [[[321, 8]]]


def test_groups_see_their_own_channels_only():
    x = np.array([[[1.0, 2, 3, 4]]])
    kernel = np.array(
        [[[1.0, 1, 1, 10], [10, 100, 10, 1]]]
    )  # 2 of 4 channels: groups (1, 2) and (3, 4), 2 filters each
    assert ops.conv(x, kernel).tolist() == [[[21, 201, 43, 34]]]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [6, 9, 12]),
        ({"padding": "same"}, [3, 6, 9, 12, 9]),
        ({"padding": "causal"}, [1, 3, 6, 9, 12]),
        ({"strides": 2}, [6, 12]),
        ({"strides": 2, "padding": "same"}, [3, 9, 9]),
        ({"strides": 2, "padding": "causal"}, [1, 6, 12]),
        ({"dilation_rate": 2}, [9]),
        ({"dilation_rate": 2, "padding": "same"}, [4, 6, 9, 6, 8]),
        ({"dilation_rate": 2, "padding": "causal"}, [1, 2, 4, 6, 9]),
    ],
)
def test_padding_strides_and_dilation_by_example(options, expected):
    x = np.arange(1.0, 6).reshape(1, 5, 1)
    assert ops.conv(x, np.ones((3, 1, 1)), **options).ravel().tolist() == expected


def test_same_padding_of_an_even_image_adds_zeros_at_the_bottom_and_right():
    y = ops.conv(image([1, 2], [3, 4]), np.ones((3, 3, 1, 1)), strides=2, padding="same")
    assert y.ravel().tolist() == [10]  # the window starts at the first pixel, not one before it
    kernel = np.zeros((3, 3, 1, 1))
    kernel[0, 0] = 1
    assert ops.conv(image([1, 2], [3, 4]), kernel, strides=2, padding="same").ravel().tolist() == [1]


def test_overlapping_windows_add_up_in_the_gradient():
    x = np.zeros((1, 4, 4, 1))
    dx, d_kernel = ops.conv_backward(np.ones((1, 3, 3, 1)), x + 1, np.ones((2, 2, 1, 1)))
    assert dx[0, :, :, 0].tolist() == [[1, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 2], [1, 2, 2, 1]]
    assert d_kernel.ravel().tolist() == [9, 9, 9, 9]


def test_a_1x1_kernel_is_a_matrix_product_at_every_pixel():
    x, w = draw(0, 2, 3, 4, 5), draw(1, 5, 6)
    np.testing.assert_allclose(ops.conv(x, w[None, None]), x @ w, rtol=1e-12)


# -- algebra ----------------------------------------------------------------------------------------------------------


@given(problems())
def test_the_fast_form_equals_the_loops(problem):
    x, kernel, options = problem
    y = ops.conv(x, kernel, **options)
    np.testing.assert_allclose(y, ops.conv_loops(x, kernel, **options), rtol=1e-11, atol=1e-12)
    dy = draw(2, *y.shape)
    fast, loops = ops.conv_backward(dy, x, kernel, **options), ops.conv_loops_backward(dy, x, kernel, **options)
    for ours, theirs in zip(fast, loops):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)


@given(problems())
def test_it_is_linear_in_each_argument(problem):
    x, kernel, options = problem
    x2, kernel2 = draw(3, *x.shape), draw(4, *kernel.shape)
    y = ops.conv(x, kernel, **options)
    for combined, other in [
        (ops.conv(2 * x - 3 * x2, kernel, **options), ops.conv(x2, kernel, **options)),
        (ops.conv(x, 2 * kernel - 3 * kernel2, **options), ops.conv(x, kernel2, **options)),
    ]:
        np.testing.assert_allclose(combined, 2 * y - 3 * other, rtol=1e-10, atol=1e-11)


@given(problems())
def test_the_backward_is_the_adjoint_of_the_forward(problem):
    """⟨conv(x, k), dy⟩ = ⟨x, dx⟩ = ⟨k, dk⟩, for y is linear in x and in k."""
    x, kernel, options = problem
    y = ops.conv(x, kernel, **options)
    dy = draw(5, *y.shape)
    dx, d_kernel = ops.conv_backward(dy, x, kernel, **options)
    assert (dx.shape, d_kernel.shape) == (x.shape, kernel.shape)
    np.testing.assert_allclose([np.vdot(x, dx), np.vdot(kernel, d_kernel)], np.vdot(y, dy), rtol=1e-9, atol=1e-9)


@given(problems(max_rank=2))
def test_samples_do_not_mix(problem):
    x, kernel, options = problem
    y = ops.conv(x, kernel, **options)
    for i in range(len(x)):
        np.testing.assert_allclose(ops.conv(x[i : i + 1], kernel, **options), y[i : i + 1], rtol=1e-10, atol=1e-12)


@given(problems(max_rank=2))
def test_channels_first_is_the_same_with_axes_moved(problem):
    x, kernel, options = problem
    moved = np.moveaxis(x, -1, 1)
    y = ops.conv(x, kernel, **options)
    dy = draw(6, *y.shape)
    first = {**options, "data_format": "channels_first"}
    np.testing.assert_allclose(np.moveaxis(ops.conv(moved, kernel, **first), 1, -1), y, rtol=1e-12)
    dx, d_kernel = ops.conv_backward(dy, x, kernel, **options)
    dx_first, d_kernel_first = ops.conv_backward(np.moveaxis(dy, -1, 1), moved, kernel, **first)
    np.testing.assert_allclose(np.moveaxis(dx_first, 1, -1), dx, rtol=1e-12)
    np.testing.assert_allclose(d_kernel_first, d_kernel, rtol=1e-12)
    np.testing.assert_allclose(ops.conv_loops(moved, kernel, **first), np.moveaxis(y, -1, 1), rtol=1e-10, atol=1e-12)
    loops = ops.conv_loops_backward(np.moveaxis(dy, -1, 1), moved, kernel, **first)
    np.testing.assert_allclose(loops[0], dx_first, rtol=1e-10, atol=1e-12)


def test_a_causal_output_depends_on_no_later_input():
    x, kernel = draw(0, 1, 8, 2), draw(1, 3, 2, 2)
    later = x.copy()
    later[:, 5:] += 1
    y, y_later = (ops.conv(a, kernel, padding="causal", dilation_rate=2) for a in (x, later))
    np.testing.assert_array_equal(y[:, :5], y_later[:, :5])
    assert (y[:, 5:] != y_later[:, 5:]).all()


@pytest.mark.parametrize("options", [{}, {"strides": 2, "padding": "same"}, {"dilation_rate": 2}])
def test_gradients_agree_with_differences(options):
    report = check_gradients(ops.conv, (draw(0, 2, 6, 5, 4), draw(1, 3, 2, 2, 4)), **options)
    assert report.passed, report


# -- arrays as they come ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_of_the_input_is_kept(dtype):
    x, kernel = draw(0, 1, 5, 2).astype(dtype), draw(1, 3, 2, 3).astype(dtype)
    y = ops.conv(x, kernel)
    assert y.dtype == dtype
    assert {a.dtype.name for a in ops.conv_backward(y, x, kernel)} == {dtype}
    assert ops.conv_loops(x, kernel).dtype == dtype
    assert {a.dtype.name for a in ops.conv_loops_backward(y, x, kernel)} == {dtype}


def test_integers_and_lists_become_floats():
    y = ops.conv([[[1], [2], [3]]], [[[1]], [[10]]])
    assert (y.dtype, y.ravel().tolist()) == (np.float32, [21, 32])
    assert ops.conv(np.ones((1, 3, 1), "float64"), np.ones((2, 1, 1), "float32")).dtype == np.float64


def test_arrays_may_be_read_only_and_anyhow_in_memory():
    x, kernel = draw(0, 4, 6, 5, 2), draw(1, 2, 3, 2, 3)
    odd_x, odd_kernel = np.asfortranarray(x)[::2, ::-1], kernel[..., ::-1]
    expected = ops.conv(odd_x.copy(), odd_kernel.copy())
    odd_x.flags.writeable = odd_kernel.flags.writeable = False
    dy = np.broadcast_to(1.0, expected.shape)
    np.testing.assert_allclose(ops.conv(odd_x, odd_kernel), expected, rtol=1e-12)
    backward = ops.conv_backward(dy, odd_x, odd_kernel), ops.conv_backward(dy.copy(), odd_x.copy(), odd_kernel.copy())
    for ours, theirs in zip(*backward):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_results_are_new_arrays(padding):
    x, kernel = draw(0, 1, 4, 1), draw(1, 1, 1, 1)
    y = ops.conv(x, kernel, padding=padding)
    dx, d_kernel = ops.conv_backward(y, x, kernel, padding=padding)
    for result in (y, dx, d_kernel):
        assert not any(np.shares_memory(result, a) for a in (x, kernel))


@pytest.mark.parametrize(
    ("x", "kernel", "options", "message"),
    [
        ((5, 5, 1), (3, 3, 1, 2), {}, "Is the batch axis or the channel axis missing"),
        ((1, 5), (3, 1), {}, "equally many axes"),
        ((1, 5, 3), (3, 2, 2), {}, "2 channels and 2 filters, which does not fit inputs with 3 channels"),
        ((1, 5, 4), (3, 2, 3), {}, "does not fit inputs with 4 channels"),
        ((1, 5, 0), (3, 2, 2), {}, "does not fit inputs with 0 channels"),
        ((1, 5, 2), (3, 0, 2), {}, "has 0 channels"),
        ((1, 2, 1), (3, 1, 1), {}, r"^conv: a window of \(3,\) does not fit into an input of \(2,\)"),
        ((1, 5, 5, 1), (3, 3, 1, 1), {"padding": "causal"}, "^conv: expected padding to be 'valid' or 'same'"),
        ((1, 5, 1), (3, 1, 1), {"padding": "full"}, "expected padding to be 'valid' or 'same' or 'causal'"),
        ((1, 5, 1), (3, 1, 1), {"strides": 0}, "conv: strides: expected a positive integer"),
        ((1, 5, 1), (3, 1, 1), {"dilation_rate": (1, 1)}, "conv: dilation_rate: expected a positive integer"),
        ((1, 5, 1), (3, 1, 1), {"data_format": "NWC"}, "expected 'channels_last' or 'channels_first', got 'NWC'"),
    ],
)
def test_what_does_not_fit_is_named(x, kernel, options, message):
    for f in (ops.conv, ops.conv_loops):
        with pytest.raises(ValueError, match=message):
            f(np.zeros(x), np.zeros(kernel), **options)


@pytest.mark.parametrize("backward", [ops.conv_backward, ops.conv_loops_backward])
def test_dy_has_the_shape_of_the_output(backward):
    x, kernel = np.zeros((2, 5, 3)), np.zeros((3, 3, 4))
    with pytest.raises(ValueError, match=r"dy in the shape of the output, \(2, 3, 4\), got \(2, 5, 4\)"):
        backward(np.zeros((2, 5, 4)), x, kernel)
