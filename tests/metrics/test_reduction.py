"""Sums and means over batches, with and without weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kerasedu import metrics
from kerasedu.metrics import Mean, MeanMetricWrapper, Metric, Sum
from kerasedu.metrics.metric import divide_no_nan


def test_mean_and_sum_of_values():
    assert Mean()([1, 3, 5, 7]) == 4.0
    assert Sum()([1, 3, 5, 7]) == 16.0
    assert Mean()(3.0) == 3.0
    assert Sum()(3.0, sample_weight=2.0) == 6.0
    assert Mean()(3.0, sample_weight=2.0) == 3.0


def test_weights_count_in_numerator_and_denominator_of_a_mean():
    assert Mean()([1, 3, 5, 7], sample_weight=[1, 1, 0, 0]) == 2.0
    assert Mean()([1, 3, 5, 7], sample_weight=[3, 1, 0, 0]) == 1.5
    assert Sum()([1, 3, 5, 7], sample_weight=[3, 1, 0, 0]) == 6.0


def test_batches_of_different_size_count_by_their_size():
    mean = Mean()
    mean.update_state([1.0, 2.0, 3.0])
    mean.update_state([10.0])
    assert mean.result() == 4.0
    assert (mean.total.value, mean.count.value) == (16.0, 4.0)


def test_a_call_returns_the_metric_of_all_batches():
    mean = Mean()
    assert mean([1.0]) == 1.0
    assert mean([3.0]) == 2.0


def test_nothing_seen_is_zero():
    assert Mean().result() == Sum().result() == 0.0
    assert Mean()(np.zeros((0,))) == 0.0
    assert Mean()([1.0, 2.0], sample_weight=[0.0, 0.0]) == 0.0


def test_reset_forgets():
    mean = Mean()
    mean([1.0, 2.0])
    mean.reset_state()
    assert mean.result() == 0.0
    assert mean([5.0]) == 5.0


def test_an_element_counts_once_however_many_values_it_has():
    values = [[1.0, 3.0], [5.0, 7.0]]
    mean = Mean()
    assert mean(values) == 4.0 and mean.count.value == 2
    assert Mean()(values, sample_weight=[3, 1]) == (3 * 2 + 6) / 4
    assert Sum()(values) == 16.0
    assert Sum()(values, sample_weight=[3, 1]) == 3 * 4 + 12


def test_a_weight_for_each_value():
    values = [[1.0, 3.0], [5.0, 7.0]]
    mean = Mean()
    assert mean(values, sample_weight=[[1, 0], [1, 2]]) == (0.5 + 9.5) / (0.5 + 1.5)
    assert mean.count.value == 2.0
    assert Sum()(values, sample_weight=[[1, 0], [1, 2]]) == 1 + 5 + 14
    assert Mean()(values, sample_weight=[[2], [1]]) == (2 * 2 + 6) / 3


def test_a_column_beside_a_row_is_paired_and_not_broadcast():
    assert Sum()([1.0, 2.0, 3.0], sample_weight=[[1.0], [10.0], [100.0]]) == 321.0
    assert Sum()([[1.0], [2.0], [3.0]], sample_weight=[1.0, 10.0, 100.0]) == 321.0


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"sample_weight of shape \(3,\) does not fit values of shape \(2,\)"):
        Mean()([1.0, 2.0], sample_weight=[1.0, 2.0, 3.0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_result_has_the_type_of_the_values_or_the_one_asked_for(dtype):
    assert Mean()(np.ones(3, dtype)).dtype == dtype
    assert Sum(dtype=dtype)([1, 2]).dtype == dtype
    assert Mean(dtype=dtype).result().dtype == dtype
    assert Mean()([1, 2]).dtype == Mean().result().dtype == np.float32


def test_many_small_values_are_not_lost():
    total = Sum(dtype="float32")
    total([2.0**24])
    total([1.0] * 2)
    for _ in range(2):
        total([1.0])
    assert total.result() == np.float32(2**24 + 4)
    large = np.float32([2**24, 1, 1])
    assert Sum().variables[0].name == Mean().variables[0].name == "total" and Mean().variables[1].name == "count"
    total, mean = Sum(), Mean()
    total(large)
    mean(np.ones(3, "float32"), sample_weight=large)
    assert total.total.value == mean.total.value == mean.count.value == 2**24 + 2
    count = Mean()
    count.count.value[...] = 2.0**24
    count.update_state(np.float32([0.0]))
    assert count.count.value == 2**24 + 1


@given(arrays("float64", st.tuples(st.integers(1, 8), st.integers(1, 3)), elements=st.floats(-10, 10)), st.data())
def test_any_split_into_batches_gives_the_same(values, data):
    weights = data.draw(arrays("float64", len(values), elements=st.floats(0.125, 4)))
    cut = data.draw(st.integers(0, len(values)))
    for cls in (Mean, Sum):
        whole, parts = cls(), cls()
        for part in (slice(0, cut), slice(cut, None)):
            parts.update_state(values[part], sample_weight=weights[part])
        np.testing.assert_allclose(parts.result(), whole(values, sample_weight=weights), rtol=1e-12, atol=1e-12)


def test_inputs_stay_as_they_were():
    values, weights = np.array([1.0, 2.0])[::-1], np.array([1.0, 3.0])
    values.flags.writeable = weights.flags.writeable = False
    assert Mean()(values, sample_weight=weights) == (2 + 3) / 4


def test_a_function_of_labels_and_predictions_is_a_metric():
    def distance(y_true, y_pred, power=1):
        return np.abs(np.subtract(y_true, y_pred)) ** power

    metric = MeanMetricWrapper(distance, power=2)
    assert metric.name == "distance"
    assert metric([1.0, 2.0], [2.0, 5.0]) == 5.0
    assert metric([0.0], [2.0], sample_weight=[2.0]) == (1 + 9 + 8) / 4
    assert metric.get_config() == {"fn": "distance", "power": 2, "name": "distance", "dtype": None}
    assert MeanMetricWrapper(distance, name="d").name == "d"
    with pytest.raises(ValueError, match="function of y_true and y_pred, got 'distance'"):
        MeanMetricWrapper("distance")


def test_a_new_metric_says_what_it_gathers_and_what_it_makes_of_it():
    class Largest(Metric):
        def __init__(self, name="largest", dtype=None):
            super().__init__(name=name, dtype=dtype)
            self.largest = self.add_variable(name="largest")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.largest.assign(np.maximum(self.largest, np.max(y_pred)))

        def result(self):
            return self.as_result(self.largest)

    metric = Largest()
    metric(None, [1.0, 5.0])
    assert metric(None, [2.0, 3.0]) == 5.0
    assert [v.name for v in metric.variables] == ["largest"] and not metric.largest.trainable
    metric.reset_state()
    assert metric(None, [2.0]) == 2.0


def test_what_a_metric_leaves_out_is_named():
    metric = Metric()
    with pytest.raises(NotImplementedError, match="Metric does not define update_state"):
        metric.update_state([1.0])
    with pytest.raises(NotImplementedError, match="Metric does not define result"):
        metric.result()


def test_unnamed_metrics_are_numbered():
    first, second = metrics.Precision(), metrics.Precision()
    number = int(first.name.removeprefix("precision").removeprefix("_") or 0)
    assert second.name == f"precision_{number + 1}"
    assert (Mean().name, Sum().name) == ("mean", "sum")


def test_zero_by_zero_is_zero():
    assert divide_no_nan([1.0, 0.0, 3.0], [2.0, 0.0, 0.0]).tolist() == [0.5, 0.0, 0.0]
    assert divide_no_nan(1.0, 4.0) == 0.25
    assert divide_no_nan([1.0, 2.0], 2.0).tolist() == [0.5, 1.0]
