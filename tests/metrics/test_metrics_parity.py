"""Every metric against Keras's, batch by batch: options, weights, shapes, float32 and float64."""

import numpy as np
import pytest

from kerasedu import metrics, parity

pytestmark = pytest.mark.parity

N, CLASSES = 60, 4
rng = np.random.default_rng(0)
NUMBERS = rng.integers(0, CLASSES, N)
ONE_HOT = np.eye(CLASSES)[NUMBERS]
PROBABILITIES = rng.dirichlet(np.ones(CLASSES), N)
LOGITS = rng.normal(size=(N, CLASSES)) * 2
BINARY = rng.integers(0, 2, N)
CHANCES = rng.random(N)
GRID = rng.integers(0, 21, N) / 20  # scores that hit thresholds
MANY = rng.integers(0, 2, (N, CLASSES))
VALUES, GUESSES = rng.normal(size=(N, 3)), rng.normal(size=(N, 3))
SOFT = 0.7 * rng.random((N, CLASSES)) + 0.3 * MANY
STEPS = rng.integers(0, CLASSES, (N, 5)), rng.dirichlet(np.ones(CLASSES), (N, 5))
TIES = rng.integers(0, 3, (N, CLASSES)) / 4
WEIGHTS = rng.integers(0, 4, N) / 2


def check(metric, y_true, y_pred, dtype, sample_weight=None, steps=3):
    y_pred = np.asarray(y_pred)
    y_pred = y_pred.astype(dtype) if y_pred.dtype.kind == "f" else y_pred
    if y_true is not None:
        y_true = np.asarray(y_true)
        y_true = y_true.astype(dtype) if y_true.dtype.kind == "f" else y_true
    weight = None if sample_weight is None else np.asarray(sample_weight, dtype)
    report = parity.check(metric, y_pred, y_true, sample_weight=weight, steps=steps)
    assert report.passed, report


