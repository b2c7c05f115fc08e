"""Accuracy for every form of labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kerasedu import metrics
from kerasedu.metrics import accuracy

SCORES = np.array([[0.1, 0.7, 0.2], [0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.4, 0.4, 0.2]])
LABELS = np.array([1, 1, 2, 1])
ONE_HOT = np.eye(3)[LABELS]


def test_accuracy_compares_class_numbers():
    metric = metrics.Accuracy()
    assert metric([1, 2, 3, 4], [0, 2, 3, 4]) == 0.75
    assert metric([[1], [2]], [1, 2], sample_weight=[1, 3]) == (3 + 4) / 8
    assert accuracy.accuracy([1.0, 2.0], [1, 3]).tolist() == [1.0, 0.0]


def test_binary_accuracy_compares_with_the_threshold():
    assert metrics.binary_accuracy([1, 1, 0, 0], [0.98, 0.5, 0.5, 0.6]).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert metrics.binary_accuracy([[1], [0]], [0.3, 0.3], threshold=0.25).tolist() == [[1.0], [0.0]]
    assert metrics.BinaryAccuracy(threshold=0.25)([1, 0], [0.3, 0.3]) == 0.5
    assert metrics.BinaryAccuracy()([[1, 0], [1, 1]], [[0.9, 0.1], [0.2, 0.7]]) == 0.75


def test_categorical_accuracy_compares_the_largest():
    assert metrics.categorical_accuracy(ONE_HOT, SCORES).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert metrics.CategoricalAccuracy()(ONE_HOT, SCORES) == 0.5
    assert metrics.CategoricalAccuracy()(ONE_HOT, SCORES, sample_weight=[3, 1, 0, 0]) == 0.75
    # Of equal predictions the first is taken.
    assert metrics.categorical_accuracy([[1, 0]], [[0.5, 0.5]]).tolist() == [1.0]
    assert metrics.categorical_accuracy([[0, 1]], [[0.5, 0.5]]).tolist() == [0.0]


@pytest.mark.parametrize("labels", [LABELS, LABELS[:, None], LABELS.astype(float), LABELS.tolist()])
def test_sparse_categorical_accuracy_takes_class_numbers_of_any_form(labels):
    assert metrics.sparse_categorical_accuracy(labels, SCORES).tolist() == [1.0, 0.0, 1.0, 0.0]
    assert metrics.SparseCategoricalAccuracy()(labels, SCORES) == 0.5


def test_sequences_have_a_label_at_each_step():
    scores, labels = SCORES.reshape(2, 2, 3), LABELS.reshape(2, 2)
    assert metrics.sparse_categorical_accuracy(labels, scores).tolist() == [[1.0, 0.0], [1.0, 0.0]]
    assert metrics.sparse_categorical_accuracy(labels[..., None], scores).shape == (2, 2)
    assert metrics.categorical_accuracy(ONE_HOT.reshape(2, 2, 3), scores).tolist() == [[1.0, 0.0], [1.0, 0.0]]
    assert metrics.sparse_top_k_categorical_accuracy(labels, scores, k=2).tolist() == [[1.0, 1.0], [1.0, 1.0]]
    mask = [[1, 0], [1, 0]]
    assert metrics.SparseCategoricalAccuracy()(labels, scores, sample_weight=mask) == 1.0


def test_top_k_accuracy_counts_the_classes_above_the_true_one():
    def right(k):
        return metrics.sparse_top_k_categorical_accuracy(LABELS, SCORES, k=k).tolist()

    assert right(1) == [1.0, 0.0, 1.0, 1.0]  # the tie at the last place lets both in
    assert right(2) == [1.0, 1.0, 1.0, 1.0]
    assert right(0) == [0.0] * 4
    assert metrics.top_k_categorical_accuracy(ONE_HOT, SCORES, k=1).tolist() == right(1)
    assert metrics.SparseTopKCategoricalAccuracy(k=1)(LABELS, SCORES) == 0.75
    assert metrics.TopKCategoricalAccuracy(k=1)(ONE_HOT, SCORES) == 0.75


def test_top_k_looks_at_five_classes_unless_told():
    scores = np.arange(10.0)[None]
    labels = np.arange(10)
    right = metrics.sparse_top_k_categorical_accuracy(labels, np.repeat(scores, 10, axis=0))
    assert right.tolist() == [0.0] * 5 + [1.0] * 5
    assert metrics.top_k_categorical_accuracy(np.eye(10), np.repeat(scores, 10, axis=0)).sum() == 5
    assert (metrics.TopKCategoricalAccuracy().k, metrics.SparseTopKCategoricalAccuracy().k) == (5, 5)


def test_top_k_of_sorted_class_numbers():
    best_first = [[2, 1, 0], [0, 1, 2]]
    for k, expected in ((1, [0.0, 0.0]), (2, [1.0, 0.0]), (3, [1.0, 1.0])):
        right = metrics.sparse_top_k_categorical_accuracy([1, 2], best_first, k=k, from_sorted_ids=True)
        assert right.tolist() == expected
    assert metrics.SparseTopKCategoricalAccuracy(k=2, from_sorted_ids=True)([1, 2], best_first) == 0.5
    large = 2**24
    assert metrics.sparse_top_k_categorical_accuracy([large + 1], [[large]], k=1, from_sorted_ids=True) == [0.0]


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_not_finite_is_wrong(odd):
    assert metrics.sparse_top_k_categorical_accuracy([0], [[1.0, odd]], k=2).tolist() == [0.0]


def test_a_label_that_is_no_class_is_wrong():
    assert metrics.sparse_top_k_categorical_accuracy([-1, 2], [[1.0, 0.0], [1.0, 0.0]], k=2).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("function", "y_true", "y_pred", "message"),
    [
        (accuracy.accuracy, [1, 2], [1, 2, 3], r"labels of shape \(2,\) with predictions of shape \(3,\)"),
        (metrics.binary_accuracy, [1, 2], [[1, 2], [3, 4]], r"labels of shape \(2,\).*\(2, 2\)"),
        (metrics.categorical_accuracy, LABELS, SCORES, r"one-hot labels.*sparse_categorical_accuracy"),
        (metrics.categorical_accuracy, ONE_HOT[:2], SCORES, r"labels of shape \(2,\) with predictions of shape \(4,\)"),
        (metrics.sparse_categorical_accuracy, LABELS[:2], SCORES, r"shape \(2,\) with predictions of shape \(4,\)"),
        (metrics.sparse_categorical_accuracy, ONE_HOT, SCORES, r"shape \(4, 3\) with predictions of shape \(4,\)"),
        (metrics.sparse_top_k_categorical_accuracy, LABELS[:2], SCORES, r"labels of shape \(4,\).*got \(2,\)"),
    ],
)
def test_labels_that_do_not_fit_are_refused(function, y_true, y_pred, message):
    with pytest.raises(ValueError, match=message):
        function(y_true, y_pred)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_type_is_that_of_the_predictions(dtype):
    scores = SCORES.astype(dtype)
    assert metrics.categorical_accuracy(ONE_HOT, scores).dtype == dtype
    assert metrics.sparse_categorical_accuracy(LABELS, scores).dtype == dtype
    assert metrics.sparse_top_k_categorical_accuracy(LABELS, scores, k=1).dtype == dtype
    assert metrics.binary_accuracy(ONE_HOT, scores).dtype == dtype
    assert metrics.SparseCategoricalAccuracy()(LABELS, scores).dtype == dtype
    assert accuracy.accuracy([1], [1]).dtype == np.float32


def test_empty_batches_are_nothing():
    assert metrics.sparse_categorical_accuracy(np.zeros(0, int), np.zeros((0, 3))).shape == (0,)
    assert metrics.SparseTopKCategoricalAccuracy()(np.zeros(0, int), np.zeros((0, 3))) == 0.0
    assert metrics.BinaryAccuracy()(np.zeros((0, 1)), np.zeros((0, 1))) == 0.0


@given(arrays("float64", (5, 4), elements=st.floats(-1, 1)), arrays("int64", 5, elements=st.integers(0, 3)))
def test_one_hot_labels_and_class_numbers_agree(scores, labels):
    one_hot = np.eye(4)[labels]
    assert (metrics.categorical_accuracy(one_hot, scores) == metrics.sparse_categorical_accuracy(labels, scores)).all()
    for k in (1, 2, 4):
        dense = metrics.top_k_categorical_accuracy(one_hot, scores, k)
        assert (dense == metrics.sparse_top_k_categorical_accuracy(labels, scores, k)).all()
        assert (dense >= metrics.categorical_accuracy(one_hot, scores)).all()
    assert dense.all()


def test_names_are_keras_s():
    names = {cls().name for cls in (metrics.Accuracy, metrics.BinaryAccuracy, metrics.CategoricalAccuracy)}
    assert names == {"accuracy", "binary_accuracy", "categorical_accuracy"}
    assert metrics.SparseCategoricalAccuracy().name == "sparse_categorical_accuracy"
    assert metrics.TopKCategoricalAccuracy().name == "top_k_categorical_accuracy"
    assert metrics.SparseTopKCategoricalAccuracy().name == "sparse_top_k_categorical_accuracy"
    assert metrics.BinaryAccuracy("mine", "float64", 0.25).get_config() == {
        "name": "mine",
        "dtype": "float64",
        "threshold": 0.25,
    }
    assert metrics.SparseTopKCategoricalAccuracy(3, from_sorted_ids=True).get_config() == {
        "k": 3,
        "name": "sparse_top_k_categorical_accuracy",
        "dtype": None,
        "from_sorted_ids": True,
    }
