"""Errors of predicted numbers."""

import numpy as np
import pytest

from kerasedu import metrics

TRUE = np.array([[1.0, 2.0], [3.0, 4.0]])
PRED = np.array([[1.0, 4.0], [6.0, 8.0]])  # errors 0, 2, 3, 4


def test_mean_errors():
    assert metrics.MeanSquaredError()(TRUE, PRED) == (0 + 4 + 9 + 16) / 4
    assert metrics.MeanAbsoluteError()(TRUE, PRED) == (0 + 2 + 3 + 4) / 4
    assert metrics.RootMeanSquaredError()(TRUE, PRED) == np.sqrt(29 / 4)


def test_weights():
    assert metrics.MeanSquaredError()(TRUE, PRED, sample_weight=[3, 1]) == (3 * 2 + 12.5) / 4
    assert metrics.MeanAbsoluteError()(TRUE, PRED, sample_weight=[3, 1]) == (3 * 1 + 3.5) / 4
    assert metrics.RootMeanSquaredError()(TRUE, PRED, sample_weight=[3, 1]) == np.sqrt((3 * 2 + 12.5) / 4)


def test_the_root_is_of_the_mean_of_all_batches():
    metric = metrics.RootMeanSquaredError()
    metric.update_state(TRUE[:1], PRED[:1])
    metric.update_state(TRUE[1:], PRED[1:])
    assert metric.result() == np.sqrt(29 / 4)
    metric.reset_state()
    assert metric.result() == 0.0


def test_a_column_beside_a_row_is_paired():
    assert metrics.RootMeanSquaredError()([1.0, 2.0, 3.0], [[1.0], [2.0], [3.0]]) == 0.0
    assert metrics.MeanSquaredError()([1.0, 2.0, 3.0], [[1.0], [2.0], [3.0]]) == 0.0


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"labels in the shape of the predictions, \(2, 2\), got \(2,\)"):
        metrics.RootMeanSquaredError()(TRUE[:, 0], PRED)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["MeanSquaredError", "MeanAbsoluteError", "RootMeanSquaredError"])
def test_types_and_configurations(name, dtype):
    cls = getattr(metrics, name)
    assert cls()(TRUE, PRED.astype(dtype)).dtype == cls(dtype=dtype)(TRUE, PRED).dtype == dtype
    config = cls(dtype=dtype).get_config()
    assert config["dtype"] == dtype and cls.from_config(config).get_config() == config
    assert cls().name == config["name"] == "".join(f"_{c.lower()}" if c.isupper() else c for c in name)[1:]
