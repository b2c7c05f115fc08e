"""R²: the share of the variance that is explained."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kerasedu.metrics import R2Score

TRUE = np.array([[1.0, 10.0], [2.0, 10.0], [3.0, 40.0], [6.0, 20.0]])
PRED = np.array([[1.0, 20.0], [2.0, 20.0], [4.0, 20.0], [5.0, 20.0]])
# Means 3 and 20; variations 14 and 600; residuals 2 and 600.
EACH = [1 - 2 / 14, 0.0]


def test_each_output_and_their_averages():
    np.testing.assert_allclose(R2Score(None)(TRUE, PRED), EACH, atol=1e-14)
    np.testing.assert_allclose(R2Score()(TRUE, PRED), np.mean(EACH), rtol=1e-14)
    weighted = R2Score("variance_weighted_average")(TRUE, PRED)
    np.testing.assert_allclose(weighted, np.average(EACH, weights=[14, 600]), rtol=1e-13)


def test_perfect_is_one_and_the_mean_is_zero():
    assert R2Score()(TRUE, TRUE) == 1.0
    np.testing.assert_allclose(R2Score()(TRUE, np.broadcast_to(TRUE.mean(0), TRUE.shape)), 0.0, atol=1e-14)
    assert R2Score()(TRUE, -TRUE) < 0


def test_weights_repeat_elements():
    weights = np.array([1, 2, 3, 1])
    repeated = R2Score(None)(np.repeat(TRUE, weights, axis=0), np.repeat(PRED, weights, axis=0))
    np.testing.assert_allclose(R2Score(None)(TRUE, PRED, weights), repeated, rtol=1e-12)
    np.testing.assert_allclose(R2Score(None)(TRUE, PRED, np.stack([weights, weights], 1)), repeated, rtol=1e-12)
    np.testing.assert_allclose(R2Score(None)(TRUE, PRED, 3.0), EACH, atol=1e-14)


def test_adjusted_for_the_number_of_regressors():
    # n counts all values of all outputs, as in Keras.
    plain = R2Score()(TRUE, PRED)
    np.testing.assert_allclose(R2Score(num_regressors=2)(TRUE, PRED), 1 - (1 - plain) * 7 / 5, rtol=1e-14)
    np.testing.assert_allclose(R2Score(num_regressors=6)(TRUE, PRED), 1 - (1 - plain) * 7 / 1, rtol=1e-14)


@pytest.mark.parametrize("regressors", [7, 8])
def test_too_many_regressors_are_not_adjusted_for(regressors):
    metric = R2Score(num_regressors=regressors)
    with pytest.warns(UserWarning, match=f"{regressors} regressors for 8 values"):
        assert metric(TRUE, PRED) == R2Score()(TRUE, PRED)


@pytest.mark.filterwarnings("error")
def test_an_output_that_never_changes():
    flat = np.ones((3, 1))
    assert R2Score()(flat, [[1.0], [1.5], [1.0]]) == 0.0
    assert np.isnan(R2Score()(flat, flat))
    assert np.isnan(R2Score().result())


@given(arrays("float64", (6, 2), elements=st.integers(-8, 8)), st.integers(0, 6))
def test_batches_add_up_and_reset_forgets(values, cut):
    y_true, y_pred = values, np.roll(values, 1, axis=0)
    metric = R2Score(None)
    whole = metric(y_true, y_pred)
    metric.reset_state()
    metric.update_state(y_true[:cut], y_pred[:cut])
    np.testing.assert_allclose(metric(y_true[cut:], y_pred[cut:]), whole, rtol=1e-12)
    assert metric.num_samples.value == 12
    assert [v.name for v in metric.variables] == ["num_samples", "squared_sum", "sum", "residual", "count"]
    np.testing.assert_allclose(metric.sum.value, y_true.sum(axis=0), atol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_types(dtype):
    assert R2Score()(TRUE, PRED.astype(dtype)).dtype == R2Score(dtype=dtype)(TRUE, PRED).dtype == dtype


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"class_aggregation to be None, 'uniform_average'.*got 'mean'"):
        R2Score("mean")
    with pytest.raises(ValueError, match="num_regressors >= 0, got -1"):
        R2Score(num_regressors=-1)
    with pytest.raises(ValueError, match=r"\(batch, outputs\), got \(4,\)"):
        R2Score()(TRUE[:, 0], PRED[:, 0])
    with pytest.raises(ValueError, match=r"labels in the shape of the predictions, \(4, 2\), got \(4, 1\)"):
        R2Score()(TRUE[:, :1], PRED)
    with pytest.raises(ValueError, match=r"sample_weight of shape \(3, 1\)"):
        R2Score()(TRUE, PRED, [1, 2, 3])
    assert R2Score()(TRUE[:, 0], PRED[:, :1]) == EACH[0]


def test_configurations():
    config = R2Score(None, 2, "r", "float64").get_config()
    assert config == {"class_aggregation": None, "num_regressors": 2, "name": "r", "dtype": "float64"}
    assert R2Score.from_config(config).get_config() == config
    assert R2Score().class_aggregation == "uniform_average" and R2Score().name == "r2_score"