CASES = {
    "Accuracy": [("Accuracy", {}, NUMBERS, rng.integers(0, CLASSES, N))],
    "BinaryAccuracy": [
        ("BinaryAccuracy", {}, BINARY, CHANCES),
        ("BinaryAccuracy", {"threshold": 0.3}, BINARY[:, None], GRID),
        ("BinaryAccuracy", {}, MANY, SOFT),
    ],
    "CategoricalAccuracy": [
        ("CategoricalAccuracy", {}, ONE_HOT, PROBABILITIES),
        ("CategoricalAccuracy", {}, ONE_HOT, TIES),
        ("SparseCategoricalAccuracy", {}, NUMBERS, PROBABILITIES),
        ("SparseCategoricalAccuracy", {}, NUMBERS[:, None], TIES),
        ("SparseCategoricalAccuracy", {}, *STEPS),
        ("SparseCategoricalAccuracy", {}, STEPS[0][..., None], STEPS[1]),
    ],
    "CategoricalCrossentropy": [
        ("CategoricalCrossentropy", {}, ONE_HOT, PROBABILITIES),
        ("CategoricalCrossentropy", {}, ONE_HOT, SOFT),
        ("CategoricalCrossentropy", {"from_logits": True}, ONE_HOT, LOGITS),
        ("CategoricalCrossentropy", {"label_smoothing": 0.2}, ONE_HOT, PROBABILITIES),
        ("CategoricalCrossentropy", {"from_logits": True, "label_smoothing": 0.2}, ONE_HOT, LOGITS),
        ("SparseCategoricalCrossentropy", {}, NUMBERS, PROBABILITIES),
        ("SparseCategoricalCrossentropy", {}, NUMBERS[:, None], SOFT),
        ("SparseCategoricalCrossentropy", {"from_logits": True}, NUMBERS, LOGITS),
        ("SparseCategoricalCrossentropy", {"ignore_class": 2}, NUMBERS, PROBABILITIES),
        ("SparseCategoricalCrossentropy", {"ignore_class": 0, "from_logits": True}, NUMBERS, LOGITS),
        ("SparseCategoricalCrossentropy", {}, *STEPS),
    ],
    "BinaryCrossentropy": [
        ("BinaryCrossentropy", {}, BINARY[:, None], CHANCES[:, None]),
        ("BinaryCrossentropy", {}, MANY, SOFT),
        ("BinaryCrossentropy", {"from_logits": True}, MANY, LOGITS),
        ("BinaryCrossentropy", {"label_smoothing": 0.2}, MANY, SOFT),
    ],
    "regression": [
        ("MeanSquaredError", {}, VALUES, GUESSES),
        ("MeanAbsoluteError", {}, VALUES, GUESSES),
        ("RootMeanSquaredError", {}, VALUES, GUESSES),
        ("MeanSquaredError", {}, VALUES[:, 0], GUESSES[:, :1]),
        ("RootMeanSquaredError", {}, VALUES[:, 0], GUESSES[:, :1]),
    ],
    "R2Score": [
        ("R2Score", {"class_aggregation": aggregation, "num_regressors": regressors}, VALUES, VALUES + GUESSES / 3)
        for aggregation in (None, "uniform_average", "variance_weighted_average")
        for regressors in (0, 2)
    ],
    "counts": [
        (name, {"thresholds": thresholds}, labels, scores)
        for name in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")
        for thresholds in (None, 0.3, [0.2, 0.55, 0.9], [0.0, 0.25, 0.5, 0.75, 1.0])
        for labels, scores in ((BINARY, CHANCES), (BINARY, GRID), (MANY, SOFT))
    ],
    "ratios": [
        (name, options, labels, scores)
        for name in ("Precision", "Recall")
        for options, labels, scores in (
            ({}, BINARY, CHANCES),
            ({}, BINARY[:, None], GRID[:, None]),
            ({"thresholds": [0.9, 0.1, 0.35]}, BINARY, GRID),
            ({"thresholds": 0.3, "class_id": 2}, ONE_HOT, PROBABILITIES),
            ({"top_k": 2}, ONE_HOT, PROBABILITIES),
            ({"top_k": 2}, MANY, TIES),
            ({"top_k": 1, "class_id": 1}, ONE_HOT, PROBABILITIES),
            ({"top_k": 3, "thresholds": [0.2, 0.4]}, ONE_HOT, PROBABILITIES),
        )
    ],
    "F1Score": [
        (name, {"average": average, "threshold": threshold, **extra}, labels, scores)
        for name, extra in (("F1Score", {}), ("FBetaScore", {"beta": 2.5}))
        for average in (None, "micro", "macro", "weighted")
        for threshold, labels, scores in ((None, ONE_HOT, PROBABILITIES), (None, MANY, TIES), (0.4, MANY, SOFT))
    ],
}
CURVES = [(curve, method) for curve in ("ROC", "PR", "PRGAIN") for method in ("interpolation", "majoring", "minoring")]
AREAS = [
    ({}, BINARY, CHANCES),
    ({}, BINARY, np.clip(CHANCES + 0.3 * (BINARY - 0.5), 0, 1)),
    ({"num_thresholds": 7}, BINARY, GRID),
    ({"num_thresholds": 21}, BINARY, GRID),
    ({"thresholds": [0.7, 0.2, 0.45]}, BINARY, GRID),
    ({}, MANY, SOFT),
    ({"multi_label": True}, MANY, SOFT),
    ({"multi_label": True, "num_labels": CLASSES, "label_weights": [1.0, 2.0, 0.0, 0.5]}, MANY, SOFT),
    ({"multi_label": True, "thresholds": [0.3, 0.6]}, MANY, SOFT),
    ({"label_weights": [1.0, 2.0, 0.0, 0.5]}, MANY, SOFT),
    ({"from_logits": True}, MANY, LOGITS),
]
FLAT = [case for cases in CASES.values() for case in cases]
TOP_K = [
    ("TopKCategoricalAccuracy", {"k": k}, ONE_HOT, scores) for k in (1, 2, 4) for scores in (PROBABILITIES, TIES)
] + [
    ("SparseTopKCategoricalAccuracy", {"k": k}, labels, scores)
    for k in (1, 2, 3)
    for labels, scores in ((NUMBERS, PROBABILITIES), (NUMBERS, TIES), STEPS)
]


def ids(case):
    return f"{case[0]} {case[1]} {np.shape(case[3])}"


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", FLAT, ids=ids)
def test_metrics_are_keras_s(case, dtype, weights):
    name, options, y_true, y_pred = case
    check(getattr(metrics, name)(**options), y_true, y_pred, dtype, weights)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
@pytest.mark.parametrize("case", TOP_K, ids=ids)
def test_top_k_is_tensorflow_s(case, weights):
    # TensorFlow's in_top_k takes float32 only.
    name, options, y_true, y_pred = case
    check(getattr(metrics, name)(**options), y_true, y_pred, "float32", weights)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("curve", "method"), CURVES)
