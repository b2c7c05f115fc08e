"""Which metric a name means."""

import numpy as np
import pytest

from kerasedu import metrics
from kerasedu.configurable import snake_case

NAMES = [
    *("Mean", "Sum", "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"),
    *("TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy", "Precision", "Recall", "F1Score", "FBetaScore"),
    *("AUC", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives", "MeanSquaredError"),
    *("RootMeanSquaredError", "MeanAbsoluteError", "R2Score", "BinaryCrossentropy", "CategoricalCrossentropy"),
    "SparseCategoricalCrossentropy",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_is_found_by_its_name_in_either_spelling(name):
    cls = getattr(metrics, name)
    metric = metrics.get(name)
    assert type(metric) is type(metrics.get(cls)) is cls
    assert metrics.get(metric) is metric
    config = metric.get_config()
    again = metrics.get({"class_name": name, "config": config})
    assert type(again) is cls and again.get_config() == config
    assert type(metrics.get(snake_case(name))) is type(metrics.get(name.lower())) is cls


@pytest.mark.parametrize("name", NAMES)
def test_name_and_type_are_what_one_asks_for(name):
    metric = getattr(metrics, name)(name="mine", dtype="float64")
    assert (metric.name, metric.dtype) == ("mine", "float64")
    assert metric.result().dtype == np.float64


def test_more_is_better_or_less():
    rising = {name for name in NAMES if getattr(metrics, name)()._direction == "up"}
    falling = {name for name in NAMES if getattr(metrics, name)()._direction == "down"}
    assert rising == {name for name in NAMES if "Accuracy" in name or "Score" in name} | {"Precision", "Recall", "AUC"}
    assert falling == {name for name in NAMES if "Error" in name or "entropy" in name}


def test_short_names():
    assert type(metrics.get("f1_score")) is metrics.F1Score
    assert type(metrics.get("r2_score")) is metrics.R2Score
    assert type(metrics.get("mse")) is type(metrics.get("MSE")) is metrics.MeanSquaredError
    assert type(metrics.get("mae")) is type(metrics.get("MAE")) is metrics.MeanAbsoluteError
    assert type(metrics.get("bce")) is type(metrics.get("BCE")) is metrics.BinaryCrossentropy
    assert type(metrics.get("acc")) is metrics.Accuracy
    assert metrics.get(np.max) is np.max
    assert metrics.get(None) is None


def test_unknown_names_are_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"unknown metric 'acuracy'\. Did you mean 'accuracy'"):
        metrics.get("acuracy")


@pytest.mark.parametrize(
    ("y_true", "y_pred", "expected"),
    [
        ((8, 1), (8, 1), metrics.BinaryAccuracy),
        ((8,), (8, 1), metrics.BinaryAccuracy),
        ((8,), (8, 3), metrics.SparseCategoricalAccuracy),
        ((8, 1), (8, 3), metrics.SparseCategoricalAccuracy),
        ((8, 5), (8, 5, 3), metrics.SparseCategoricalAccuracy),
        ((8, 5, 1), (8, 5, 3), metrics.SparseCategoricalAccuracy),
        ((8, 3), (8, 3), metrics.CategoricalAccuracy),
        ((8, 5, 3), (8, 5, 3), metrics.CategoricalAccuracy),
        ((8, 1, 3), (8, 1, 3), metrics.CategoricalAccuracy),
        ((8, 3, 1), (8, 3, 1), metrics.BinaryAccuracy),
    ],
)
@pytest.mark.parametrize("name", ["accuracy", "acc", "Accuracy"])
def test_accuracy_means_what_fits_the_shapes(name, y_true, y_pred, expected):
    assert metrics.accuracy_for(y_true, y_pred) is expected
    metric = metrics.for_output(name, y_true, y_pred)
    assert type(metric) is expected and metric.name == name


def test_metrics_keep_the_name_they_were_called_by():
    shapes = (8, 1), (8, 1)
    assert metrics.for_output("mse", *shapes).name == "mse"
    assert metrics.for_output("BinaryAccuracy", *shapes).name == "BinaryAccuracy"
    mine = metrics.Recall(name="mine")
    assert metrics.for_output(mine, *shapes) is mine and mine.name == "mine"
    assert type(metrics.for_output(metrics.Recall, *shapes)) is metrics.Recall


def test_a_function_becomes_the_mean_of_what_it_returns():
    def bias(y_true, y_pred):
        return np.subtract(y_pred, y_true)

    metric = metrics.for_output(bias, (2, 1), (2, 1))
    assert metric.name == "bias"
    assert metric([[1.0], [2.0]], [[2.0], [5.0]]) == 2.0


def test_no_metric_is_refused():
    with pytest.raises(ValueError, match="expected a metric, its name or a function of y_true and y_pred, got None"):
        metrics.for_output(None, (8, 1), (8, 1))
