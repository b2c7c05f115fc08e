"""Windows: how many there are, what they see, and the padding around the input, all by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasedu.ops.windows import (
    Windows,
    as_lengths,
    output_length,
    output_lengths,
    pad_lengths,
    standardize_padding,
    windows_over,
)

small = st.integers(1, 5)


@given(n=st.integers(0, 12), k=small, s=small, d=small)
def test_valid_windows_are_those_that_lie_inside(n, k, s, d):
    starts = [start for start in range(0, n, s) if start + d * (k - 1) < n]
    assert max(0, output_length(n, k, s, "valid", d)) == len(starts)


@given(n=st.integers(0, 12), k=small, s=small, d=small, padding=st.sampled_from(["same", "causal"]))
def test_padded_windows_are_as_many_as_every_sth_place(n, k, s, d, padding):
    assert output_length(n, k, s, padding, d) == len(range(0, n, s))


def test_an_unknown_length_stays_unknown():
    assert output_length(None, 3, 2, "same", 1) is None
    assert output_lengths("conv", (None, 7), (3, 3), (2, 2), "valid", (1, 1)) == (None, 3)


@given(n=st.integers(1, 12), k=small, s=small, d=small)
def test_same_padding_is_just_enough_and_leans_to_the_end(n, k, s, d):
    before, after = pad_lengths(n, k, s, "same", d)
    assert 0 <= after - before <= 1
    assert output_length(n + before + after, k, s, "valid", d) == output_length(n, k, s, "same", d)
    if after:
        assert output_length(n + before + after - 1, k, s, "valid", d) < output_length(n, k, s, "same", d)


@pytest.mark.parametrize(
    ("n", "k", "s", "padding", "d", "expected"),
    [
        (6, 3, 2, "same", 1, (0, 1)),  # an even input: TensorFlow pads at the end
        (7, 3, 2, "same", 1, (1, 1)),
        (5, 4, 1, "same", 1, (1, 2)),
        (5, 3, 1, "same", 2, (2, 2)),
        (5, 1, 3, "same", 1, (0, 0)),
        (5, 3, 1, "causal", 1, (2, 0)),
        (5, 3, 1, "causal", 2, (4, 0)),
        (5, 3, 2, "causal", 1, (2, 0)),
        (5, 3, 1, "valid", 1, (0, 0)),
    ],
)
def test_padding_by_example(n, k, s, padding, d, expected):
    assert pad_lengths(n, k, s, padding, d) == expected


def test_padding_surrounds_the_input_and_unpad_finds_it():
    x = np.arange(1.0, 7).reshape(1, 3, 2, 1)
    windows = Windows("test", (3, 2), (2, 4), 1, "same")
    assert windows.pads == ((0, 1), (1, 2))
    padded = windows.pad(x, 9)
    assert padded[0, :, :, 0].tolist() == [[9, 1, 2, 9, 9], [9, 3, 4, 9, 9], [9, 5, 6, 9, 9], [9, 9, 9, 9, 9]]
    np.testing.assert_array_equal(windows.unpad(padded), x)
    np.testing.assert_array_equal(windows.pad(x)[0, :, :, 0], np.pad(x[0, :, :, 0], windows.pads))


def test_without_padding_nothing_is_copied():
    x = np.ones((1, 4, 1))
    assert Windows("test", (4,), 2, 2, "valid").pad(x) is x


@given(n=st.integers(1, 9), k=small, s=small, d=small, padding=st.sampled_from(["valid", "same"]))
def test_both_ways_of_looking_see_the_same(n, k, s, d, padding):
    """Entry by entry (all windows at once) and window by window (all entries)."""
    if padding == "valid" and n <= d * (k - 1):
        return
    windows = Windows("test", (n,), k, s, padding, d)
    padded = windows.pad(np.arange(1, n + 1).reshape(1, n, 1))
    by_entry = np.stack([padded[seen][0, :, 0] for seen in windows.axes[0]], axis=-1)
    by_window = np.zeros_like(by_entry)
    for p in range(windows.out[0]):
        for (o,), (place,) in windows.seen_from((p,)):
            by_window[p, o] = place + 1
    np.testing.assert_array_equal(by_entry, by_window)


@pytest.mark.parametrize("axis", [0, 1])
@given(n=st.integers(1, 9), k=small, s=small, d=small, padding=st.sampled_from(["valid", "same"]))
def test_a_place_receives_a_term_from_each_window_that_sees_it(axis, n, k, s, d, padding):
    if padding == "valid" and n <= d * (k - 1):
        return
    lengths, size = [1, 1], [1, 1]
    lengths[axis], size[axis] = n, k
    windows = Windows("test", lengths, size, s, padding, d)
    terms = np.arange(1.0, 1 + k * windows.out[axis] * 2).reshape(k, windows.out[axis], 2)
    found = windows.sum_along(axis, [np.expand_dims(term, (0, 2 - axis)) for term in terms])
    expected = np.zeros((n, 2))
    for p in np.ndindex(*windows.out):
        for o, place in windows.seen_from(p):
            expected[place[axis]] += terms[o[axis], p[axis]]
    np.testing.assert_array_equal(np.squeeze(windows.unpad(found), (0, 2 - axis)), expected)


@pytest.mark.parametrize(("value", "axes", "expected"), [(2, 3, (2, 2, 2)), ((1, 2), 2, (1, 2)), ([3], 1, (3,))])
def test_one_number_stands_for_all_axes(value, axes, expected):
    assert as_lengths(value, axes, "strides") == expected
    assert all(type(n) is int for n in as_lengths(np.int64(2), 2, "strides"))


@pytest.mark.parametrize("strides", [(True, 1), (1.0, 1), True, 1.0])
def test_what_only_equals_a_length_is_refused_though_the_windows_are_known(strides):
    known = windows_over("conv", (5, 5), (2, 2), (1, 1), "valid")
    assert windows_over("conv", (5, 5), [2, 2], 1, "valid", 1) is known
    with pytest.raises(ValueError, match="conv: strides: expected a positive integer, or 2 of them, got"):
        windows_over("conv", (5, 5), (2, 2), strides, "valid")


@pytest.mark.parametrize("value", [0, -1, 1.5, "2", None, True, (1, 2, 3), (1, 0), (1, 1.0), (True, 1)])
def test_other_lengths_are_refused(value):
    with pytest.raises(ValueError, match="strides: expected a positive integer, or 2 of them, got"):
        as_lengths(value, 2, "strides")
    with pytest.raises(ValueError, match="filters: expected a positive integer, got"):
        as_lengths(value, 1, "filters")


def test_padding_is_known_by_its_name():
    assert standardize_padding("SAME", "conv") == "same"
    for padding in ("causal", "full", None, 1):
        with pytest.raises(ValueError, match="conv: expected padding to be 'valid' or 'same', got"):
            standardize_padding(padding, "conv")


def test_a_window_larger_than_the_input_is_refused():
    with pytest.raises(ValueError, match=r"pool: a window of \(3, 1\) does not fit into an input of \(2, 5\)"):
        Windows("pool", (2, 5), (3, 1), 1, "valid")
    with pytest.raises(ValueError, match=r"a window of \(2, 2\) with dilation \(1, 5\) does not fit"):
        Windows("conv", (5, 5), 2, 1, "valid", (1, 5))
    assert Windows("pool", (3, 3), 3, 1, "valid").out == (1, 1)


def test_arguments_are_named_in_errors():
    for options, name in [
        ({"size": 0}, "pool: the window's size"),
        ({"strides": 0}, "pool: strides"),
        ({"dilations": 0}, "pool: dilation_rate"),
    ]:
        with pytest.raises(ValueError, match=name):
            Windows(**{"name": "pool", "lengths": (4,), "size": 2, "strides": 1, "padding": "valid", **options})
