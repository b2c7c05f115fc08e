"""Clipping: what it bounds, and what it leaves alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from kerasedu.optimizers.clipping import clip_by_global_norm, clip_by_norm, clip_by_value

gradients = arrays("float64", array_shapes(max_dims=3, max_side=4), elements=st.floats(-100, 100, width=32))
limits = st.floats(0.125, 100, width=32)


@given(gradients, limits)
def test_by_value_bounds_each_element(g, c):
    clipped = clip_by_value(g, c)
    assert np.abs(clipped).max() <= c
    assert (clipped[np.abs(g) <= c] == g[np.abs(g) <= c]).all()
    assert (np.sign(clipped) == np.sign(g)).all()


@given(gradients, limits)
def test_by_norm_keeps_the_direction_and_bounds_the_length(g, c):
    clipped, norm = clip_by_norm(g, c), np.linalg.norm(g)
    np.testing.assert_allclose(np.linalg.norm(clipped), min(norm, c), rtol=1e-12)
    np.testing.assert_allclose(clipped * norm, g * np.linalg.norm(clipped), rtol=1e-9, atol=1e-12)


@given(st.lists(gradients, min_size=1, max_size=3), limits)
def test_by_global_norm_is_by_norm_of_all_gradients_strung_together(gs, c):
    clipped = clip_by_global_norm(gs, c)
    everything = np.concatenate([g.ravel() for g in gs])
    np.testing.assert_allclose(np.concatenate([g.ravel() for g in clipped]), clip_by_norm(everything, c), rtol=1e-12)


@given(gradients, limits)
def test_by_norm_of_one_gradient_is_by_global_norm(g, c):
    np.testing.assert_allclose(clip_by_global_norm([g], c)[0], clip_by_norm(g, c), rtol=1e-12)


def test_value_changes_the_direction_where_norm_does_not():
    g = np.array([3.0, 0.5])
    assert clip_by_value(g, 1.0).tolist() == [1.0, 0.5]
    ratio = clip_by_norm(g, 1.0)
    assert ratio[0] / ratio[1] == pytest.approx(6.0)


@pytest.mark.filterwarnings("error")
def test_zero_gradients_stay_zero():
    zero = np.zeros(3)
    assert (clip_by_norm(zero, 1.0) == 0).all()
    assert (clip_by_global_norm([zero, zero], 1.0)[1] == 0).all()


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_one_infinite_gradient_makes_all_of_them_nan(bad):
    clipped = clip_by_global_norm([np.array([1.0]), np.array([bad])], 1.0)
    assert np.isnan(clipped).all()


def test_the_type_stays():
    g = np.ones(2, "float32")
    for clipped in (clip_by_value(g, 0.5), clip_by_norm(g, 0.5), clip_by_global_norm([g, g.astype("float64")], 0.5)[0]):
        assert clipped.dtype == np.float32