def test_areas_are_keras_s(curve, method, dtype):
    for options, y_true, y_pred in AREAS:
        for weight in (None, WEIGHTS) if curve == "ROC" else (WEIGHTS,):
            metric = metrics.AUC(curve=curve, summation_method=method, **options)
            check(metric, y_true, y_pred, dtype, weight, steps=2)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["Mean", "Sum"])
def test_means_and_sums_are_keras_s(name, dtype):
    table = rng.normal(size=(N, 3, 2))
    columns = rng.random((N, 3))
    for values, weight in (
        (VALUES[:, 0], None),
        (VALUES[:, 0], WEIGHTS),
        (VALUES[:, 0], WEIGHTS[:, None]),
        (VALUES, WEIGHTS),
        (VALUES, columns),
        (table, None),
        (table, WEIGHTS),
        (table, columns),
        (table, columns[..., None]),
    ):
        check(getattr(metrics, name)(), None, values, dtype, weight)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_for_each_step_of_a_sequence(dtype):
    mask = rng.random(STEPS[0].shape) < 0.6
    for name in ("SparseCategoricalAccuracy", "SparseCategoricalCrossentropy"):
        check(getattr(metrics, name)(), *STEPS, dtype, mask)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_weight_for_each_score(dtype):
    weight = rng.random((N, CLASSES))
    for name in ("TruePositives", "FalseNegatives", "Precision", "Recall", "AUC", "BinaryAccuracy"):
        check(getattr(metrics, name)(), MANY, SOFT, dtype, weight)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_for_each_output_in_r2(dtype):
    check(metrics.R2Score(None), VALUES, GUESSES, dtype, rng.random((N, 3)))


FUNCTIONS = [
    ("binary_accuracy", BINARY, CHANCES, {"threshold": 0.3}),
    ("categorical_accuracy", ONE_HOT, TIES, {}),
    ("sparse_categorical_accuracy", NUMBERS, PROBABILITIES, {}),
    ("sparse_categorical_accuracy", *STEPS, {}),
    ("top_k_categorical_accuracy", ONE_HOT, TIES, {"k": 2}),
    ("sparse_top_k_categorical_accuracy", NUMBERS, TIES, {"k": 2}),
    ("sparse_top_k_categorical_accuracy", NUMBERS, np.argsort(-PROBABILITIES), {"k": 2, "from_sorted_ids": True}),
    ("mean_squared_error", VALUES, GUESSES, {}),
    ("mean_absolute_error", VALUES, GUESSES, {}),
    ("binary_crossentropy", MANY, SOFT, {}),
    ("categorical_crossentropy", ONE_HOT, PROBABILITIES, {}),
    ("sparse_categorical_crossentropy", NUMBERS, PROBABILITIES, {}),
]


@pytest.mark.parametrize(("name", "y_true", "y_pred", "options"), FUNCTIONS)
def test_functions_are_keras_s(name, y_true, y_pred, options):
    keras, _ = parity.oracle.load()
    y_pred = y_pred.astype("float32") if y_pred.dtype.kind == "f" else y_pred
    got = getattr(metrics, name)(y_true, y_pred, **options)
    expected = np.asarray(getattr(keras.metrics, name)(y_true, y_pred, **options))
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


EVERY = [
    *("Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "TopKCategoricalAccuracy"),
    *("SparseTopKCategoricalAccuracy", "Mean", "Sum", "Precision", "Recall", "AUC", "TruePositives", "TrueNegatives"),
    *("FalsePositives", "FalseNegatives", "MeanSquaredError", "RootMeanSquaredError", "MeanAbsoluteError"),
    *("BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"),
]


@pytest.mark.parametrize("name", EVERY)
def test_nothing_seen_is_what_keras_says(name):
    keras, _ = parity.oracle.load()
    assert getattr(metrics, name)().result() == float(getattr(keras.metrics, name)().result())


@pytest.mark.parametrize("name", [*EVERY, "F1Score", "FBetaScore", "R2Score"])
def test_configurations_go_to_keras_and_back(name):
    keras, _ = parity.oracle.load()
    mine = getattr(metrics, name)(name="m", dtype="float32")
    other = getattr(keras.metrics, name).from_config(mine.get_config())
    assert other.get_config().items() <= mine.get_config().items()
    assert type(mine).from_config(other.get_config()).get_config() == mine.get_config()
